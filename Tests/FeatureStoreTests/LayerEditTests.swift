import Foundation
import Reprojection
import SQLite
import SimpleFeatures
import TestSupport
import Testing
import Wording

@testable import FeatureStore

/// Edits of single features: all of an edit or nothing, seen by every index, and what was before is kept.
struct LayerEditTests {
    let directory: TemporaryDirectory
    let registry: GeoPackageRegistry

    init() throws {
        directory = try TemporaryDirectory()
        registry = try GeoPackageRegistry(directory: directory.path)
    }

    private func store(_ features: [Feature], _ id: String = "base.building") async throws -> LayerRecord {
        let writer = try await registry.beginReplacement(of: GeoPackageRegistryTests.definition(id))
        try await writer.append(features)
        return try await writer.commit(reportJSON: nil)
    }

    private func all() async throws -> [Feature] {
        var query = FeatureQuery(layer: "base.building")
        query.fields = .all
        return try await registry.features(query)
    }

    @Test func whatIsPutAndRemovedIsWhatIsThere() async throws {
        let former = try await store(GeoPackageRegistryTests.lattice(50))
        let count = try await registry.changeCount()
        let moved = GeoPackageRegistryTests.feature(7, GeoPackageRegistryTests.square(600_000, 2_600_000))
        let new = GeoPackageRegistryTests.feature(0, GeoPackageRegistryTests.square(481_000, 2_531_000))
        let placeless = GeoPackageRegistryTests.feature(9, nil)
        let edit = try await registry.edit(
            "base.building", [.put(moved), .remove(3), .put(new), .put(placeless)], version: former.version)
        #expect(edit.identifiers == [7, 3, 51, 9])
        #expect(edit.record.version > former.version && edit.record.featureCount == 50)
        #expect(edit.record.contentHash != former.contentHash)
        #expect(edit.record.envelope.contains(Coordinate(x: 600_005, y: 2_600_005)))
        #expect(try await registry.changeCount() == count + 1)
        #expect(try await registry.layer("base.building") == edit.record)

        let features = try await all()
        #expect(features.count == 50 && features.first { $0.id == 7 } == moved && features.first { $0.id == 9 } == placeless)
        #expect(!features.contains { $0.id == 3 } && features.first { $0.id == 51 }?.geometry == new.geometry)
        // The R-tree knows as much.
        let there = try await registry.identifiers(
            FeatureQuery(layer: "base.building", envelope: Envelope(minX: 599_000, minY: 2_599_000, maxX: 601_000, maxY: 2_601_000)))
        #expect(there == [7])
        let old = GeoPackageRegistryTests.lattice(50)[6].geometry?.envelope ?? .empty
        #expect(try await registry.identifiers(FeatureQuery(layer: "base.building", envelope: old.expanded(by: -1))).isEmpty)
        let noLonger = GeoPackageRegistryTests.lattice(50)[8].geometry?.envelope ?? .empty
        #expect(try await registry.identifiers(FeatureQuery(layer: "base.building", envelope: noLonger.expanded(by: -1))).isEmpty)
    }

