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
@Suite(.serialized) struct TileFreshnessTests {
    private static let layers = [
        "base.building", "base.road.minor", "base.road.main", "base.green", "base.water", "placename", "doorplate", "house", "unit",
        "facility", "population", "grid.unit", "admin.village",
    ]

    private typealias Request = TileService.Request

    /// Vector tiles and pictures over the hamlet at many levels of two sets.
    private static func sample(_ data: TestData) throws -> [Request] {
        var sample: [Request] = []
        for id in ["w", "c"] {
            let set = try data.set(id)
            for level in [8, 10, 12, 13, 14, 15, 16, 17, 18] {
                for address in try data.block(set, level: level) {
                    sample.append(Request(map: "standard", matrixSet: id, address: address, format: .mvt))
                    guard id == "w" else { continue }
                    sample.append(Request(map: "standard", matrixSet: id, address: address, format: .png(ratio: level == 16 ? 2 : 1)))
                }
            }
        }
        return sample
    }

    private static func service(_ library: MapLibrary) -> TileService {
        // On a busy machine the new tile may take its time; the old one, which is given then, is no answer here.
        TileService(
            library: library, cache: MemoryTier(capacity: 256 << 20), workers: 2, queueLimit: 10_000, metatile: 2, patience: .seconds(600))
    }

    private static func tiles(_ sample: [Request], _ service: TileService) async throws -> [Request: EncodedTile] {
        var tiles: [Request: EncodedTile] = [:]
        for request in sample { tiles[request] = try await service.tile(request) }
        return tiles
    }

    /// The tiles as they are made of the data now, past every cache and plan that was brought up to date.
    private static func made(_ sample: [Request], _ data: TestData) async throws -> [Request: EncodedTile] {
        let (map, bench) = (try data.map, WorkerBench())
        var tiles: [Request: EncodedTile] = [:]
        var labels: [String: LevelLabels] = [:]
        for request in sample {
            let producer = TileProducer(map: map, set: try data.set(request.matrixSet), bench: bench)
            var recorder = ProductionRecorder()
            guard let ratio = request.format.ratio else {
                tiles[request] = try producer.vectorTile(at: request.address, recorder: &recorder)
                continue
            }
            let level = "\(request.matrixSet) \(request.address.level) \(ratio)"
            if labels[level] == nil { labels[level] = try producer.labels(level: request.address.level, ratio: ratio) }
            tiles[request] = try producer.rasterTiles(
                around: request.address, format: request.format, metatile: 1, labels: labels[level], recorder: &recorder)[request.address]
        }
        return tiles
    }

    /// Waits until it is known of all pictures whether they changed.
    private static func settle(_ library: MapLibrary) async throws {
        while library.state.maps.values.contains(where: { !$0.tileVersions.openRungs.isEmpty }) {
            try await Task.sleep(for: .milliseconds(5))
        }
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

    private static func isSame(_ one: EncodedTile?, _ other: EncodedTile?) -> Bool {
        one?.body == other?.body && one?.leftOut == other?.leftOut
    }

    /// Ten thousand changes, alone and in crowds, across compactions; what is asked for in between stays in the cache.
    @Test func tenThousandChangesGiveTheBytesOfAFreshBuild() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let service = Self.service(data.library)
        var edits = RandomEdits(seed: 1, registry: data.installation.registry)
        var random = SeededGenerator(seed: 78)
        let sample = try Self.sample(data)
        _ = try await Self.tiles(sample, service)
        var done = 0
        for round in 1...2 {
            while done < round * 5_000 {
                for size in [1, 1, 40, 1, 1_250] {
                    let layer = Self.layers[Int.random(in: Self.layers.indices, using: &random)]
                    done += try await edits.commit(layer, count: size).count
                    try await data.library.refresh()
                    if size == 1 { _ = try await Self.tiles(Array(sample.prefix(20)), service) }
                }
            }
            try await data.library.prepareAll()
            try await Self.settle(data.library)
            let kept = try await Self.tiles(sample, service)
            let fresh = try await Self.tiles(sample, Self.service(Self.fromScratch(data)))
            for request in sample {
                #expect(Self.isSame(kept[request], fresh[request]), "round \(round), after \(done) changes: \(request)")
            }
        }
        #expect(done >= 10_000)
    }

