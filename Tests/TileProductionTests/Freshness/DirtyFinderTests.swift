import FeatureStore
import Foundation
import SimpleFeatures
import TestSupport
import Testing
import TileCache
import Tiling

@testable import TileProduction

/// Edits of a hamlet: which vector tiles they touch is told exactly.
@Suite struct DirtyFinderTests {
    private static let layers = [
        "base.building", "base.road.minor", "base.road.main", "base.green", "base.water", "placename", "doorplate", "house", "unit",
        "facility",
    ]
    private static let sets = ["w", "c"]

    fileprivate struct Place: Hashable {
        var set: String
        var address: TileAddress
    }

    /// Tiles over the middle of the hamlet at many levels.
    private static func sample(_ data: TestData) throws -> [Place] {
        try sets.flatMap { id in
            let set = try data.set(id)
            return try [8, 10, 12, 13, 14, 15, 16, 17, 18].flatMap { level in
                try data.block(set, level: level).map { Place(set: id, address: $0) }
            }
        }
    }

    private struct Content: Equatable {
        var bytes: [UInt8]
        var leftOut: [String: Int]
    }

    private static func tiles(_ sample: [Place], _ map: LiveMap, _ data: TestData, _ bench: WorkerBench) throws -> [Place: Content] {
        var tiles: [Place: Content] = [:]
        for place in sample {
            let producer = TileProducer(map: map, set: try data.set(place.set), bench: bench)
            var recorder = ProductionRecorder()
            let (bytes, leftOut) = try producer.vectorBytes(in: try producer.vectorWindow(at: place.address), recorder: &recorder)
            tiles[place] = Content(bytes: bytes, leftOut: leftOut)
        }
        return tiles
    }

    /// Every tile that a single change changes is told, and nearly none besides.
    @Test func whatIsToldIsWhatChanges() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let sample = try Self.sample(data)
        let bench = WorkerBench()
        var edits = RandomEdits(seed: 5, registry: data.installation.registry)
        // Held on to: counts by area are brought up to date behind, and would come in between.
        var former = try data.map
        var before = try Self.tiles(sample, former, data, bench)
        var (told, changed) = (0, 0)
        for round in 0..<4 {
            for layer in Self.layers {
                _ = try await edits.commit(layer, count: 1)
                try await data.library.refresh()
                let sets = try Self.sets.map(data.set)
                let current = try data.map
                let dirty = try DirtyFinder(from: former, to: current, bench: bench).vectorTiles(of: sets)
                let after = try Self.tiles(sample, current, data, bench)
                for place in sample {
                    let isTold = dirty.contains(place)
                    let isChanged = before[place] != after[place]
                    #expect(isTold || !isChanged, "round \(round), \(layer): \(place) changed and was not told")
                    told += isTold ? 1 : 0
                    changed += isChanged ? 1 : 0
                }
                (former, before) = (current, after)
            }
        }
        #expect(changed > 100)
        #expect(Double(told) <= 1.3 * Double(changed), "\(told) told, \(changed) changed")
        print("vector tiles: \(told) told, \(changed) changed")
    }

    /// Where the states cannot be compared, everything counts as changed, and says so.
    @Test func whatCannotBeComparedIsChanged() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let former = try data.map
        _ = try await data.installation.registry.edit("base.building", [.remove(7)], version: nil)
        try await data.library.refresh()
        let known = try data.set("w")
        var unserved = known
        unserved.crs = "EPSG:2435"
        let comparison = try MapComparison(from: former, to: data.map, sets: [known, unserved], bench: WorkerBench())
        #expect(!comparison.isKnown)
        for matrix in known.matrices {
            let corner = TileAddress(level: matrix.level, row: matrix.matrixHeight - 1, column: 0)
            #expect(comparison.vectorTiles.contains(Place(set: "w", address: corner)))
            #expect(comparison.openPictures.contains { $0.level == matrix.level && $0.ratio == 2 })
        }
        let compared = try MapComparison(from: former, to: data.map, sets: [known], bench: WorkerBench())
        #expect(compared.isKnown && compared.vectorTiles.count < 1_000)
    }

    /// A field that no tile carries touches nothing, and is no new version of the map.
    @Test func aFieldThatNoTileCarriesTouchesNothing() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let registry = data.installation.registry
        let record = try #require(try await registry.layer("base.building"))
        let shown = Set(data.library.state.layers["base.building"]?.prepared?.fields ?? [])
        let field = try #require(record.schema.fields.firstIndex { !shown.contains($0.name) && $0.kind == .text && $0.name != "name" })
        var feature = try #require(try await registry.features(FeatureQuery(layer: "base.building", ids: [7], fields: .all)).first)
        feature.values[field] = .text("另一")
        let former = try data.map
        _ = try await registry.edit("base.building", [.put(feature)], version: nil)
        #expect(try await data.library.refresh())
        #expect(try data.map.dataVersion == former.dataVersion)
        let dirty = try DirtyFinder(from: former, to: data.map, bench: WorkerBench()).vectorTiles(of: [data.set("w")])
        #expect(dirty.isEmpty)
    }
}

extension DirtyTiles {
    fileprivate func contains(_ place: DirtyFinderTests.Place) -> Bool {
        let address = place.address
        return blocks.contains {
            $0.kind == .vector && $0.matrixSet == place.set && $0.level == address.level && $0.rows.contains(address.row)
                && $0.columns.contains(address.column)
        }
    }
}
