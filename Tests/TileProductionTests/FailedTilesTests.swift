import FeatureStore
import Foundation
import GeoTIFF
import Imagery
import Reprojection
import SeedJobs
import SimpleFeatures
import TestSupport
import Testing
import TileCache
import Tiling

@testable import TileProduction

/// A tile that cannot be made is listed with its reason, keeps the archive from its name, and is made again when its data are mended.
@Suite struct FailedTilesTests {
    /// In the middle of the image: CGCS2000 longitude and latitude.
    private static let centre = Coordinate(x: 113.75, y: 23.02)

    private func installation() async throws -> Installation {
        let installation = try Installation(data: ScratchDirectory.make(), share: DemoHamlet.repository)
        let path = try ScratchDirectory.make() + "/sheet.tif"
        let operation = try CoordinateOperation(from: .cgcs2000, to: try CRS("EPSG:4547"), policy: installation.policy)
        let carried = operation.transform(Self.centre)
        let middle = try #require(carried)
        let reference = try #require(
            GeoReference(
                origin: Coordinate(x: middle.x - 400, y: middle.y + 400), column: Coordinate(x: 1, y: 0), row: Coordinate(x: 0, y: -1)))
        let writer = try GeoTIFFWriter(path: path, width: 800, height: 800, reference: reference, epsg: 4547, isGeographic: false)
        try writer.write { x, y in 0xFF00_0000 | UInt32(x & 255) << 8 | UInt32(y & 255) }
        try writer.finish()
        _ = try await installation.importLayer(LayerImportRequest(layer: "base.image", files: [path]))
        return installation
    }

    private func plan(_ installation: Installation, _ library: MapLibrary, _ name: String) throws -> SeedPlan {
        let centre = Self.centre
        let specification = SeedSpecification(
            map: "image", matrixSets: ["w"], levels: 15...16, formats: [.jpeg(ratio: 1)],
            area: SeedArea(
                name: "a", envelope: Envelope(minX: centre.x - 0.006, minY: centre.y - 0.006, maxX: centre.x + 0.006, maxY: centre.y + 0.006)),
            metatile: 1, archive: installation.directory.path + "/" + name)
        return try SeedPlan(specification, state: library.state, policy: installation.policy)
    }

    private func seed(
        _ plan: SeedPlan, _ installation: Installation, _ library: MapLibrary, retries: Bool = false, allowed: Double = 0
    ) async throws -> SeedReport {
        let journal = try JobJournal(directory: installation.directory.jobDirectory)
        let opening = try SeedOpening(plan, journal: journal, owner: .command, retriesFailed: retries)
        var settings = SeedRun.Settings(workers: 2)
        settings.allowedFailures = allowed
        let run = try SeedRun(
            job: opening.job.number, plan: opening.plan, library: library, journal: journal, target: opening.target, labels: nil,
            settings: settings)
        return try await run.run(progress: { _ in })
    }

    private func overwrite(_ path: String, at offset: UInt64, _ bytes: [UInt8]) throws -> [UInt8] {
        let file = try FileHandle(forUpdating: URL(filePath: path))
        defer { file.closeFile() }
        try file.seek(toOffset: offset)
        let before = try #require(try file.read(upToCount: bytes.count))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        return Array(before)
    }

    @Test func oneBadTileIsListedAndMadeWhenMended() async throws {
        let installation = try await installation()
        let library = try installation.library()
        try await library.prepareAll()
        let whole = try plan(installation, library, "whole.pmtiles")
        #expect(try await seed(whole, installation, library).state == .done)

        let directory = installation.directory.preparedDirectory
        let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".imagery") }
        let path = directory + "/" + (try #require(names.first))
        // One after the other, until the spoilt one is of a tile of the plan.
        let entries = try Self.entries(path)
        var spoilt: (place: UInt64, before: [UInt8])?
        let broken = try plan(installation, library, "a.pmtiles")
        let images = try #require(library.state.layers["base.image"]?.imagery)
        let number = try #require(images.metadata.sets.firstIndex { $0.id == "w" })
        for entry in entries {
            let before = try overwrite(path, at: entry, [0xFF, 0xFF, 0xFF, 0x7F])
            let failed = broken.passes.flatMap(\.blocks).count { block in
                do {
                    _ = try images.tile(set: number, block.first)
                    return false
                } catch {
                    return true
                }
            }
            if failed > 0 {
                spoilt = (entry, before)
                break
            }
            _ = try overwrite(path, at: entry, before)
        }
        let fault = try #require(spoilt)

        let first = try await seed(broken, installation, library)
        #expect(first.state == .failed && first.progress.tally.failed >= 1 && first.failures.count == first.progress.tally.failed)
        #expect(first.failures.allSatisfy { $0.reason.contains("影像") && $0.attempts == 1 }, "\(first.failures)")
        #expect(first.progress.done == first.progress.expected)
        let archive = installation.directory.path + "/a.pmtiles"
        #expect(!FileManager.default.fileExists(atPath: archive), "a worse archive has no name")

        let again = try await seed(broken, installation, library, retries: true)
        #expect(again.state == .failed && again.failures.map(\.attempts).allSatisfy { $0 == 2 })
        let tolerant = try await seed(broken, installation, library, allowed: 1)
        #expect(tolerant.state == .done && FileManager.default.fileExists(atPath: archive))

        _ = try overwrite(path, at: fault.place, fault.before)
        let mended = try await seed(broken, installation, library, retries: true)
        #expect(mended.state == .done && mended.failures.isEmpty && mended.progress.ownTiles <= first.failures.count)
        #expect(
            try Data(contentsOf: URL(filePath: archive)) == Data(contentsOf: URL(filePath: installation.directory.path + "/whole.pmtiles")))
    }

    private static func entries(_ path: String) throws -> [UInt64] {
        let bytes = try Data(contentsOf: URL(filePath: path))
        func word(_ number: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[number * 8 + $1]) << UInt64($1 * 8) }
        }
        // Words 2 and 3: where the index is, and how many entries of three words it has; the last of them says how a tile is packed.
        return (0..<word(3)).map { word(2) + $0 * 24 + 20 }
    }
}
