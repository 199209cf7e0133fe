import Compression
import FeatureStore
import Reprojection
import SimpleFeatures
import TestSupport
import Testing
import TileArchives
import TileCache
import Tiling

@testable import TileProduction

/// Tiles made ahead are the tiles that are made on demand, all of them, in one order whatever the workers.
@Suite struct SeederTests {
    private func seeded(_ format: TileFormat, _ levels: ClosedRange<Int>, workers: Int, metatile: Int) async throws -> ([SeededTile], SeedReport) {
        let data = try await DemoHamlet.shared.value
        let seeder = try Seeder(
            library: data.library, map: "standard", matrixSet: "w", format: format, workers: workers, metatile: metatile)
        var tiles: [SeededTile] = []
        let built = try #require(data.library.state.layers["base.building"]).geographicEnvelope
        let limits = try seeder.limits(levels, area: built, policy: DatumPolicy())
        let report = try await seeder.run(limits, keep: { tiles.append($0) }, progress: { _ in })
        return (tiles, report)
    }

    @Test(arguments: [TileFormat.mvt, .png(ratio: 1)])
    func everyTileIsThereInTheArchivesOrder(format: TileFormat) async throws {
        let (tiles, report) = try await seeded(format, 8...14, workers: 2, metatile: 4)
        #expect(report.isComplete)
        #expect(report.progress.made == tiles.count)
        #expect(report.progress.made + report.progress.empty == report.progress.expected)
        #expect(tiles.count > 10)
        let numbers = tiles.compactMap { HilbertOrder.number(of: $0.address) }
        #expect(numbers.count == tiles.count && zip(numbers, numbers.dropFirst()).allSatisfy(<))
    }

    @Test(arguments: [TileFormat.mvt, .png(ratio: 1)])
    func workersAndMetatilesDoNotShow(format: TileFormat) async throws {
        let (one, _) = try await seeded(format, 10...14, workers: 1, metatile: 1)
        for (workers, metatile) in [(2, 4), (3, 16)] {
            let (other, _) = try await seeded(format, 10...14, workers: workers, metatile: metatile)
            #expect(other.map(\.address) == one.map(\.address))
            #expect(other.map(\.tile.body) == one.map(\.tile.body))
        }
    }

    @Test func theyAreTheServicesTiles() async throws {
        let (tiles, _) = try await seeded(.mvt, 12...14, workers: 2, metatile: 8)
        let service = try await DemoHamlet.shared.value.service()
        let unpacker = Decompressor()
        for one in tiles {
            let served = try await service.tile(.init(map: "standard", matrixSet: "w", address: one.address, format: .mvt))
            let bytes = try [one.tile.body, served.body].map { try unpacker.decompress($0, format: .gzip, limit: 1 << 24) }
            #expect(bytes[0] == bytes[1])
        }
    }

    @Test func anAreaIsHeld() async throws {
        let data = try await DemoHamlet.shared.value
        let seeder = try Seeder(library: data.library, map: "standard", matrixSet: "w", format: .mvt, workers: 1)
        let corner = try seeder.limits(14...14, area: .init(minX: 0, minY: 0, maxX: 0.001, maxY: 0.001), policy: DatumPolicy())
        #expect(corner.count == 1 && corner[0].tileCount <= 4)
        let report = try await seeder.run(corner, keep: { _ in Issue.record("nothing is drawn there") }, progress: { _ in })
        #expect(report.progress.empty == report.progress.expected)
    }

    @Test func whatThereIsNotIsRefused() async throws {
        let data = try await DemoHamlet.shared.value
        for (map, set, code) in [("nowhere", "w", ProductionError.Code.unknownMap), ("standard", "mars", .unknownMatrixSet)] {
            let error = #expect(throws: ProductionError.self) {
                try Seeder(library: data.library, map: map, matrixSet: set, format: .mvt, workers: 1)
            }
            #expect(error?.code == code)
        }
    }
}
