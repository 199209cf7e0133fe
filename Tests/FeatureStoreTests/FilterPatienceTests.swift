import CQL2
import Reprojection
import SimpleFeatures
import TestSupport
import Testing
import Wording

@testable import FeatureStore

/// A filter that would keep others from their answers is ended, and says so.
@Suite struct FilterPatienceTests {
    private static let schema = FeatureSchema(fields: [Field(name: "n", kind: .integer), Field(name: "name", kind: .text)])

    private static func layer(_ count: Int) async throws -> (GeoPackageRegistry, LayerRecord) {
        let registry = try GeoPackageRegistry(directory: try ScratchDirectory.make())
        let writer = try await registry.beginReplacement(of: LayerDefinition(id: "things", crs: .cgcs2000, schema: schema))
        try await writer.append((1...count).map { id in
            Feature(id: Int64(id), geometry: .point(Coordinate(x: 113, y: 23)), values: [.integer(Int64(id)), .text("name \(id)")])
        })
        return (registry, try await writer.commit(reportJSON: nil))
    }

    @Test func timeIsLookedAtWhileRowsAreJudged() async throws {
        let (_, record) = try await Self.layer(1)
        let hasty = try ConditionEvaluator([], of: record, patience: .zero)
        let error = #expect(throws: RegistryError.self) { for _ in 0..<2000 { try hasty.checkTime() } }
        #expect(error?.code == .filterTooCostly && error?.message.en.contains("things") == true)
        let patient = try ConditionEvaluator([], of: record, patience: .seconds(3600))
        for _ in 0..<2000 { try patient.checkTime() }
    }

    /// What is too much for SQLite to be asked at once finds the same.
    @Test func manyComparisonsFindTheSame() async throws {
        let (registry, record) = try await Self.layer(500)
        for count in [3, 63, 64, 65, 300] {
            let text = (0..<count).map { "n = \($0 * 2)" }.joined(separator: " OR ")
            var query = FeatureQuery(layer: "things")
            query.filter = try FilterCompiler(record, open: [0, 1], carriage: .none).filter(try CQL2Expression(text: text))
            let expected = (1...500).filter { $0 % 2 == 0 && $0 / 2 < count }.map(Int64.init)
            #expect(try await registry.identifiers(query) == expected)
            #expect(try await registry.count(query) == expected.count)
        }
    }
}
