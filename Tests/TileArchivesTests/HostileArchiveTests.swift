import Foundation
import TestSupport
import Testing
import Tiling

@testable import TileArchives

/// Archives that were made to harm: an error each, and nothing set aside for what they claim.
@Suite struct HostileArchiveTests {
    static func file(_ header: PMTilesHeader, _ rest: [UInt8]) throws -> String {
        let path = try ScratchDirectory.make() + "/hostile.pmtiles"
        try Data(header.bytes + rest).write(to: URL(filePath: path))
        return path
    }

    static func header(root: Int, leaves: Int = 0) -> PMTilesHeader {
        var header = PMTilesHeader()
        header.root = .init(offset: 127, length: UInt64(root))
        header.leaves = .init(offset: UInt64(127 + root), length: UInt64(leaves))
        header.internalPacking = .none
        header.levels = 0...14
        return header
    }

    static let tile = TileAddress(level: 3, row: 4, column: 4)

    @Test func aDirectoryThatNamesItselfEnds() throws {
        let loop = PMTilesDirectory(entries: [.init(number: 0, offset: 0, length: 6, run: 0)]).bytes
        #expect(loop.count <= 6)
        let leaf = loop + [UInt8](repeating: 0, count: 6 - loop.count)
        let archive = try PMTilesArchive(path: try Self.file(Self.header(root: loop.count, leaves: leaf.count), loop + leaf))
        let error = #expect(throws: TileArchiveError.self) { try archive.tile(at: Self.tile) }
        #expect(error?.code == .corrupt)
        #expect(throws: TileArchiveError.self) { try archive.forEachTile { _ in } }
    }

    @Test func aDirectoryOfABillionEntriesIsALie() throws {
        let root: [UInt8] = [0x80, 0x94, 0xEB, 0xDC, 0x03, 1, 1, 1, 1]
        let path = try Self.file(Self.header(root: root.count), root)
        let error = #expect(throws: TileArchiveError.self) { try PMTilesArchive(path: path) }
        #expect(error?.code == .corrupt)
    }

    @Test func sectionsAndContentsBeyondTheFileAreRefused() throws {
        let root = PMTilesDirectory(entries: [.init(number: 0, offset: 1 << 40, length: 4_000_000_000, run: 1000)]).bytes
        let archive = try PMTilesArchive(path: try Self.file(Self.header(root: root.count), root))
        let error = #expect(throws: TileArchiveError.self) { try archive.tile(at: Self.tile) }
        #expect(error?.code == .corrupt)
        var header = Self.header(root: root.count)
        header.tiles = .init(offset: .max - 3, length: 100)
        let path = try Self.file(header, root)
        #expect(throws: TileArchiveError.self) { try PMTilesArchive(path: path) }
    }

    @Test func entriesThatDoNotAscendAreRefused() {
        // Two entries, the second of them the first again.
        #expect(throws: TileArchiveError.self) { try PMTilesDirectory([2, 5, 0, 1, 1, 1, 1, 1, 1], path: "a") }
        #expect(throws: TileArchiveError.self) { try PMTilesDirectory([1, 5, 1, 1, 0], path: "a") }
        #expect(throws: TileArchiveError.self) {
            try PMTilesDirectory([1] + [UInt8](repeating: 0xFF, count: 10) + [1, 1, 1], path: "a")
        }
    }

    @Test func aPackedDirectoryThatUnpacksWithoutEndIsRefused() throws {
        var header = Self.header(root: 9)
        header.internalPacking = .gzip
        let path = try Self.file(header, [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0])
        let error = #expect(throws: TileArchiveError.self) { try PMTilesArchive(path: path) }
        #expect(error?.code == .corrupt)
    }

    /// Every byte of a small archive in turn, changed: an error or an answer, never a trap.
    @Test func damageAnywhereIsAnErrorOrAnAnswer() throws {
        let folder = try ScratchDirectory.make()
        let tiles = TileArchiveTests.tiles(0...4, side: 20, seed: 8)
        try TileArchiveTests.writePMTiles(tiles, folder + "/a.pmtiles")
        let whole = [UInt8](try Data(contentsOf: URL(filePath: folder + "/a.pmtiles")))
        var numbers = SeededGenerator(seed: 9)
        let path = folder + "/b.pmtiles"
        var refused = 0
        for round in 0..<1500 {
            var damaged = whole
            // The header and the root directory first, byte by byte, then anywhere.
            let place = round < 700 ? round : Int.random(in: 0..<whole.count, using: &numbers)
            damaged[place] ^= UInt8.random(in: 1...255, using: &numbers)
            try Data(damaged).write(to: URL(filePath: path))
            do {
                let archive = try PMTilesArchive(path: path)
                for tile in tiles.prefix(40) { _ = try archive.tile(at: tile.address) }
            } catch {
                #expect(error.description.contains(path))
                refused += 1
            }
        }
        #expect(refused > 100)
    }

    @Test(arguments: [0, 1, 126, 127, 200, 16_383, 16_384, 17_000])
    func aTruncatedArchiveIsRefused(length: Int) throws {
        let folder = try ScratchDirectory.make()
        let tiles = TileArchiveTests.tiles(0...5, side: 40, seed: 3)
        try TileArchiveTests.writePMTiles(tiles, folder + "/a.pmtiles")
        let whole = try Data(contentsOf: URL(filePath: folder + "/a.pmtiles"))
        try #require(whole.count > 17_000)
        try whole.prefix(length).write(to: URL(filePath: folder + "/b.pmtiles"))
        #expect(throws: TileArchiveError.self) { try TileArchive(path: folder + "/b.pmtiles") }
    }
}
