import Foundation
import Reprojection
import SimpleFeatures
import TestSupport
import Testing
import Wording

@testable import FeatureStore

/// What two versions differ in, told feature by feature and in counts.
struct LayerComparisonTests {
    private typealias Samples = GeoPackageRegistryTests
    private let directory: TemporaryDirectory
    private let registry: GeoPackageRegistry
    private let layer = "base.building"

    init() throws {
        directory = try TemporaryDirectory()
        registry = try GeoPackageRegistry(directory: directory.path)
    }

    private func deliver(
        _ features: [Feature], _ name: String, schema: FeatureSchema = Samples.schema, crs: CRS? = .gk114
    ) async throws {
        let definition = LayerDefinition(id: layer, title: "建筑物", crs: crs, schema: schema)
        let writer = try await registry.beginReplacement(of: definition, as: DeliveryRequest(name: name))
        try await writer.append(features)
        _ = try await writer.commit(reportJSON: nil)
    }

    private func compare(
        key: String? = nil, openFields: Set<String>? = nil, exclusions: [PropertyExclusion] = []
    ) async throws -> (report: LayerDifferenceReport, differences: [FeatureDifference]) {
        let versions = try ComparedVersions(try await registry.deliveries(of: layer), layer: layer, before: nil, after: nil)
        let comparison = LayerComparison(
            registry: registry, before: ComparedState(versions.before), after: ComparedState(versions.after), policy: DatumPolicy(),
            key: key, openFields: openFields, exclusions: exclusions)
        var found: [FeatureDifference] = []
        let report = try await comparison.run { found.append($0) }
        return (report, found)
    }

    private func ids(_ differences: [FeatureDifference], _ kind: String) -> [Int64] {
        differences.filter { difference in
            switch difference {
            case .added: kind == "added"
            case .removed: kind == "removed"
            case .changed: kind == "changed"
            }
        }.map(\.feature.id)
    }

    @Test func everyDifferenceIsToldOnce() async throws {
        try await deliver(Samples.lattice(12_000), "2026Q3")
        var later = Array(Samples.lattice(12_050).dropFirst(7))
        later[100].values[0] = .text("改")
        later[200].geometry = Samples.square(1_000_000, 2_600_000)
        later[300].values[6] = .text("other owner")
        later[400].geometry = nil
        later[400].values[1] = .null
        try await deliver(later, "2026Q4")
        let (report, differences) = try await compare()
        #expect((report.added, report.removed, report.changed, report.unchanged) == (50, 7, 4, 11_989))
        #expect(report.geometryChanged == 2)
        #expect(report.fields.map(\.field) == ["Name", "name", "owner"] && report.fields.allSatisfy { $0.features == 1 })
        #expect(ids(differences, "removed") == Array(1...7))
        #expect(ids(differences, "added") == Array(12_001...12_050))
        #expect(ids(differences, "changed") == [108, 208, 308, 408])
        #expect(report.before.name == "2026Q3" && report.after.name == "2026Q4" && report.before.publishedAt != nil)
        #expect(report.envelope?.maxX == 1_000_010 && report.unmatched == 0)
        // Sensitive values are in none of them.
        let written = try write(differences)
        #expect(!written.contains("secret") && !written.contains("other owner") && written.contains("_changed_fields"))
        #expect(report.text.contains("图层更新通报") && report.text.contains("新增 added 50，删除 removed 7，变更 changed 4"))
        #expect(try JSONDecoder().decode(LayerDifferenceReport.self, from: Data(try report.json().utf8)) == report)
    }

