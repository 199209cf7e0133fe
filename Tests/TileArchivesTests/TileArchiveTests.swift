import Foundation
import SQLite
import TestSupport
import Testing
import Tiling

@testable import TileArchives

/// What is written is read again, by both kinds.
@Suite struct TileArchiveTests {
    static let description: TileArchiveDescription = {
        var metadata = ArchiveMetadata()
        metadata["name"] = "标准作业图 \"standard\""
        metadata.set("vector_layers", json: #"[{"id":"road","fields":{"name":"String"}}]"#)
        return TileArchiveDescription(
            kind: .mvt, packing: .gzip, levels: 0...14, bounds: [113.5, 22.6, 114.3, 23.2], centre: [113.75, 23.05],
            centreLevel: 12, metadata: metadata)
    }()

    /// A block of tiles on some levels, many of them with the one content that the sea has.
    static func tiles(_ levels: ClosedRange<Int>, side: Int, seed: UInt64) -> [ArchivedTile] {
        var numbers = SeededGenerator(seed: seed)
        var tiles: [ArchivedTile] = []
        for level in levels {
            let start = level > 4 ? (1 << level) / 3 : 0
            for row in start..<min(start + side, 1 << level) {
                for column in start..<min(start + side, 1 << level) {
                    let isSea = Int.random(in: 0..<3, using: &numbers) == 0
                    let bytes = isSea ? [1, 2, 3] : (0..<Int.random(in: 1...90, using: &numbers)).map { _ in UInt8.random(in: 0...255, using: &numbers) }
                    tiles.append(ArchivedTile(address: TileAddress(level: level, row: row, column: column), bytes: bytes))
                }
            }
        }
        return tiles.sorted { (HilbertOrder.number(of: $0.address) ?? 0) < (HilbertOrder.number(of: $1.address) ?? 0) }
    }

    static func writePMTiles(_ tiles: [ArchivedTile], _ path: String) throws {
        var writer = try PMTilesWriter(path: path, kind: .mvt, packing: .gzip)
        for tile in tiles { try writer.append(tile.bytes, at: tile.address) }
        #expect(writer.count == tiles.count)
        try writer.finish(description)
    }

    static func writeMBTiles(_ tiles: [ArchivedTile], _ path: String) throws {
        var writer = try MBTilesWriter(path: path)
        for tile in tiles { try writer.append(tile.bytes, at: tile.address) }
        try writer.finish(description)
    }

    /// The second has too many entries for the root directory.
    @Test(arguments: [(0...6, 40), (10...13, 120)])
    func bothKindsGiveBackWhatWasWritten(levels: ClosedRange<Int>, side: Int) throws {
        let folder = try ScratchDirectory.make()
        let tiles = Self.tiles(levels, side: side, seed: 5)
        let paths = [folder + "/a.pmtiles", folder + "/a.mbtiles"]
        try Self.writePMTiles(tiles, paths[0])
        try Self.writeMBTiles(tiles, paths[1])
        for path in paths {
            let archive = try TileArchive(path: path)
            for tile in tiles { #expect(try archive.tile(at: tile.address) == tile.bytes) }
            let watched = try TileArchive(file: ArchiveFile(path: path), isWatched: true)
            for tile in tiles { #expect(try watched.tile(at: tile.address) == tile.bytes) }
            // Written a moment ago: in memory wherever the file system can tell.
            let atHand = tiles.filter { watched.tileAtHand(at: $0.address) == $0.bytes }.count
            #expect(atHand == tiles.count || atHand == 0 && path.hasSuffix("pmtiles"))
            #expect(path.hasSuffix("pmtiles") || archive.tileAtHand(at: tiles[0].address) == nil, "nobody watches the file")
            #expect(watched.tileAtHand(at: TileAddress(level: 20, row: 0, column: 0)) == nil)
            #expect(try archive.tile(at: TileAddress(level: levels.upperBound, row: 0, column: 0)) == (levels.upperBound > 6 ? nil : tiles.first { $0.address == TileAddress(level: levels.upperBound, row: 0, column: 0) }?.bytes))
            #expect(try archive.tile(at: TileAddress(level: 20, row: 0, column: 0)) == nil)
            var read: Set<TileAddress> = []
            try archive.forEachTile { read.insert($0.address) }
            #expect(read == Set(tiles.map(\.address)))
            #expect(archive.description.levels == levels)
            #expect(archive.description.bounds == Self.description.bounds)
            #expect(archive.description.centre == Self.description.centre)
            #expect(archive.description.metadata["name"] == "标准作业图 \"standard\"")
            #expect(archive.description.metadata.members["vector_layers"] == Self.description.metadata.members["vector_layers"])
            #expect(archive.description.kind == .mvt)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.mbtiles", "a.pmtiles"])
    }

    @Test func theSameTilesGiveTheSameBytes() throws {
        let folder = try ScratchDirectory.make()
        let tiles = Self.tiles(8...10, side: 50, seed: 6)
        try Self.writePMTiles(tiles, folder + "/a.pmtiles")
        try Self.writePMTiles(tiles, folder + "/b.pmtiles")
        let files = try ["a", "b"].map { try Data(contentsOf: URL(filePath: "\(folder)/\($0).pmtiles")) }
        #expect(files[0] == files[1])
    }

    @Test func aContentIsStoredOnceAndNeighboursShareAnEntry() throws {
        let path = try ScratchDirectory.make() + "/sea.pmtiles"
        var writer = try PMTilesWriter(path: path, kind: .png, packing: .none)
        for number in 5..<21 as Range<UInt64> { try writer.append([7, 7, 7], at: try #require(HilbertOrder.address(of: number))) }
        try writer.append([8], at: try #require(HilbertOrder.address(of: 30)))
        try writer.append([7, 7, 7], at: try #require(HilbertOrder.address(of: 31)))
        try writer.finish(Self.description)
        let archive = try PMTilesArchive(path: path)
        #expect(archive.header.addressedTiles == 18)
        #expect(archive.header.tileEntries == 3)
        #expect(archive.header.tileContents == 2)
        #expect(archive.header.tiles.length == 4)
        #expect(archive.header.isClustered)
    }

    @Test func tilesOutOfOrderAndBeyondTheQuadtreeAreRefused() throws {
        let folder = try ScratchDirectory.make()
        var writer = try PMTilesWriter(path: folder + "/a.pmtiles", kind: .png, packing: .none)
        try writer.append([1], at: TileAddress(level: 1, row: 1, column: 0))
        for address in [TileAddress(level: 1, row: 0, column: 0), TileAddress(level: 2, row: 4, column: 0)] {
            let error = #expect(throws: TileArchiveError.self) { try writer.append([1], at: address) }
            #expect(error?.code == .notStorable)
        }
        var other = try MBTilesWriter(path: folder + "/a.mbtiles")
        let error = #expect(throws: TileArchiveError.self) { try other.append([1], at: TileAddress(level: 2, row: 0, column: 9)) }
        #expect(error?.code == .notStorable)
    }

    @Test func whatIsNotFinishedLeavesNothing() throws {
        let folder = try ScratchDirectory.make()
        do {
            var writer = try PMTilesWriter(path: folder + "/a.pmtiles", kind: .png, packing: .none)
            try writer.append([1], at: TileAddress(level: 0, row: 0, column: 0))
            var other = try MBTilesWriter(path: folder + "/a.mbtiles")
            try other.append([1], at: TileAddress(level: 0, row: 0, column: 0))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
}

/// Archives that somebody writes to while they are read.
@Suite struct ArchiveUnderWriteTests {
    /// What is in the log and not yet in the file belongs to the archive.
    @Test func aWriteAheadLogIsRead() throws {
        let path = try ScratchDirectory.make() + "/a.mbtiles"
        let tiles = TileArchiveTests.tiles(3...4, side: 4, seed: 3)
        try TileArchiveTests.writeMBTiles(tiles, path)
        let writer = try Connection(path: path, access: .readWrite)
        for sql in ["PRAGMA journal_mode = WAL", "PRAGMA wal_autocheckpoint = 0", "UPDATE images SET tile_data = x'0102'"] {
            try writer.execute(sql)
        }
        let archive = try TileArchive(file: ArchiveFile(path: path), isWatched: true)
        #expect(try archive.tile(at: tiles[0].address) == [1, 2])
        #expect(archive.tileAtHand(at: tiles[0].address) == nil, "its stamp does not tell what is in the log")
        withExtendedLifetime(writer) {}
    }

    /// A transaction whose writer was killed is undone before anything is read, or nothing is.
    @Test func anUnfinishedTransactionIsNotRead() throws {
        let folder = try ScratchDirectory.make()
        let tiles = TileArchiveTests.tiles(3...6, side: 40, seed: 3)
        try TileArchiveTests.writeMBTiles(tiles, folder + "/a.mbtiles")
        let writer = try Connection(path: folder + "/a.mbtiles", access: .readWrite)
        // So small a cache writes pages before the transaction ends.
        for sql in ["PRAGMA journal_mode = DELETE", "PRAGMA cache_size = 1", "BEGIN", "UPDATE images SET tile_data = x'0102'"] {
            try writer.execute(sql)
        }
        for name in ["a.mbtiles", "a.mbtiles-journal"] {
            try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/killed-\(name)")
        }
        // As the process would have left both; a journal goes by the archive's name.
        try FileManager.default.moveItem(atPath: folder + "/killed-a.mbtiles-journal", toPath: folder + "/killed.mbtiles-journal")
        try FileManager.default.moveItem(atPath: folder + "/killed-a.mbtiles", toPath: folder + "/killed.mbtiles")
        do {
            let archive = try TileArchive(file: ArchiveFile(path: folder + "/killed.mbtiles"), isWatched: true)
            for tile in tiles { #expect(try archive.tile(at: tile.address) == tile.bytes) }
        } catch {
            #expect(error.code == .notAccessible, "\(error)")
        }
        try writer.execute("ROLLBACK")
    }
}
