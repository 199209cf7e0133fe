import Compression
import FeatureStore
import Reprojection
import SeedJobs
import SimpleFeatures
import TestSupport
import Testing
import TileArchives
import TileCache
import Tiling

@testable import TileProduction

/// Tiles made ahead are the tiles that are made on demand, all of them, whatever the workers.
@Suite struct SeedRunTests {
    private func plan(_ data: TestData, _ format: TileFormat, _ levels: ClosedRange<Int>, metatile: Int = 8, area: Envelope? = nil) throws -> SeedPlan {
        let built = try #require(data.library.state.layers["base.building"]).geographicEnvelope
        let specification = SeedSpecification(
            map: "standard", matrixSets: ["w"], levels: levels, formats: [format], area: SeedArea(name: "a", envelope: area ?? built),
            metatile: metatile, archive: nil)
        return try SeedPlan(specification, state: data.library.state, policy: DatumPolicy())
    }

    private func seeded(
        _ format: TileFormat, _ levels: ClosedRange<Int>, workers: Int, metatile: Int, area: Envelope? = nil
    ) async throws -> ([TileAddress: EncodedTile], SeedReport) {
        let data = try await DemoHamlet.shared.value
        let plan = try plan(data, format, levels, metatile: metatile, area: area)
        let journal = try JobJournal(directory: ScratchDirectory.make())
        let job = try journal.open(
            JobDraft(specification: "", fingerprint: "f", owner: .command, chunkBlocks: 3, passes: plan.journalPasses)).job.number
        let target = CollectingTarget()
        let run = try SeedRun(
            job: job, plan: plan, library: data.library, journal: journal, target: target, labels: nil, settings: .init(workers: workers))
        let report = try await run.run(progress: { _ in })
        return (await target.tiles, report)
    }

    @Test(arguments: [TileFormat.mvt, .png(ratio: 1)])
    func everyTileIsThere(format: TileFormat) async throws {
        let (tiles, report) = try await seeded(format, 8...14, workers: 2, metatile: 4)
        let (tally, expected) = (report.progress.tally, report.progress.expected)
        #expect(report.state == .done && report.failures.isEmpty)
        #expect(tally.made == tiles.count && tally.made + tally.empty == expected && tiles.count > 10)
    }

    @Test(arguments: [TileFormat.mvt, .png(ratio: 1)])
    func workersAndMetatilesDoNotShow(format: TileFormat) async throws {
        let (one, _) = try await seeded(format, 10...14, workers: 1, metatile: 1)
        for (workers, metatile) in [(2, 4), (3, 16)] {
            let (other, _) = try await seeded(format, 10...14, workers: workers, metatile: metatile)
            #expect(other.mapValues(\.body) == one.mapValues(\.body))
        }
    }

    @Test func theyAreTheServicesTiles() async throws {
        let (tiles, _) = try await seeded(.mvt, 12...14, workers: 2, metatile: 8)
        let service = try await DemoHamlet.shared.value.service()
        let unpacker = Decompressor()
        for (address, tile) in tiles {
            let served = try await service.tile(.init(map: "standard", matrixSet: "w", address: address, format: .mvt))
            let bytes = try [tile.body, served.body].map { try unpacker.decompress($0, format: .gzip, limit: 1 << 24) }
            #expect(bytes[0] == bytes[1])
        }
    }

    @Test func anAreaIsHeld() async throws {
        let (tiles, report) = try await seeded(
            .mvt, 14...14, workers: 1, metatile: 8, area: .init(minX: 0, minY: 0, maxX: 0.001, maxY: 0.001))
        #expect(tiles.isEmpty && report.progress.expected <= 4 && report.progress.tally.knownEmpty == report.progress.expected)
    }

