import Foundation
import OGCAPI
import TestSupport
import Testing

@testable import MapService

/// The predicates of the abstract tests of OGC 21-065r2, asked of the service in both encodings.
@Suite struct FilterConformanceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var id: String
        var collection: String
        var filter: String
        var json: String
        var expected: Int
        var testDescription: String { id }
    }

    static let rows: [Row] = {
        guard Corpora.isPresent else { return [] }
        do {
            let all = try JSONSerialization.jsonObject(with: Data(Corpora.bytes("cql2/ats_predicates.json"))) as? [[String: Any]] ?? []
            precondition(all.count == 137, "the corpus has \(all.count) predicates")
            return try all.filter { $0["verified"] as? String != "mismatch" }.map { row in
                guard let id = row["id"] as? String, let collection = row["collection"] as? String, let filter = row["filter"] as? String,
                    let expected = row["expected_number_matched"] as? Int, let json = row["filter_json"]
                else { preconditionFailure("a row without its members: \(row)") }
                let text = String(decoding: try JSONSerialization.data(withJSONObject: json), as: UTF8.self)
                return Row(id: id, collection: collection, filter: filter, json: text, expected: expected)
            }
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    @Test(.enabled(if: Corpora.isPresent, Comment(rawValue: Corpora.absence)), arguments: rows)
    func predicateMatchesAsManyAsItShould(_ row: Row) async throws {
        let client = try await NaturalEarth.client()
        let path = "/collections/\(row.collection)/items?limit=1"
        let text = try await client.ask("\(path)&filter=\(PercentEncoding.encode(row.filter))")
        #expect(try text.json()["numberMatched"] as? Int == row.expected, "\(row.filter): \(text.text.prefix(300))")
        let json = try await client.ask("\(path)&filter-lang=cql2-json&filter=\(PercentEncoding.encode(row.json))")
        #expect(try json.json()["numberMatched"] as? Int == row.expected, "\(row.json): \(json.text.prefix(300))")
    }
}