    /// Single changes: what they do not touch stays in the cache, and of what they do touch nearly all is other than before.
    @Test func littleMoreIsMadeAgainThanChanges() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let service = Self.service(data.library)
        var edits = RandomEdits(seed: 5, registry: data.installation.registry)
        let sample = try Self.sample(data)
        var before = try await Self.tiles(sample, service)
        var touched: [DirtyTiles.Kind: Int] = [:]
        var changed: [DirtyTiles.Kind: Int] = [:]
        var touchedByLevel: [Int: Int] = [:]
        var changedByLevel: [Int: Int] = [:]
        var looks = 0
        for layer in ["base.building", "doorplate", "facility", "base.road.main", "unit", "base.green", "placename", "house"] {
            for _ in 0..<2 {
                let versions = try data.map.tileVersions
                _ = try await edits.commit(layer, count: 1)
                try await data.library.refresh()
                try await Self.settle(data.library)
                let now = try data.map.tileVersions
                let after = try await Self.tiles(sample, service)
                let fresh = try await Self.made(sample, data)
                for request in sample {
                    let kind = DirtyTiles.Kind(request.format)
                    func version(_ versions: TileVersions) -> UInt64 {
                        versions.version(matrixSet: request.matrixSet, address: request.address, format: request.format)
                    }
                    let isTouched = version(versions) != version(now)
                    #expect(Self.isSame(after[request], fresh[request]), "\(layer): \(request)")
                    let isChanged = !Self.isSame(before[request], fresh[request])
                    touched[kind, default: 0] += isTouched ? 1 : 0
                    changed[kind, default: 0] += isChanged ? 1 : 0
                    guard kind == .picture else { continue }
                    looks += 1
                    touchedByLevel[request.address.level, default: 0] += isTouched ? 1 : 0
                    changedByLevel[request.address.level, default: 0] += isChanged ? 1 : 0
                }
                before = after
            }
        }
        print("of \(looks) looks: \(touched) touched, \(changed) changed; pictures by level: \(touchedByLevel) touched, \(changedByLevel) changed")
        for kind in DirtyTiles.Kind.allCases {
            let (touches, changes) = (touched[kind, default: 0], changed[kind, default: 0])
            #expect(changes > 5)
            #expect(Double(touches) <= 1.3 * Double(changes), "\(kind.rawValue): \(touches) touched, \(changes) changed")
        }
    }

    /// The request after a change already has the new picture, though it is not known yet which pictures changed.
    @Test func noPictureOfAFormerStateIsServed() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let service = Self.service(data.library)
        var edits = RandomEdits(seed: 9, registry: data.installation.registry)
        let sample = try Self.sample(data).filter { $0.format != .mvt && $0.address.level >= 15 }
        _ = try await Self.tiles(sample, service)
        for _ in 0..<3 {
            _ = try await edits.commit("base.building", count: 40)
            try await data.library.refresh()
            let served = try await Self.tiles(sample, service)
            let fresh = try await Self.made(sample, data)
            for request in sample { #expect(Self.isSame(served[request], fresh[request]), "\(request)") }
        }
    }

    /// What changed before there was a service to follow it is never taken for unchanged.
    @Test func aServiceBeginsWithWhatIsKnown() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let before = try data.map.dataVersion
        var edits = RandomEdits(seed: 4, registry: data.installation.registry)
        _ = try await edits.commit("base.building", count: 40)
        try await data.library.refresh()
        let changed = try data.map
        #expect(!changed.tileVersions.openRungs.isEmpty)
        let service = Self.service(data.library)
        #expect(try data.map.tileVersions.openRungs.isEmpty)
        // A look at the registry that finds nothing new opens nothing and closes nothing.
        try await data.library.prepareAll()
        try await Self.settle(data.library)
        let rung = try #require(changed.tileVersions.openRungs.first { $0.matrixSet == "w" && $0.level == 16 })
        let address = try #require(try data.block(data.set("w"), level: 16).first)
        let now = try data.map.tileVersions
        #expect(now.version(matrixSet: "w", address: address, format: .png(ratio: rung.ratio)) != before)
        _ = service
    }

    /// What changes and changes back has its former tiles again.
    @Test func whatIsTakenBackIsAsItWas() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let registry = data.installation.registry
        let feature = try #require(try await registry.features(FeatureQuery(layer: "base.building", ids: [7], fields: .all)).first)
        let before = try data.map.tileVersions
        let address = try #require(try data.block(data.set("w"), level: 16).first)
        func version(_ versions: TileVersions) -> UInt64 { versions.version(matrixSet: "w", address: address, format: .mvt) }
        _ = try await registry.edit("base.building", [.remove(7)], version: nil)
        try await data.library.refresh()
        _ = try await registry.edit("base.building", [.put(feature)], version: nil)
        try await data.library.refresh()
        #expect(try data.map.tileVersions.current == before.current)
        #expect(try version(data.map.tileVersions) == version(before))
    }

    /// What the changes before a restart left alone is not made again after it; of other data, or where the file is damaged,
    /// everything is.
    @Test func versionsOutliveAService() async throws {
        let data = try await TestData.made(in: ScratchDirectory.make())
        let directory = try ScratchDirectory.make()
        let files = TileVersionFiles(directory: directory, maker: "test")
        var edits = RandomEdits(seed: 3, registry: data.installation.registry)
        do {
            let service = TileService(
                library: data.library, cache: MemoryTier(capacity: 0), workers: 1, queueLimit: 10, metatile: 1, versions: files)
            let first = try data.map.dataVersion
            _ = try await edits.commit("base.building", count: 3)
            try await data.library.refresh()
            try await Self.settle(data.library)
            #expect(try data.map.dataVersion != first)
            while try files.versions(of: data.map) != data.map.tileVersions { try await Task.sleep(for: .milliseconds(5)) }
            _ = service
        }
        let kept = try data.map.tileVersions
        func reopened(_ files: TileVersionFiles) async throws -> TileVersions {
            let library = try data.installation.library()
            let service = TileService(
                library: library, cache: MemoryTier(capacity: 0), workers: 1, queueLimit: 10, metatile: 1, versions: files)
            try await library.prepareAll()
            _ = service
            return try #require(library.state.maps["standard"]).tileVersions
        }
        #expect(try await reopened(files) == kept)
        let none = try TileVersions(data.map.dataVersion)
        #expect(kept != none)
        #expect(try await reopened(TileVersionFiles(directory: directory, maker: "another")) == none)
        try Data("{\"maker\": \"test\", \"versions\"".utf8).write(to: URL(filePath: directory + "/standard.json"))
        #expect(try await reopened(files) == none)
        _ = try await edits.commit("base.building", count: 30)
        #expect(try await reopened(files).current != kept.current)
    }
}
