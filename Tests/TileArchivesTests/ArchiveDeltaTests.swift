import Compression
import Foundation
import SQLite
import TestSupport
import Testing
import Tiling

@testable import TileArchives

/// Content hashes, conversion, and differences that are applied again.
@Suite struct ArchiveDeltaTests {
    /// Vector tiles of one layer each, as an encoder packs them.
    static func vectorTiles(_ levels: ClosedRange<Int>, side: Int, seed: UInt64) -> [ArchivedTile] {
        TileArchiveTests.tiles(levels, side: side, seed: seed).map {
            ArchivedTile(address: $0.address, bytes: packed([0x1A, UInt8($0.bytes.count)] + $0.bytes))
        }
    }

    static func packed(_ bytes: [UInt8], level: Int = 6) -> [UInt8] { Compressor(level: level).compress(bytes, format: .gzip) }

    /// The same tiles with some gone, some changed, some new and a whole level removed.
    static func edited(_ tiles: [ArchivedTile], seed: UInt64) -> [ArchivedTile] {
        var numbers = SeededGenerator(seed: seed)
        return tiles.filter { $0.address.level != 9 }.compactMap { tile in
            switch Int.random(in: 0..<10, using: &numbers) {
            case 0: nil
            case 1: ArchivedTile(address: tile.address, bytes: packed([0x1A, 2, 5, UInt8.random(in: 0...255, using: &numbers)]))
            default: tile
            }
        }
    }

