import Foundation
import SQLite
import TestSupport
import Testing
import Tiling
import Wording

@testable import TileArchives

/// What a reading from end to end finds.
@Suite struct ArchiveInspectionTests {
    @Test(arguments: ["pmtiles", "mbtiles"])
    func aSoundArchiveHasItsCountsAndItsHash(ending: String) throws {
        let path = try ScratchDirectory.make() + "/a.\(ending)"
        let tiles = ArchiveDeltaTests.vectorTiles(2...7, side: 30, seed: 1)
        let archive = try ArchiveDeltaTests.write(tiles, path)
        let inspection = archive.inspect()
        #expect(inspection.isSound, "\(inspection.findings)")
        #expect(try inspection.contentHash == archive.contentHash())
        #expect(try inspection.census == archive.census())
        #expect(inspection.census.tiles == UInt64(tiles.count))
        #expect(inspection.census.contents == Set(tiles.map(\.bytes)).count)
        #expect(inspection.census.levels.map(\.bytes).reduce(0, +) == UInt64(tiles.reduce(0) { $0 + $1.bytes.count }))
    }

    @Test func countsThatAreNotTrueAreFound() throws {
        let folder = try ScratchDirectory.make()
        _ = try ArchiveDeltaTests.write(ArchiveDeltaTests.vectorTiles(2...5, side: 30, seed: 1), folder + "/a.pmtiles")
        let whole = try Data(contentsOf: URL(filePath: folder + "/a.pmtiles"))
        // Counts of tiles, entries and contents, and the last level.
        for place in [72, 80, 88, 101] {
            var bytes = whole
            bytes[place] += 1
            try bytes.write(to: URL(filePath: folder + "/b.pmtiles"))
            let inspection = try TileArchive(path: folder + "/b.pmtiles").inspect()
            #expect(inspection.findingCount == 1, "\(place): \(inspection.findings)")
            #expect(inspection.contentHash != nil)
        }
    }

    @Test func aTileThatDoesNotUnpackIsFoundByItsAddress() throws {
        let folder = try ScratchDirectory.make()
        let tiles = ArchiveDeltaTests.vectorTiles(5...5, side: 20, seed: 2)
        let archive = try ArchiveDeltaTests.write(tiles, folder + "/a.pmtiles")
        guard case .pmtiles(let file) = archive else { return }
        var bytes = try Data(contentsOf: URL(filePath: folder + "/a.pmtiles"))
        bytes[Int(file.header.tiles.offset) + 14] ^= 0xFF
        try bytes.write(to: URL(filePath: folder + "/b.pmtiles"))
        let inspection = try TileArchive(path: folder + "/b.pmtiles").inspect()
        #expect(inspection.findingCount >= 1)
        #expect(inspection.contentHash == nil)
        #expect(inspection.findings.first?.en.contains("tile 5/") == true)
    }

    @Test func contentOfAnotherKindIsFound() throws {
        let path = try ScratchDirectory.make() + "/a.pmtiles"
        var writer = try TileArchiveWriter(path: path, kind: .png, packing: .none)
        try writer.append(TileRun(first: 5, count: 3, bytes: [1, 2, 3, 4]))
        try writer.finish(TileArchiveTests.description)
        let inspection = try TileArchive(path: path).inspect()
        #expect(inspection.findingCount == 1, "\(inspection.findings)")
        #expect(inspection.contentHash != nil)
    }

    @Test func rowsThatAreNoTilesAreFound() throws {
        let folder = try ScratchDirectory.make()
        _ = try ArchiveDeltaTests.write(ArchiveDeltaTests.vectorTiles(3...4, side: 8, seed: 2), folder + "/a.mbtiles")
        do {
            let connection = try Connection(path: folder + "/a.mbtiles", access: .readWrite)
            try connection.execute("INSERT INTO map SELECT 3, 8, 0, tile_id FROM map LIMIT 1")
            try connection.execute("UPDATE metadata SET value = '7' WHERE name = 'maxzoom'")
        }
        let inspection = try TileArchive(path: folder + "/a.mbtiles").inspect()
        #expect(inspection.findingCount == 2, "\(inspection.findings)")
    }

    /// Leaves that every entry of the root names anew: without a check as many steps as the square of their entries.
    @Test func directoriesThatAreNamedAgainAndAgainEnd() throws {
        let leaf = PMTilesDirectory(entries: [.init(number: 3, offset: 0, length: 4, run: 1)]).bytes
        let root = PMTilesDirectory(
            entries: (0..<1000).map { .init(number: UInt64(10 * $0), offset: 0, length: UInt32(leaf.count), run: 0) }).bytes
        let path = try HostileArchiveTests.file(HostileArchiveTests.header(root: root.count, leaves: leaf.count), root + leaf)
        let inspection = try TileArchive(path: path).inspect()
        #expect(inspection.findingCount >= 1)
        #expect(inspection.contentHash == nil)
        let empty: [UInt8] = [0, 0, 0, 0]
        let other = try HostileArchiveTests.file(HostileArchiveTests.header(root: root.count, leaves: 4), root + empty)
        #expect(throws: TileArchiveError.self) { try TileArchive(path: other).contentHash() }
    }

    /// Four thousand million tiles in one entry: counted and hashed as one.
    @Test func anEndlessRunIsOneStep() throws {
        let path = try ScratchDirectory.make() + "/a.pmtiles"
        var writer = try TileArchiveWriter(path: path, kind: .unknown, packing: .none)
        try writer.append(TileRun(first: 0, count: 1 << 40, bytes: [7]))
        try writer.finish(TileArchiveTests.description)
        let inspection = try TileArchive(path: path).inspect()
        #expect(inspection.census.tiles == 1 << 40)
        #expect(inspection.census.contents == 1)
        #expect(inspection.isSound, "\(inspection.findings)")
    }

    /// Every byte of the header and the root directory in turn, changed: a report or an error, never a trap or a hang.
    @Test func damageAnywhereIsReportedOrHarmless() throws {
        let folder = try ScratchDirectory.make()
        let archive = try ArchiveDeltaTests.write(ArchiveDeltaTests.vectorTiles(2...5, side: 12, seed: 8), folder + "/a.pmtiles")
        let hash = try archive.contentHash()
        let whole = [UInt8](try Data(contentsOf: URL(filePath: folder + "/a.pmtiles")))
        var numbers = SeededGenerator(seed: 9)
        let path = folder + "/b.pmtiles"
        for round in 0..<600 {
            var damaged = whole
            let place = round < 300 ? round : Int.random(in: 16_384..<whole.count, using: &numbers)
            damaged[place] ^= UInt8.random(in: 1...255, using: &numbers)
            try Data(damaged).write(to: URL(filePath: path))
            do {
                let inspection = try TileArchive(path: path).inspect()
                if let found = inspection.contentHash, found != hash { #expect(!inspection.isSound, "byte \(place)") }
            } catch {
                #expect(error.description.contains(path))
            }
        }
    }
}