    /// As a GeoJSON layer; it is read by the project's own reader as any file is.
    private func write(_ differences: [FeatureDifference]) throws -> String {
        let shown = FeatureSchema(fields: Samples.schema.fields.filter { !$0.isSensitive })
        let layer = try DifferenceLayer(shown: shown, crs: .gk114, policy: DatumPolicy())
        let path = directory.path + "/differences.geojson"
        let writer = try GeoJSONFileWriter(path: path, schema: layer.schema)
        for difference in differences { try writer.append(layer.feature(difference)) }
        try writer.finish()
        let reader = try #require(try FeatureFile.open(path: path, options: ReaderOptions()).first)
        var count = 0
        while let record = try reader.next() {
            count += 1
            if let box = record.feature?.geometry?.envelope, !box.isEmpty { #expect(abs(box.minY) < 90 && abs(box.maxX) <= 180) }
        }
        #expect(count == differences.count)
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    /// Without what a reader may not know, and without features that are withheld from it.
    @Test func aReaderSeesWhatItMay() async throws {
        try await deliver(Samples.lattice(10), "a")
        var later = Samples.lattice(10)
        later[1].values[6] = .text("other owner")
        later[2].values[1] = .integer(77)
        later[3].values[0] = .text("改")
        try await deliver(later, "b")
        let (report, differences) = try await compare(
            openFields: ["name", "Name"], exclusions: [PropertyExclusion(field: "Name", values: [.integer(77)])])
        // The third feature is withheld from now on: to this reader it is gone.
        #expect((report.added, report.removed, report.changed, report.unchanged) == (0, 1, 1, 8))
        #expect(ids(differences, "removed") == [3] && ids(differences, "changed") == [4])
        #expect(report.fields.map(\.field) == ["name"])
        #expect(differences.allSatisfy { $0.feature.values.count == 2 })
    }

    /// Files whose records have no lasting id are matched by a field.
    @Test func aFieldSaysWhichFeaturesAreTheSame() async throws {
        func features(_ names: [String?]) -> [Feature] {
            names.enumerated().map { place, name in
                var feature = Samples.feature(Int64(place + 1), Samples.square(480_000 + Double((name ?? "").count) * 50, 2_530_000))
                feature.values = [.null, .null, .null, .null, .null, .null, .null]
                feature.values[0] = name.map { .text($0) } ?? .null
                return feature
            }
        }
        try await deliver(features(["甲", "乙乙", "丙丙丙", "丁丁丁丁", "同", "同", nil]), "a")
        try await deliver(features(["新新新新新", "甲", "丙丙丙", "乙乙", "同", ""]), "b")
        let byID = try await compare()
        #expect(byID.report.changed == 4)
        let (report, _) = try await compare(key: "name")
        #expect(report.matchedBy == "name" && report.unchanged == 3 && report.changed == 0)
        // One is new and one gone; three before and two after tell nothing.
        #expect(report.added == 1 + 2 && report.removed == 1 + 3 && report.unmatched == 5)
        let unknown = await #expect(throws: RegistryError.self) { _ = try await compare(key: "编号") }
        #expect(unknown?.code == .fieldUnknown && unknown?.message.zh.contains("编号") == true)
        let closed = await #expect(throws: RegistryError.self) { _ = try await compare(key: "owner", openFields: ["name"]) }
        #expect(closed?.code == .fieldUnknown && closed?.message.both.contains("owner,") == false)
    }

    /// The same places stored in another CRS, and fields that come and go.
    @Test func otherSchemasAndCRSsAreCompared() async throws {
        let fields = [Field(name: "name", kind: .text), Field(name: "floors", kind: .integer), Field(name: "old", kind: .text)]
        let plane = (1...20).map { n in
            Feature(
                id: Int64(n), geometry: Samples.square(480_000 + Double(n) * 40, 2_530_000),
                values: [.text("n\(n)"), .integer(Int64(n)), .text("x")])
        }
        try await deliver(plane, "a", schema: FeatureSchema(fields: fields))
        let operation = try CoordinateOperation(from: .gk114, to: .cgcs2000, policy: DatumPolicy())
        let degrees = plane.map { feature in
            let moved = feature.id == 5 ? Samples.square(480_200.5, 2_530_000) : feature.geometry
            return Feature(
                id: feature.id, geometry: moved.flatMap { operation.transform($0) },
                values: [feature.values[0], .real(Double(feature.id)), .boolean(true)])
        }
        let later = [Field(name: "name", kind: .text), Field(name: "floors", kind: .real), Field(name: "new", kind: .boolean)]
        try await deliver(degrees, "b", schema: FeatureSchema(fields: later), crs: .cgcs2000)
        let (report, differences) = try await compare()
        #expect((report.added, report.removed, report.changed, report.unchanged) == (0, 0, 1, 19))
        #expect(ids(differences, "changed") == [5] && report.geometryChanged == 1 && report.fields.isEmpty)
        #expect(report.fieldsAdded == ["new"] && report.fieldsRemoved == ["old"] && report.crsChanged.count == 2)
    }

    @Test func whatCannotBeComparedIsNamed() async throws {
        try await deliver(Samples.lattice(3), "a")
        let deliveries = try await registry.deliveries(of: layer)
        let alone = #expect(throws: RegistryError.self) { try ComparedVersions(deliveries, layer: layer, before: nil, after: nil) }
        #expect(alone?.code == .deliveryUnknown)
        for name in ["b", "c"] { try await deliver(Samples.lattice(4), name) }
        let more = try await registry.deliveries(of: layer)
        let gone = #expect(throws: RegistryError.self) { try ComparedVersions(more, layer: layer, before: "a", after: "c") }
        #expect(gone?.code == .historyDropped)
        let unknown = #expect(throws: RegistryError.self) { try ComparedVersions(more, layer: layer, before: "b", after: "x") }
        #expect(unknown?.code == .deliveryUnknown && unknown?.message.zh.contains("c, b") == true)
        let same = try ComparedVersions(more, layer: layer, before: "b", after: nil)
        #expect(same.before.name == "b" && same.after.name == "c")
    }
}
