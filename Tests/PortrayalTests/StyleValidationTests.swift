import Foundation
import TestSupport
import Testing

@testable import Portrayal

/// The style specification's own documents, good and bad: each is judged as the specification does, and a bad one is
/// refused at the places that it names.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct StyleValidationTests {
    static let folder = "maplibre-style-validation/tests"
    static let cases = Corpora.names(in: folder, suffix: ".input.json").map { String($0.dropLast(11)) }

    @Test func everyCaseIsThere() { #expect(Self.cases.count >= 18) }

    @Test(arguments: cases) func documentIsJudgedAsTheSpecificationDoes(_ name: String) throws {
        let wanted = try #require(try Corpora.json(Corpora.url("\(Self.folder)/\(name).output.json")).array)
            .map { $0.object?["message"]?.text ?? "" }
        let issues = try Self.issues(of: name)
        for message in wanted {
            #expect(issues.contains { Self.agrees($0, message) }, "not told: \(message); told: \(issues.map(\.description))")
        }
        for issue in issues {
            #expect(wanted.contains { Self.agrees(issue, $0) }, "told beyond the specification: \(issue)")
        }
        #expect(issues.allSatisfy { Self.isChinese($0.chinese) }, "\(issues.map(\.chinese))")
    }

    static func issues(of name: String) throws -> [StyleIssue] {
        do {
            _ = try Style(json: try Corpora.bytes("\(folder)/\(name).input.json"))
            return []
        } catch let error as PortrayalError {
            return error.issues.isEmpty ? [StyleIssue(path: "", message: error.message)] : error.issues
        }
    }

    /// Whether the issue is at the place of the specification's message. Its places lack `light` and `terrain` before
    /// their members, and inside an expression they end at one argument where ours go on to the part at fault.
    static func agrees(_ issue: StyleIssue, _ message: String) -> Bool {
        guard let colon = message.firstRange(of: ": ") else { return message == issue.message }
        let place = String(message[..<colon.lowerBound])
        if issue.path == place || issue.path == "light.\(place)" || issue.path == "terrain.\(place)" { return true }
        if issue.message.hasPrefix("source \""), issue.path == "\(place).source" { return true }
        if place.hasSuffix("-transition"), issue.path.hasPrefix(place + ".") { return true }
        return property(of: issue.path) == property(of: place) && issue.message.hasPrefix(message[colon.upperBound...])
    }

    /// `layers[1].layout.text-field` of `layers[1].layout.text-field[2][0]`.
    private static func property(of path: String) -> Substring? {
        path.firstMatch(of: /layers\[\d+\]\.(layout|paint)\.[a-z-]+/)?.output.0
    }

    private static func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
}