    /// What the index says is empty is empty when it is drawn.
    @Test(arguments: [TileFormat.mvt, .png(ratio: 1), .png(ratio: 2)])
    func whatIsKnownToBeEmptyIsEmpty(format: TileFormat) async throws {
        let data = try await DemoHamlet.shared.value
        let (map, set) = (try data.map, try data.set("w"))
        let built = try #require(data.library.state.layers["base.building"]).geographicEnvelope
        // Beyond the land of the demo, which is drawn wherever nothing else is, there is nothing at all.
        var everything = built
        for layer in map.layers { everything.formUnion(layer.geographicEnvelope) }
        let areas = [built.expanded(by: 0.01), everything.expanded(by: everything.width)]
        let passes = try areas.flatMap { try plan(data, format, 9...15, metatile: 2, area: $0).passes }
        let bench = WorkerBench()
        let producer = TileProducer(map: map, set: set, bench: bench)
        var (known, drawn) = (0, 0)
        for pass in passes {
            let labels = try format.ratio.flatMap { try producer.labels(level: pass.level, ratio: $0) }
            // Each level's first blocks and every so many of the others.
            let step = max(1, pass.blocks.count / 40)
            for number in stride(from: 0, to: pass.blocks.count, by: step) {
                let block = pass.blocks[number]
                var recorder = ProductionRecorder()
                if format == .mvt {
                    let isKnown = try producer.isKnownEmpty(vectorTileAt: block.first)
                    let tile = try producer.vectorTile(at: block.first, recorder: &recorder)
                    if isKnown { #expect(tile.isEmpty, "\(block.first)") }
                    if isKnown { known += 1 } else { drawn += 1 }
                } else {
                    let isKnown = try producer.isKnownEmpty(metatileAround: block.first, format: format, metatile: 2, labels: labels)
                    guard isKnown else {
                        drawn += 1
                        continue
                    }
                    known += 1
                    let tiles = try producer.rasterTiles(
                        around: block.first, format: format, metatile: 2, labels: labels, recorder: &recorder)
                    #expect(tiles.values.allSatisfy { $0.isEmpty }, "\(block.first)")
                }
            }
        }
        #expect(known > 20 && drawn > 20, "\(known) known, \(drawn) not")
    }

    @Test func whatThereIsNotIsRefused() async throws {
        let data = try await DemoHamlet.shared.value
        for (map, set, format, code) in [
            ("nowhere", "w", "mvt", ProductionError.Code.unknownMap), ("standard", "mars", "mvt", .unknownMatrixSet),
            ("standard", "w", "gif", .unknownFormat),
        ] {
            var specification = SeedSpecification(
                map: map, matrixSets: [set], levels: 8...9, formats: [], area: SeedArea(name: "a", envelope: data.installation.city.box),
                archive: nil)
            specification.formats = [format]
            let error = #expect(throws: ProductionError.self) {
                try SeedPlan(specification, state: data.library.state, policy: DatumPolicy())
            }
            #expect(error?.code == code)
        }
    }

    @Test func aSpecificationComesBackFromTheJournal() throws {
        let specification = SeedSpecification(
            map: "standard", matrixSets: ["w", "c"], levels: 8...12, formats: [.mvt, .png(ratio: 2)],
            area: SeedArea(name: "a", envelope: Envelope(minX: 113.6, minY: 22.9, maxX: 113.9, maxY: 23.1)), archive: "/somewhere/a.pmtiles")
        #expect(try SeedSpecification(json: specification.json()) == specification)
        var other = specification
        other.levels = [8, 13]
        #expect(try other.fingerprint() != specification.fingerprint())
    }
}

/// Keeps tiles in memory.
private actor CollectingTarget: SeedTarget {
    nonisolated let isShared = false
    private(set) var tiles: [TileAddress: EncodedTile] = [:]

    func kept(_ block: SeedBlock, pass: Int, version: UInt64, map: LiveMap) -> SeedTally? { nil }

    func keep(_ tiles: [SeededTile], of block: SeedBlock, claim: ChunkClaim, map: LiveMap) {
        for tile in tiles {
            if case .made(let encoded) = tile.content { self.tiles[tile.address] = encoded }
        }
    }

    func settle() {}

    func finish(_ job: JobRecord, map: LiveMap, versions: [UInt64], journal: JobJournal) -> SeedEnding { .finished([]) }

    func discard() {}
}
