import Foundation
import SQLite
import SimpleFeatures
import TestSupport
import Testing
import Wording

@testable import FeatureStore

/// What a layer was: read from its table and the history of edits, the same as it was read then.
struct FormerStateTests {
    private typealias Samples = GeoPackageRegistryTests
    private let directory: TemporaryDirectory
    private let registry: GeoPackageRegistry
    private let layer = "base.building"

    init() throws {
        directory = try TemporaryDirectory()
        registry = try GeoPackageRegistry(directory: directory.path)
    }

    private func deliver(_ features: [Feature], _ name: String, keep: Int? = nil) async throws -> LayerRecord {
        let writer = try await registry.beginReplacement(
            of: Samples.definition(layer), as: DeliveryRequest(name: name, keep: keep))
        try await writer.append(features)
        return try await writer.commit(reportJSON: nil)
    }

    private func query(_ state: LayerState?) -> FeatureQuery {
        var query = FeatureQuery(layer: layer, fields: .all)
        query.state = state
        return query
    }

    private func all(_ state: LayerState? = nil) async throws -> [Feature] { try await registry.features(query(state)) }

    private func setTime(_ time: String, of version: Int64) throws {
        let connection = try Connection(path: registry.path, access: .readWrite)
        let values: [SQLiteValue] = [.text(time), .integer(version)]
        try connection.run("UPDATE workmap_edits SET edited_at = ? WHERE version = ?", values)
        try connection.run("UPDATE workmap_publications SET published_at = ? WHERE version = ?", values)
    }

    /// Over two versions, going back and forth, with seeded edits between: every state is what it was, down to the last bit.
    @Test(arguments: 1...6) func everyStateReadsAsItDidThen(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var states: [(version: Int64, features: [Feature])] = []
        func note(_ record: LayerRecord) async throws {
            states.append((record.version, try await all()))
            let last = try #require(states.last)
            #expect(record.featureCount == last.features.count)
        }
        try await note(try await deliver(Samples.lattice(60), "a", keep: 2))
        for step in 0..<24 {
            if step == 8 { try await note(try await deliver(Samples.lattice(45), "b")) }
            if step == 13 || step == 19 {
                let request = PublicationRequest(layer: layer, name: nil, leavesEdits: true)
                try await note(try await registry.publish(request) { _, _ in }.record)
            }
            let changes = try await edit(&random)
            try await note(try await registry.edit(layer, changes, version: nil).record)
        }
        for state in states {
            let read = try await all(.version(state.version))
            #expect(read == state.features, "version \(state.version) of seed \(seed)")
            let record = try await registry.record(of: layer, in: .version(state.version))
            #expect(record.version == state.version && record.featureCount == state.features.count)
            try await expectQueries(state.version, state.features, &random)
        }
    }

    private func edit(_ random: inout SeededGenerator) async throws -> [FeatureChange] {
        let ids = try await registry.identifiers(FeatureQuery(layer: layer))
        var changes: [FeatureChange] = []
        for id in Set((0..<3).map { _ in ids[Int.random(in: 0..<ids.count, using: &random)] }).sorted() {
            if Int.random(in: 0..<3, using: &random) == 0 {
                changes.append(.remove(id))
            } else {
                var feature = Samples.feature(id, place(&random))
                feature.values[2] = .real(Double.random(in: -1e9...1e9, using: &random))
                feature.values[0] = .text("“\(id)”\n\\\"\u{1F5FA}\t")
                if Bool.random(using: &random) { feature.values[4] = .null }
                changes.append(.put(feature))
            }
        }
        return changes + [.put(Samples.feature(0, place(&random)))]
    }

    private func place(_ random: inout SeededGenerator) -> Geometry? {
        guard Int.random(in: 0..<8, using: &random) > 0 else { return nil }
        return Samples.square(
            Double.random(in: 480_000...481_200, using: &random), Double.random(in: 2_530_000...2_530_400, using: &random))
    }

