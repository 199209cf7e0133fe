import Foundation
import TestSupport
import Testing

@testable import Portrayal

/// The style specification's own broken documents: each is refused, with the places that the specification names.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct StyleValidationTests {
    static let root = Corpora.url("maplibre-style-validation/tests")

    /// Cases that do not agree, with the reason.
    static let known = [
        "unknown-keys-nested": "an unknown member of a layer is refused here, so that a slip of the pen is not silently nothing"
    ]
    /// Places named as the specification names them; it names members of `light` and `terrain` without their parent.
    static let floor = 21

    static let cases = Corpora.names(in: "maplibre-style-validation/tests", suffix: ".input.json").map { String($0.dropLast(11)) }

    @Test func documentsAreJudgedAsTheSpecificationDoes() throws {
        var failing: [String] = []
        var places = (found: 0, wanted: 0)
        for name in Self.cases {
            let expected = try Corpora.json(Self.root.appending(path: "\(name).output.json")).array ?? []
            let wanted = Set(expected.compactMap { Self.place($0.object?["message"]?.text ?? "") })
            let issues = try Self.issues(of: name)
            let found = Set(issues.map(\.path))
            places.wanted += wanted.count
            places.found += wanted.intersection(found).count
            if expected.isEmpty != issues.isEmpty {
                failing.append("\(name): \(issues.isEmpty ? "accepted" : "refused: \(issues.map(\.description))")")
            }
        }
        print("style documents: \(Self.cases.count - failing.count)/\(Self.cases.count) judged alike, "
            + "\(places.found)/\(places.wanted) places named alike")
        for line in failing { print("  differs:", line) }
        #expect(Self.cases.count >= 18)
        let unexplained = failing.filter { line in !Self.known.keys.contains { line.hasPrefix($0 + ":") } }
        #expect(unexplained.isEmpty)
        #expect(places.found >= Self.floor)
    }

    private static func issues(of name: String) throws -> [StyleIssue] {
        do {
            _ = try Style(json: [UInt8](Data(contentsOf: root.appending(path: "\(name).input.json"))))
            return []
        } catch let error as PortrayalError {
            return error.issues.isEmpty ? [StyleIssue(path: "", message: error.message)] : error.issues
        }
    }

    /// `layers[0].paint.line-width` of `layers[0].paint.line-width: number expected, string found`.
    private static func place(_ message: String) -> String? {
        message.firstRange(of: ": ").map { String(message[..<$0.lowerBound]) }
    }
}
