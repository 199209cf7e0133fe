import Foundation
import TestSupport
import Testing
import Tiling

@testable import CQL2

/// The standard's own examples: each text beside the JSON of the same name.
struct ExampleTests {
    private static let folder = "cql2/examples"
    static let texts = Corpora.names(in: "\(folder)/text", suffix: ".txt")
    static let documents = Corpora.names(in: "\(folder)/json", suffix: ".json")

    @Test(.enabled(if: Corpora.isPresent, Comment(rawValue: Corpora.absence)), arguments: texts)
    func textIsItsTwin(_ name: String) throws {
        let expression = try CQL2Expression(text: try Corpora.text("\(Self.folder)/text/\(name)"))
        let stem = name.dropLast(4).split(separator: "-alt")[0]
        let twin = try Corpora.bytes("\(Self.folder)/json/\(stem).json")
        #expect(expression == (try CQL2Expression(json: twin)))
        #expect(try Self.tree(expression.json.bytes()) == Self.tree(twin))
        #expect(try CQL2Expression(json: expression.json.bytes()) == expression)
        #expect(try CQL2Expression(text: expression.text) == expression)
    }

    @Test(.enabled(if: Corpora.isPresent, Comment(rawValue: Corpora.absence)), arguments: documents)
    func jsonIsAFixPoint(_ name: String) throws {
        let bytes = try Corpora.bytes("\(Self.folder)/json/\(name)")
        let expression = try CQL2Expression(json: bytes)
        #expect(try Self.tree(expression.json.bytes()) == Self.tree(bytes))
        let text = expression.text
        #expect(try CQL2Expression(text: text) == expression)
        #expect(try CQL2Expression(text: text).text == text)
    }

    /// As an independent reader sees it.
    private static func tree(_ bytes: [UInt8]) throws -> NSObject {
        try #require(JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed]) as? NSObject)
    }

    /// The predicates' JSON was made by another parser.
    @Test(.enabled(if: Corpora.isPresent, Comment(rawValue: Corpora.absence)))
    func predicatesReadAsAnotherParserReadsThem() throws {
        let rows = try #require(
            JSONSerialization.jsonObject(with: Data(Corpora.bytes("cql2/ats_predicates.json"))) as? [[String: Any]])
        #expect(rows.count == 137)
        for row in rows {
            let filter = try #require(row["filter"] as? String)
            let twin = try JSONSerialization.data(withJSONObject: try #require(row["filter_json"]))
            let expression = try CQL2Expression(text: filter)
            #expect(try CQL2Expression(json: [UInt8](twin)) == expression, "\(row["id"] ?? "") \(filter)")
        }
    }
}
