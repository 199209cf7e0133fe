import Reprojection
import SQLite
import SimpleFeatures
import TestSupport
import Testing

@testable import FeatureStore

/// Indexes of values: made at the import, kept by edits, used by filters, and never seen in an answer.
@Suite struct ValueIndexTests {
    private static let schema = FeatureSchema(fields: [
        Field(name: "code", kind: .text), Field(name: "n", kind: .integer), Field(name: "secret", kind: .text, isSensitive: true),
        Field(name: "height", kind: .real),
    ])

    private static func registry() throws -> (GeoPackageRegistry, path: String) {
        let directory = try ScratchDirectory.make()
        return (try GeoPackageRegistry(directory: directory), directory + "/registry.gpkg")
    }

    private static func fill(_ registry: GeoPackageRegistry, layer: String = "things", indexed: Set<String>? = nil, delivery: DeliveryRequest = .replacement) async throws {
        let definition = LayerDefinition(id: layer, crs: .cgcs2000, schema: schema, indexedFields: indexed)
        let writer = try await registry.beginReplacement(of: definition, as: delivery)
        let features = (1...500).map { id in
            Feature(
                id: Int64(id), geometry: .point(Coordinate(x: 113 + Double(id) / 1000, y: 23)),
                values: [.text("c\(id % 50)"), .integer(Int64(id % 7)), .text("s\(id)"), .real(Double(id))])
        }
        try await writer.append(features)
        _ = try await writer.commit(reportJSON: nil)
    }

    private static func indexed(_ path: String, table: String = "things") throws -> [String] {
        let connection = try Connection(path: path, access: .readOnly)
        var columns: [String] = []
        let sql = "SELECT i.name FROM sqlite_schema s, pragma_index_info(s.name) i WHERE s.type = 'index' AND s.tbl_name = '\(table)' ORDER BY s.name"
        try connection.withStatement(sql) { row in while try row.step() { columns.append(row.text(at: 0)) } }
        return columns
    }

    private static func plan(_ path: String, _ condition: String) throws -> String {
        let connection = try Connection(path: path, access: .readOnly)
        var text = ""
        try connection.withStatement("EXPLAIN QUERY PLAN SELECT fid FROM things WHERE \(condition) ORDER BY fid LIMIT 100") { row in
            while try row.step() { text += row.text(at: 3) + "\n" }
        }
        return text
    }

    @Test func codesOfASmallLayerAreIndexedByThemselves() async throws {
        let (registry, path) = try Self.registry()
        try await Self.fill(registry)
        #expect(try Self.indexed(path).sorted() == ["code", "n"], "no measures, nothing sensitive")
        #expect(try Self.plan(path, "code IS 'c7'").contains("USING INDEX") || Self.plan(path, "code IS 'c7'").contains("USING COVERING INDEX"))
        // Of two the one with fewer rows a value.
        #expect(try Self.plan(path, "n IS 3 AND code IS 'c7'").contains("(code=?)"))
    }

    @Test func whatIsStatedIsIndexedAndNothingElse() async throws {
        let (registry, path) = try Self.registry()
        try await Self.fill(registry, indexed: ["n", "secret", "nowhere"])
        #expect(try Self.indexed(path) == ["n"])
    }

    @Test func indexesLiveAndGoWithTheirVersion() async throws {
        let (registry, path) = try Self.registry()
        for _ in 0..<3 { try await Self.fill(registry) }
        #expect(try Self.indexed(path).sorted() == ["code", "n"])
        let connection = try Connection(path: path, access: .readOnly)
        #expect(try connection.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name LIKE 'workmap_index_%'") == 2)
        #expect(try connection.text("PRAGMA integrity_check") == "ok")
    }

    @Test func filtersFindTheSameWithAndWithout() async throws {
        let (registry, _) = try Self.registry()
        try await Self.fill(registry)
        try await Self.fill(registry, layer: "bare", indexed: [])
        for filters in [[PropertyFilter(field: "code", value: .text("c7"))], [PropertyFilter(field: "n", value: .integer(3)), PropertyFilter(field: "code", value: .text("c17"))], [PropertyFilter(field: "code", value: .null)]] {
            let with = try await registry.identifiers(FeatureQuery(layer: "things", filters: filters))
            let without = try await registry.identifiers(FeatureQuery(layer: "bare", filters: filters))
            #expect(with == without)
        }
        let changed = Feature(id: 7, geometry: .point(Coordinate(x: 113, y: 23)), values: [.text("new"), .integer(1), .null, .null])
        _ = try await registry.edit("things", [.put(changed)], version: nil)
        #expect(try await registry.identifiers(FeatureQuery(layer: "things", filters: [PropertyFilter(field: "code", value: .text("new"))])) == [7])
        #expect(try await !registry.identifiers(FeatureQuery(layer: "things", filters: [PropertyFilter(field: "code", value: .text("c7"))])).contains(7))
    }
}