    static func write(_ tiles: [ArchivedTile], _ path: String) throws -> TileArchive {
        var writer = try TileArchiveWriter(path: path, kind: .mvt, packing: .gzip)
        for tile in tiles {
            try writer.append(TileRun(first: try #require(HilbertOrder.number(of: tile.address)), count: 1, bytes: tile.bytes))
        }
        try writer.finish(TileArchiveTests.description)
        return try TileArchive(path: path)
    }

    @Test func theContentHashIsThatOfTheTilesAndNothingElse() throws {
        let folder = try ScratchDirectory.make()
        let tiles = Self.vectorTiles(5...9, side: 30, seed: 1)
        let hash = try Self.write(tiles, folder + "/a.pmtiles").contentHash()
        #expect(try Self.write(tiles, folder + "/a.mbtiles").contentHash() == hash)
        // Rows in any order, each content with its own packing.
        var writer = try MBTilesWriter(path: folder + "/b.mbtiles")
        for (i, tile) in tiles.shuffled().enumerated() {
            let plain = try Decompressor().decompress(tile.bytes, format: .gzip, limit: 1 << 20)
            try writer.append(i % 3 == 0 ? plain : Self.packed(plain, level: 1 + i % 9), at: tile.address)
        }
        try writer.finish(TileArchiveTests.description)
        #expect(try TileArchive(path: folder + "/b.mbtiles").contentHash() == hash)
        var other = tiles
        other[100].bytes = Self.packed([0x1A, 1, 99])
        #expect(try Self.write(other, folder + "/c.pmtiles").contentHash() != hash)
        #expect(try Self.write(Array(tiles.dropLast()), folder + "/d.pmtiles").contentHash() != hash)
        #expect(ArchiveContentHash(hash.description) == hash)
        #expect(ArchiveContentHash("12") == nil)
    }

    @Test func conversionThereAndBackKeepsEverything() throws {
        let folder = try ScratchDirectory.make()
        let first = try Self.write(Self.vectorTiles(0...8, side: 40, seed: 2), folder + "/a.pmtiles")
        let hash = try first.contentHash()
        #expect(try first.convert(to: folder + "/b.mbtiles") == hash)
        #expect(try TileArchive(path: folder + "/b.mbtiles").convert(to: folder + "/c.pmtiles") == hash)
        #expect(try TileArchive(path: folder + "/c.pmtiles").convert(to: folder + "/d.mbtiles") == hash)
        let files = try ["a.pmtiles", "c.pmtiles", "b.mbtiles", "d.mbtiles"].map { try Data(contentsOf: URL(filePath: "\(folder)/\($0)")) }
        #expect(files[0] == files[1], "the same tiles and metadata give the same PMTiles")
        #expect(files[2] == files[3], "and the same MBTiles")
        #expect(try TileArchive(path: folder + "/b.mbtiles").inspect().isSound)
    }

    @Test func rowsOfMBTilesAreCountedFromBelow() throws {
        let folder = try ScratchDirectory.make()
        let tile = ArchivedTile(address: TileAddress(level: 3, row: 1, column: 2), bytes: Self.packed([0x1A, 1, 7]))
        let archive = try Self.write([tile], folder + "/a.pmtiles")
        _ = try archive.convert(to: folder + "/a.mbtiles")
        let converted = try MBTilesArchive(path: folder + "/a.mbtiles")
        let row = try converted.read { try $0.integer("SELECT tile_row FROM tiles") }
        #expect(row == 6)
        #expect(try converted.tile(at: tile.address) == tile.bytes)
    }

    @Test func plainVectorTilesArePackedWhereTheyMustBe() throws {
        let folder = try ScratchDirectory.make()
        var writer = try PMTilesWriter(path: folder + "/a.pmtiles", kind: .mvt, packing: .none)
        try writer.append([0x1A, 1, 7], at: TileAddress(level: 2, row: 1, column: 2))
        try writer.finish(TileArchiveTests.description)
        let archive = try TileArchive(path: folder + "/a.pmtiles")
        #expect(try archive.convert(to: folder + "/a.mbtiles") == archive.contentHash())
        let bytes = try #require(try TileArchive(path: folder + "/a.mbtiles").tile(at: TileAddress(level: 2, row: 1, column: 2)))
        #expect(bytes.starts(with: [0x1F, 0x8B]))
    }

    @Test(arguments: ["pmtiles", "mbtiles"], ["pmtiles", "mbtiles"])
    func aDeltaLeadsFromTheBaseToTheResult(old: String, new: String) throws {
        let folder = try ScratchDirectory.make()
        let tiles = Self.vectorTiles(4...10, side: 25, seed: 3)
        let base = try Self.write(tiles, "\(folder)/a.\(old)")
        let after = Self.edited(tiles, seed: 4)
        let result = try Self.write(after, "\(folder)/b.\(new)")
        let difference = try ArchiveDifference.between(base: base, result: result, delta: "\(folder)/delta.\(new)")
        let (kept, gone) = (Set(after.map(\.address)), tiles.filter { tile in !after.contains { $0.address == tile.address } })
        #expect(difference.total(\.removed) == UInt64(gone.count))
        #expect(difference.total(\.added) == 0)
        #expect(difference.total(\.same) + difference.total(\.changed) == UInt64(kept.count))
        #expect(difference.levels.map(\.level) == Array(4...10))
        let delta = try TileArchive(path: "\(folder)/delta.\(new)")
        #expect(delta.inspect().isSound, "\(delta.inspect().findings)")
        let hash = try ArchiveDelta.apply(delta, to: base, writing: "\(folder)/c.\(new)")
        #expect(try hash == result.contentHash())
        #expect(try Data(contentsOf: URL(filePath: "\(folder)/c.\(new)")) == Data(contentsOf: URL(filePath: "\(folder)/b.\(new)")))
        // And back.
        _ = try ArchiveDifference.between(base: result, result: base, delta: "\(folder)/back.\(old)")
        _ = try ArchiveDelta.apply(TileArchive(path: "\(folder)/back.\(old)"), to: result, writing: "\(folder)/d.\(old)")
        #expect(try TileArchive(path: "\(folder)/d.\(old)").contentHash() == base.contentHash())
    }

    @Test func aDeltaForAnotherBaseIsRefusedAndNothingIsWritten() throws {
        let folder = try ScratchDirectory.make()
        let tiles = Self.vectorTiles(4...8, side: 20, seed: 5)
        let base = try Self.write(tiles, folder + "/a.pmtiles")
        let result = try Self.write(Self.edited(tiles, seed: 6), folder + "/b.pmtiles")
        _ = try ArchiveDifference.between(base: base, result: result, delta: folder + "/delta.pmtiles")
        let delta = try TileArchive(path: folder + "/delta.pmtiles")
        let wrong = #expect(throws: TileArchiveError.self) { try ArchiveDelta.apply(delta, to: result, writing: folder + "/c.pmtiles") }
        #expect(wrong?.code == .mismatched)
        let none = #expect(throws: TileArchiveError.self) { try ArchiveDelta.apply(base, to: base, writing: folder + "/c.pmtiles") }
        #expect(none?.code == .unknownKind)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.pmtiles", "b.pmtiles", "delta.pmtiles"])
    }

    @Test func equalArchivesGiveADeltaOfNothing() throws {
        let folder = try ScratchDirectory.make()
        let base = try Self.write(Self.vectorTiles(4...6, side: 20, seed: 7), folder + "/a.pmtiles")
        let difference = try ArchiveDifference.between(base: base, result: base, delta: folder + "/delta.pmtiles")
        #expect(difference.isEmpty)
        _ = try ArchiveDelta.apply(TileArchive(path: folder + "/delta.pmtiles"), to: base, writing: folder + "/b.pmtiles")
        #expect(try Data(contentsOf: URL(filePath: folder + "/a.pmtiles")) == Data(contentsOf: URL(filePath: folder + "/b.pmtiles")))
    }

    @Test(arguments: [#"{"base":"12"}"#, "3", #"{"removed":[1]}"#, "[]"])
    func aDamagedDeltaIsRefused(text: String) throws {
        let folder = try ScratchDirectory.make()
        var description = TileArchiveTests.description
        description.metadata.set("workmap_delta", json: text)
        var writer = try TileArchiveWriter(path: folder + "/a.pmtiles", kind: .mvt, packing: .gzip)
        try writer.finish(description)
        let archive = try TileArchive(path: folder + "/a.pmtiles")
        let error = #expect(throws: TileArchiveError.self) { try ArchiveDelta(archive) }
        #expect(error?.code == .corrupt)
    }

    @Test func remainsOfAWriterThatIsGoneAreRemoved() throws {
        let folder = try ScratchDirectory.make()
        // A process number beyond all that Linux gives.
        for name in ["a.pmtiles.2000000000.part", "a.mbtiles.2000000000.part", "b.pmtiles.2000000000.part", "a.pmtiles.1.part"] {
            try Data([1]).write(to: URL(filePath: folder + "/" + name))
        }
        for ending in ["pmtiles", "mbtiles"] { _ = try Self.write([], "\(folder)/a.\(ending)") }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                "a.mbtiles", "a.pmtiles", "a.pmtiles.1.part", "b.pmtiles.2000000000.part",
            ])
    }
}
