import FeatureStore
import Foundation
import SimpleFeatures
import TestSupport
import Testing
import TileCache
import Tiling

@testable import TileProduction

/// After any number of edits, whatever the cache still gives is what a build from scratch gives, byte for byte; and little more
/// than what really changed is made again.
@Suite(.serialized) struct FreshnessTests {
    private static let layers = [
        "base.building", "base.road.minor", "base.road.main", "base.green", "base.water", "placename", "doorplate", "house", "unit",
        "facility", "population", "grid.unit", "admin.village",
    ]

    fileprivate struct Wanted: Hashable {
        var set: String
        var address: TileAddress
        var format: TileFormat

        var request: TileService.Request { .init(map: "standard", matrixSet: set, address: address, format: format) }
    }

    /// Vector tiles and pictures over the hamlet at many levels of two sets.
    private static func sample(_ data: TestData) throws -> [Wanted] {
        var sample: [Wanted] = []
        for id in ["w", "c"] {
            let set = try data.set(id)
            for level in [8, 10, 12, 13, 14, 15, 16, 17, 18] {
                for address in try data.block(set, level: level) {
                    sample.append(Wanted(set: id, address: address, format: .mvt))
                    if id == "w" { sample.append(Wanted(set: id, address: address, format: .png(ratio: level == 16 ? 2 : 1))) }
                }
            }
        }
        return sample
    }

    private static func service(_ library: MapLibrary) -> TileService {
        TileService(library: library, cache: MemoryTier(capacity: 256 << 20), workers: 2, queueLimit: 10_000, metatile: 2)
    }

    private static func tiles(_ sample: [Wanted], _ service: TileService) async throws -> [Wanted: EncodedTile] {
        var tiles: [Wanted: EncodedTile] = [:]
        for wanted in sample { tiles[wanted] = try await service.tile(wanted.request) }
        return tiles
    }

    /// A library over a copy of the registry, with nothing derived from it.
    private static func fromScratch(_ data: TestData) async throws -> MapLibrary {
        let directory = try ScratchDirectory.make()
        let source = data.installation.directory.path
        for file in try FileManager.default.contentsOfDirectory(atPath: source) where file.hasPrefix("registry.gpkg") {
            try FileManager.default.copyItem(atPath: "\(source)/\(file)", toPath: "\(directory)/\(file)")
        }
        let library = try Installation(data: directory, share: DemoHamlet.repository).library()
        try await library.prepareAll()
        return library
    }

    private static func expectSame(_ found: [Wanted: EncodedTile], as wanted: [Wanted: EncodedTile], _ when: String) {
        for (place, tile) in wanted {
            guard let other = found[place] else { continue }
            #expect(other.body == tile.body, "\(when): \(place)")
            #expect(other.leftOut == tile.leftOut, "\(when): \(place)")
        }
    }

    /// Ten thousand changes, alone and in crowds.
    @Test(arguments: [1] as [UInt64])
    func whatIsKeptIsWhatAFreshBuildGives(seed: UInt64) async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let service = Self.service(data.library)
        var edits = RandomEdits(seed: seed, registry: data.installation.registry)
        var random = SeededGenerator(seed: seed &+ 77)
        let sample = try Self.sample(data)
        var done = 0
        for round in 1...8 {
            for size in [1, 1, 5, 40, 1, 900 + 70 * round] {
                let layer = Self.layers[Int.random(in: Self.layers.indices, using: &random)]
                done += try await edits.commit(layer, count: size).count
                try await data.library.refresh()
                if size == 1 { _ = try await Self.tiles(Array(sample.prefix(20)), service) }
            }
            try await data.library.prepareAll()
            await service.settle()
            let kept = try await Self.tiles(sample, service)
            let fresh = try await Self.tiles(sample, Self.service(Self.fromScratch(data)))
            Self.expectSame(kept, as: fresh, "seed \(seed), round \(round), \(done) changes")
        }
        print("changes made one after the other and in crowds: \(done)")
        #expect(service.cache.statistics.hits > 1_000)
    }

    /// Of the tiles that single changes mark stale, nearly all are others than before.
    @Test func littleMoreIsMarkedThanChanges() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let service = Self.service(data.library)
        var edits = RandomEdits(seed: 5, registry: data.installation.registry)
        let sample = try Self.sample(data)
        var before = try await Self.tiles(sample, service)
        var marked: [DirtyTiles.Kind: Int] = [:]
        var changed: [DirtyTiles.Kind: Int] = [:]
        for layer in ["base.building", "doorplate", "facility", "base.road.main", "unit", "base.green", "placename", "house"] {
            for _ in 0..<3 {
                _ = try await edits.commit(layer, count: 1)
                let changes = service.changes
                try await data.library.refresh()
                await service.settle()
                let stale = await Self.dirty(changes, service)
                let after = try await Self.tiles(sample, service)
                for wanted in sample {
                    let kind = DirtyTiles.Kind(wanted.format)
                    let isMarked = stale.contains { $0.contains(wanted.key) }
                    let isChanged = before[wanted]?.body != after[wanted]?.body || before[wanted]?.leftOut != after[wanted]?.leftOut
                    #expect(isMarked || !isChanged, "\(layer): \(wanted)")
                    marked[kind, default: 0] += isMarked ? 1 : 0
                    changed[kind, default: 0] += isChanged ? 1 : 0
                }
                before = after
            }
        }
        for kind in DirtyTiles.Kind.allCases {
            let (marks, changes) = (marked[kind, default: 0], changed[kind, default: 0])
            print("\(kind.rawValue): \(marks) tiles marked stale, \(changes) changed")
            #expect(changes > 50)
            #expect(Double(marks) <= 1.3 * Double(changes), "\(kind.rawValue): \(marks) marked, \(changes) changed")
        }
    }

    /// What is told while nobody adds to it.
    private static func dirty(_ changes: AsyncStream<MapChange>, _ service: TileService) async -> [DirtyTiles] {
        service.endChanges()
        var found: [DirtyTiles] = []
        for await change in changes { found.append(change.dirty) }
        return found
    }

    /// A field that no tile carries and no style reads touches nothing.
    @Test func aFieldThatNobodyShowsMakesNothingStale() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let service = Self.service(data.library)
        await service.settle()
        let registry = data.installation.registry
        let record = try #require(try await registry.layer("base.building"))
        let shown = Set(data.library.state.layers["base.building"]?.prepared?.fields ?? [])
        let field = try #require(record.schema.fields.firstIndex { !shown.contains($0.name) && $0.kind == .text })
        var feature = try #require(try await registry.features(FeatureQuery(layer: "base.building", ids: [7], fields: .all)).first)
        feature.values[field] = .text("另一")
        let changes = service.changes
        _ = try await registry.edit("base.building", [.put(feature)], version: nil)
        #expect(try await data.library.refresh())
        await service.settle()
        #expect(await Self.dirty(changes, service).isEmpty)
    }
}

extension FreshnessTests.Wanted {
    fileprivate var key: TileKey {
        TileKey(
            map: "standard", matrixSet: set, address: address, format: format, styleVersion: 0, dataVersion: 0, policyClass: "")
    }
}
