import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import MapService

/// What bodies of changes are made of: JSON, dates, times.
@Suite struct SentBodyTests {
    private func isJSON(_ text: String) -> Bool {
        do {
            try JSONGrammar.check(Array(text.utf8).span)
            return true
        } catch {
            return false
        }
    }

    @Test(arguments: [
        "{}", "[]", "null", "true", " false ", "0", "-0", "12", "-1.5e+3", "1E5", "0.5", #""""#, #""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, #"{"a":[1,{"b":null}],"c":""}"#,
        "\t[\n1 , 2\r]\n", String(repeating: "[", count: JSONGrammar.nestingLimit) + String(repeating: "]", count: JSONGrammar.nestingLimit),
    ]) func whatIsJSONPasses(text: String) { #expect(isJSON(text)) }

    @Test(arguments: [
        "", " ", "{", "]", "[1,]", "[,1]", "{a:1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1 "b":2}"#, "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "nul", "truee",
        "'a'", #""a"#, #""\x""#, #""\u12""#, "[1}", "{]", "1 2", "{}{}", "[[]", String(repeating: "[", count: JSONGrammar.nestingLimit + 1) + String(repeating: "]", count: JSONGrammar.nestingLimit + 1),
    ]) func whatIsNotDoesNot(text: String) { #expect(!isJSON(text)) }

    /// Texts spoilt at random are judged as Foundation judges them.
    @Test func foundationJudgesAlike() {
        var random = SeededGenerator(seed: 8_259)
        let scraps = Array("{}[]\",:0123456789.eE+-ntf".utf8)
        var taken = 0
        for _ in 0..<4_000 {
            var bytes = Array(#"{"a":[1,-2.5e3,null],"b":{"c":"x"},"d":true}"#.utf8)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) { bytes.remove(at: place) } else { bytes[place] = scraps.randomElement(using: &random) ?? 0x20 }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let theirs = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            #expect(isJSON(text) == theirs, "\(text)")
            taken += theirs ? 1 : 0
        }
        #expect(taken > 1_000 && taken < 3_900, "both kinds were among them: \(taken)")
    }

    @Test func datesAndTimesAreThoseOfTheCalendar() {
        for date in ["2026-05-09", "2024-02-29", "0001-01-01", "9999-12-31"] { #expect(ISOTime.isDate(date), "\(date)") }
        for wrong in ["", "2026-5-9", "2026-02-30", "2023-02-29", "2026-13-01", "2026/05/09", "2026-05-09T00:00:00Z", "２０２６-05-09", "2026-05-0a"] {
            #expect(!ISOTime.isDate(wrong), "\(wrong)")
        }
        for time in ["2026-05-09T08:00:00Z", "2026-05-09T23:59:60Z", "2026-05-09T08:00:00.125Z"] { #expect(ISOTime.isInstant(time), "\(time)") }
        for wrong in ["", "2026-05-09", "2026-05-09T08:00Z", "2026-05-09T24:00:00Z", "2026-05-09T08:00:00", "2026-05-09T08:00:00+08:00", "2026-02-30T08:00:00Z",
            "2026-05-09T08:00:00.Z", "2026-05-09 08:00:00Z", "2026-05-09T08:00:00.xZ"] {
            #expect(!ISOTime.isInstant(wrong), "\(wrong)")
        }
    }
}