    @Test func anEditThatFailsHasDoneNothing() async throws {
        let record = try await store(GeoPackageRegistryTests.lattice(5))
        let before = try await all()
        let changes: [FeatureChange] = [.put(GeoPackageRegistryTests.feature(1, nil)), .remove(99)]
        let unknown = await #expect(throws: RegistryError.self) { try await registry.edit("base.building", changes, version: nil) }
        #expect(unknown?.code == .featureUnknown && unknown?.message.en.contains("99") == true)
        let outdated = await #expect(throws: RegistryError.self) {
            try await registry.edit("base.building", [.remove(1)], version: record.version - 1)
        }
        #expect(outdated?.code == .versionChanged)
        let absent = await #expect(throws: RegistryError.self) { try await registry.edit("base.road", [.remove(1)], version: nil) }
        #expect(absent?.code == .layerUnknown)
        #expect(try await all() == before)
        #expect(try await registry.layer("base.building") == record)
        #expect(try await registry.identifiersEdited(in: "base.building", since: record.version) == [])
    }

    @Test func editsSinceAVersionAreKnownUntilTheLayerIsReplaced() async throws {
        let first = try await store(GeoPackageRegistryTests.lattice(20))
        #expect(try await registry.identifiersEdited(in: "base.building", since: first.version) == [])
        let second = try await registry.edit("base.building", [.remove(4), .remove(5)], version: nil).record
        _ = try await store(GeoPackageRegistryTests.lattice(3), "other")
        let third = try await registry.edit("base.building", [.put(GeoPackageRegistryTests.feature(5, nil))], version: nil).record
        #expect(try await registry.identifiersEdited(in: "base.building", since: first.version) == [4, 5])
        #expect(try await registry.identifiersEdited(in: "base.building", since: second.version) == [5])
        #expect(try await registry.identifiersEdited(in: "base.building", since: third.version) == [])
        #expect(try await registry.identifiersEdited(in: "base.building", since: first.version - 1) == nil)
        #expect(try await registry.identifiersEdited(in: "base.building", since: third.version + 1) == nil)
        let replaced = try await store(GeoPackageRegistryTests.lattice(20))
        #expect(try await registry.identifiersEdited(in: "base.building", since: third.version) == nil)
        _ = try await registry.edit("base.building", [.remove(1)], version: nil)
        #expect(try await registry.identifiersEdited(in: "base.building", since: replaced.version) == [1])
        #expect(try await registry.identifiersEdited(in: "base.building", since: third.version) == nil)
    }

    @Test func whatWasBeforeIsKept() async throws {
        _ = try await store(GeoPackageRegistryTests.lattice(5))
        let edit = try await registry.edit(
            "base.building", [.put(GeoPackageRegistryTests.feature(2, nil)), .put(GeoPackageRegistryTests.feature(0, nil)), .remove(2)],
            version: nil)
        let connection = try Connection(path: registry.path, access: .readOnly)
        let version = SQLiteValue.integer(edit.record.version)
        let values = try connection.text(
            "SELECT feature_values FROM workmap_edited_features WHERE version = ? AND feature = 2 AND existed = 1", [version])
        let array = try #require(try JSONSerialization.jsonObject(with: Data((values ?? "").utf8)) as? [Any])
        #expect(array.count == 7 && array[0] as? String == "道滘2'\"" && array[1] as? Int == 4)
        #expect(try connection.integer("SELECT length(geometry) > 90 FROM workmap_edited_features WHERE version = ? AND feature = 2", [version]) == 1)
        #expect(try connection.integer("SELECT existed FROM workmap_edited_features WHERE version = ? AND feature = 6", [version]) == 0)
        #expect(try connection.quickCheck() == [])
    }

    @Test func aLayerOfOneKindBecomesMixed() async throws {
        let record = try await store(GeoPackageRegistryTests.lattice(5))
        #expect(record.geometry == .only(.polygon))
        let point = GeoPackageRegistryTests.feature(0, .point(Coordinate(x: 480_000, y: 2_530_000)))
        let edited = try await registry.edit("base.building", [.put(point)], version: nil).record
        #expect(edited.geometry == .mixed)
        let connection = try Connection(path: registry.path, access: .readOnly)
        #expect(try connection.text("SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = 'base.building'") == "GEOMETRY")
        #expect(try connection.quickCheck() == [])
        #expect(try await all().count == 6)
    }

    /// Writers take turns, and none of their edits is lost.
    @Test func manyEditorsAtOnce() async throws {
        _ = try await store(GeoPackageRegistryTests.lattice(40))
        let path = directory.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for editor in 0..<4 {
                group.addTask {
                    let registry = try GeoPackageRegistry(directory: path, readers: 1)
                    for n in 0..<10 { _ = try await registry.edit("base.building", [.remove(Int64(editor * 10 + n + 1))], version: nil) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await all().isEmpty)
    }
}
