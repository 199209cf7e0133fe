import Foundation
import SQLite
import SimpleFeatures
import TestSupport
import Testing
import Wording

@testable import FeatureStore

/// Named versions: published, gone back to and dropped in one transaction, and bounded in number.
struct LayerDeliveryTests {
    private typealias Samples = GeoPackageRegistryTests
    private let directory: TemporaryDirectory
    private let registry: GeoPackageRegistry
    private let layer = "base.building"

    init() throws {
        directory = try TemporaryDirectory()
        registry = try GeoPackageRegistry(directory: directory.path)
    }

    @discardableResult
    private func deliver(_ features: [Feature], _ request: DeliveryRequest) async throws -> DeliveryOutcome {
        let writer = try await registry.beginReplacement(of: Samples.definition(layer), as: request)
        try await writer.append(features)
        _ = try await writer.commit(reportJSON: nil)
        return try #require(await writer.outcome())
    }

    private func publish(_ name: String?, leavesEdits: Bool = false, keep: Int? = nil) async throws -> DeliveryOutcome {
        try await registry.publish(PublicationRequest(layer: layer, name: name, leavesEdits: leavesEdits, keep: keep)) { _, _ in }
    }

    private func all(_ state: LayerState? = nil) async throws -> [Feature] {
        var query = FeatureQuery(layer: layer, fields: .all)
        query.state = state
        return try await registry.features(query)
    }

    private func states() async throws -> [String: LayerDelivery.State] {
        Dictionary(try await registry.deliveries(of: layer).map { ($0.name, $0.state) }) { first, _ in first }
    }

    private func expectSound() throws {
        let connection = try Connection(path: registry.path, access: .readOnly)
        #expect(try connection.quickCheck() == [])
        #expect(try connection.integer("SELECT count(*) FROM workmap_versions WHERE state = 'current'") == 1)
        let kept = try connection.integer("SELECT count(*) FROM workmap_deliveries WHERE state IN ('kept', 'staged')")
        #expect(try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'workmap\\_kept\\_%' ESCAPE '\\' AND type = 'table'") == kept)
        #expect(try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%\\_\\_v%' ESCAPE '\\'") == 0)
    }

    @Test func aVersionIsPublishedAndGoneBackTo() async throws {
        let (old, new) = (Samples.lattice(30), Array(Samples.lattice(40).dropFirst(5)))
        try await deliver(old, DeliveryRequest(name: "2026Q3"))
        let outcome = try await deliver(new, DeliveryRequest(name: "2026Q4"))
        #expect(outcome.former == "2026Q3" && outcome.dropped.isEmpty && outcome.formerEdits == 0)
        #expect(try await states() == ["2026Q3": .kept, "2026Q4": .served])
        let back = try await publish(nil)
        #expect(back.name == "2026Q3" && back.former == "2026Q4" && back.record.version > outcome.record.version)
        #expect(try await all() == old)
        #expect(try await registry.layer(layer) == back.record)
        #expect(back.record.contentHash != outcome.record.contentHash)
        // Its R-tree is its own, and it can be edited as any layer can.
        let box = Envelope(minX: 479_999, minY: 2_529_999, maxX: 480_021, maxY: 2_530_001)
        #expect(try await registry.identifiers(FeatureQuery(layer: layer, envelope: box)) == [1, 2])
        _ = try await registry.edit(layer, [.remove(1)], version: back.record.version)
        #expect(try await registry.identifiers(FeatureQuery(layer: layer, envelope: box)) == [2])
        let forth = try await publish("2026Q4", leavesEdits: true)
        #expect(forth.formerEdits == 1)
        #expect(try await all() == new)
        try expectSound()
    }