    /// Boxes, ids, filters, exclusions and pages give of a former state what they would have given then.
    private func expectQueries(_ version: Int64, _ features: [Feature], _ random: inout SeededGenerator) async throws {
        let x = Double.random(in: 479_900...481_000, using: &random)
        let box = Envelope(minX: x, minY: 2_529_990, maxX: x + 300, maxY: 2_530_150)
        var boxed = query(.version(version))
        boxed.envelope = box
        let inBox = features.filter { $0.geometry?.intersects(box) ?? false }
        #expect(try await registry.features(boxed) == inBox)
        #expect(try await registry.identifiers(boxed) == inBox.map(\.id))
        #expect(try await registry.count(boxed) == inBox.count)
        var some = boxed
        some.ids = [1, 2, 3, 40, 61, 62, 63, 99]
        some.filters = [PropertyFilter(field: "rented", value: .boolean(true))]
        some.exclusions = [PropertyExclusion(field: "Name", values: [.integer(4)])]
        let chosen = inBox.filter { [1, 2, 3, 40, 61, 62, 63, 99].contains($0.id) && $0.values[3] == .boolean(true) && $0.values[1] != .integer(4) }
        #expect(try await registry.features(some) == chosen)
        #expect(try await registry.count(some) == chosen.count)
        var page = query(.version(version))
        page.limit = 17
        var paged: [Feature] = []
        while true {
            let next = try await registry.features(page)
            guard let last = next.last else { break }
            paged += next
            page.after = last.id
        }
        #expect(paged == features)
        #expect(try await registry.count(query(.version(version))) == features.count)
    }

    @Test func anIntervalCountsInWhatWasRemovedInIt() async throws {
        let first = try await deliver(Samples.lattice(6), "a")
        let second = try await registry.edit(layer, [.remove(1), .put(Samples.feature(2, nil))], version: nil).record
        let third = try await registry.edit(layer, [.put(Samples.feature(0, nil)), .remove(3)], version: nil).record
        let fourth = try await registry.edit(layer, [.remove(7), .remove(4)], version: nil).record
        #expect(try await all(.version(fourth.version, since: first.version)).map(\.id) == [1, 2, 3, 4, 5, 6, 7])
        #expect(try await all(.version(fourth.version, since: second.version)).map(\.id) == [2, 3, 4, 5, 6, 7])
        #expect(try await all(.version(third.version, since: first.version)).map(\.id) == [1, 2, 3, 4, 5, 6, 7])
        #expect(try await all(.version(second.version, since: second.version)).map(\.id) == [2, 3, 4, 5, 6])
        // In their last state within it.
        let features = try await all(.version(third.version, since: first.version))
        #expect(features[0] == Samples.lattice(6)[0] && features[1] == Samples.feature(2, nil))
    }

    @Test func aTimeFindsItsVersion() async throws {
        let first = try await deliver(Samples.lattice(6), "a", keep: 2)
        let second = try await registry.edit(layer, [.remove(1)], version: nil).record
        let third = try await deliver(Samples.lattice(9), "b")
        let fourth = try await registry.edit(layer, [.remove(2)], version: nil).record
        for (record, month) in [(first, "01"), (second, "02"), (third, "03"), (fourth, "04")] {
            try setTime("2026-\(month)-01T00:00:00Z", of: record.version)
        }
        #expect(try await registry.version(of: layer, at: "2026-01-01T00:00:00Z") == first.version)
        #expect(try await registry.version(of: layer, at: "2026-02-28T23:59:59Z") == second.version)
        #expect(try await registry.version(of: layer, at: "2026-03-15T00:00:00Z") == third.version)
        #expect(try await registry.version(of: layer, at: "2027-01-01T00:00:00Z") == fourth.version)
        let before = await #expect(throws: RegistryError.self) { try await registry.version(of: layer, at: "2025-12-31T23:59:59Z") }
        #expect(before?.code == .layerNotYet && before?.message.zh.contains("2026-01-01") == true)
        let absent = await #expect(throws: RegistryError.self) { try await registry.version(of: "base.road", at: "2026-01-01T00:00:00Z") }
        #expect(absent?.code == .layerNotYet)
        #expect(try await all(.version(second.version)).count == 5)
        let across = await #expect(throws: RegistryError.self) { try await all(.version(fourth.version, since: second.version)) }
        #expect(across?.code == .historyAbsent && across?.message.zh.contains("2026-03-01") == true)
        try await registry.drop("a", of: layer)
        let gone = await #expect(throws: RegistryError.self) { try await all(.version(second.version)) }
        #expect(gone?.code == .historyDropped && gone?.message.zh.contains("a") == true)
        #expect(try await all(.version(third.version)).count == 9)
    }
}