    @Test func aStagedVersionIsServedOnlyWhenItIsPublished() async throws {
        try await deliver(Samples.lattice(10), DeliveryRequest(name: "a"))
        let served = try #require(try await registry.layer(layer))
        let count = try await registry.changeCount()
        try await deliver(Samples.lattice(20), DeliveryRequest(name: "b", isStaged: true))
        #expect(try await registry.layer(layer) == served)
        #expect(try await registry.changeCount() == count)
        #expect(try await all().count == 10)
        let waiting = try #require(try await registry.deliveries(of: layer).first { $0.name == "b" })
        #expect(waiting.state == .staged && waiting.publishedAt == nil && waiting.record.featureCount == 20)
        #expect(try await all(.delivery(waiting.number)).count == 20)
        // Edits of what is served are still known one by one.
        _ = try await registry.edit(layer, [.remove(4)], version: nil)
        #expect(try await registry.identifiersEdited(in: layer, since: served.version) == [4])
        let second = await #expect(throws: RegistryError.self) {
            try await deliver(Samples.lattice(5), DeliveryRequest(name: "c", isStaged: true))
        }
        #expect(second?.code == .deliveryUnsuitable && second?.message.en.contains("versions publish") == true)
        let edited = await #expect(throws: RegistryError.self) { try await publish("b") }
        #expect(edited?.code == .deliveryEdited && edited?.message.zh.contains("--leave-edits") == true)
        #expect(try await all().count == 9)
        #expect(try await publish("b", leavesEdits: true).former == "a")
        #expect(try await all().count == 20)
        // The edits stay with the version they were made in.
        _ = try await publish("a")
        #expect(try await all().map(\.id) == [1, 2, 3, 5, 6, 7, 8, 9, 10])
        try expectSound()
    }

    @Test func aLayerCanBeginStaged() async throws {
        try await deliver(Samples.lattice(3), DeliveryRequest(name: "first", isStaged: true))
        #expect(try await registry.layers().isEmpty)
        let outcome = try await publish("first")
        #expect(outcome.former == nil && outcome.dropped.isEmpty)
        #expect(try await all().count == 3)
        try expectSound()
    }

    @Test func noMoreAreKeptThanWasSaid() async throws {
        for n in 1...5 { try await deliver(Samples.lattice(n), DeliveryRequest(name: "v\(n)", keep: n == 1 ? 3 : nil)) }
        #expect(try await states() == ["v1": .dropped, "v2": .dropped, "v3": .kept, "v4": .kept, "v5": .served])
        _ = try await publish("v3")
        // What left the map last is what one goes back to.
        #expect(try await publish(nil).name == "v5")
        let outcome = try await deliver(Samples.lattice(6), DeliveryRequest(name: "v6", keep: 1))
        #expect(Set(outcome.dropped) == ["v3", "v4", "v5"])
        let gone = await #expect(throws: RegistryError.self) { try await publish(nil) }
        #expect(gone?.code == .deliveryUnknown && gone?.message.zh.contains("--keep") == true)
        // The name of what is gone is free, and its time is remembered.
        try await deliver(Samples.lattice(7), DeliveryRequest(name: "v3"))
        #expect(try await registry.deliveries(of: layer).count { $0.name == "v3" } == 2)
        try expectSound()
    }

    @Test func whatCannotBeDoneSaysWhatToDo() async throws {
        try await deliver(Samples.lattice(4), DeliveryRequest(name: "一"))
        try await deliver(Samples.lattice(5), DeliveryRequest(name: "二"))
        let before = try await registry.deliveries(of: layer)
        let taken = await #expect(throws: RegistryError.self) {
            try await deliver([], DeliveryRequest(name: "一"))
        }
        #expect(taken?.code == .deliveryTaken && taken?.message.zh.contains("一") == true)
        for name in ["", "a b", "a/b", "-x", ".x", "a..b", "x.", String(repeating: "长", count: 61), "a\nb"] {
            let bad = await #expect(throws: RegistryError.self, "\(name)") { try await deliver([], DeliveryRequest(name: name)) }
            #expect(bad?.code == .deliveryUnsuitable)
        }
        let unknown = await #expect(throws: RegistryError.self) { _ = try await publish("三") }
        #expect(unknown?.code == .deliveryUnknown && unknown?.message.zh.contains("二, 一") == true)
        let same = await #expect(throws: RegistryError.self) { _ = try await publish("二") }
        #expect(same?.code == .deliveryUnsuitable)
        let served = await #expect(throws: RegistryError.self) { try await registry.drop("二", of: layer) }
        #expect(served?.code == .deliveryUnsuitable)
        let nowhere = await #expect(throws: RegistryError.self) { try await registry.deliveries(of: "base.road") }
        #expect(nowhere?.code == .layerUnknown)
        #expect(try await registry.deliveries(of: layer) == before)
        try await registry.drop("一", of: layer)
        #expect(try await states() == ["一": .dropped, "二": .served])
        try expectSound()
    }

    /// What is derived fails: the version number is used up, and nothing else has happened.
    @Test func aPublicationThatFailsHasDoneNothing() async throws {
        struct Refusal: Error {}
        try await deliver(Samples.lattice(4), DeliveryRequest(name: "a"))
        try await deliver(Samples.lattice(5), DeliveryRequest(name: "b"))
        let before = try await registry.layers()
        var version: Int64?
        await #expect(throws: Refusal.self) {
            _ = try await registry.publish(PublicationRequest(layer: layer, name: "a")) { target, record in
                #expect(target.name == "a" && record.featureCount == 4)
                version = record.version
                throw Refusal()
            }
        }
        #expect(try await registry.layers() == before)
        let next = try await registry.edit(layer, [.remove(1)], version: nil)
        #expect(next.record.version > (try #require(version)))
        #expect(try await registry.identifiersEdited(in: layer, since: before[0].version) == [1])
        try expectSound()
    }

    @Test func removedLayersTakeTheirVersionsAlong() async throws {
        try await deliver(Samples.lattice(4), DeliveryRequest(name: "a"))
        try await deliver(Samples.lattice(5), DeliveryRequest(name: "b"))
        try await registry.removeLayer(layer)
        let connection = try Connection(path: registry.path, access: .readOnly)
        #expect(try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'workmap\\_kept\\_%' ESCAPE '\\'") == 0)
        #expect(try await states() == ["a": .dropped, "b": .dropped])
    }

    /// A registry of before versions gets one version a layer, with the time of its import.
    @Test func anEarlierRegistryIsTakenOver() async throws {
        try await deliver(Samples.lattice(4), DeliveryRequest(name: "x"))
        let edit = try await registry.edit(layer, [.remove(2)], version: nil)
        let connection = try Connection(path: registry.path, access: .readWrite)
        try connection.execute(
            """
            DROP TABLE workmap_deliveries; DROP TABLE workmap_publications; DROP TABLE workmap_delivery_rules;
            UPDATE workmap_state SET registry_version = 1;
            """)
        let later = try GeoPackageRegistry(directory: directory.path)
        let deliveries = try await later.deliveries(of: layer)
        #expect(deliveries.count == 1 && deliveries[0].state == .served && deliveries[0].edits == 1)
        #expect(deliveries[0].number == edit.record.version - 1 && deliveries[0].record == edit.record)
        var query = FeatureQuery(layer: layer, fields: .all)
        query.state = .version(deliveries[0].number)
        #expect(try await later.features(query) == Samples.lattice(4))
    }

    /// One that has versions and no moments yet.
    @Test func aRegistryWithoutMomentsGetsThem() async throws {
        try await deliver(Samples.lattice(4), DeliveryRequest(name: "x"))
        let before = try await registry.deliveries(of: layer)
        let connection = try Connection(path: registry.path, access: .readWrite)
        try connection.execute("DROP TABLE workmap_moments; UPDATE workmap_state SET registry_version = 2")
        let later = try GeoPackageRegistry(directory: directory.path)
        #expect(try await later.deliveries(of: layer) == before)
        let moment = try await later.moment()
        #expect(moment.version == 0 && moment.name.count == 16)
        try await deliver(Samples.lattice(5), DeliveryRequest(name: "y"))
        #expect(try await later.moment().version > moment.version)
        #expect(try await later.hasLived(through: moment))
    }

    /// Two processes publish and import at once: each is done whole or refused.
    @Test func switchesTakeTurns() async throws {
        try await deliver(Samples.lattice(4), DeliveryRequest(name: "a", keep: 3))
        try await deliver(Samples.lattice(5), DeliveryRequest(name: "b"))
        let (path, layer) = (directory.path, layer)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    let registry = try GeoPackageRegistry(directory: path, readers: 1)
                    for _ in 0..<6 { _ = try await registry.publish(PublicationRequest(layer: layer, name: nil)) { _, _ in } }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await states().values.sorted { $0.rawValue < $1.rawValue } == [.kept, .served])
        // Eighteen switches: the one that was served is served.
        #expect(try await all().count == 5)
        try expectSound()
    }

    @Test(.enabled(if: installed("ogrinfo") != nil, "skipped: ogrinfo (gdal-bin) not installed"))
    func aGISSeesTheServedVersionOnly() async throws {
        try await deliver(Samples.lattice(4), DeliveryRequest(name: "a"))
        try await deliver(Samples.lattice(5), DeliveryRequest(name: "b"))
        try await deliver(Samples.lattice(6), DeliveryRequest(name: "c", isStaged: true))
        let ogrinfo = try #require(installed("ogrinfo"))
        let listing = try output(of: ogrinfo, ["-ro", "-q", registry.path])
        #expect(listing.contains("base.building") && !listing.contains("kept"), "\(listing)")
        let summary = try output(of: ogrinfo, ["-ro", "-so", registry.path, layer])
        #expect(summary.contains("Feature Count: 5"), "\(summary)")
    }
}
