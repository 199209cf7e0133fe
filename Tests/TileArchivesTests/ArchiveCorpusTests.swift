import Crypto
import Foundation
import TestSupport
import Testing
import Tiling

@testable import TileArchives

/// Archives that others made, with what the reference readers find in them.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct ArchiveCorpusTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Sample: Decodable, Sendable {
            var address: TileAddress
            var count: Int
            var digest: String

            init(from decoder: any Decoder) throws {
                var values = try decoder.unkeyedContainer()
                let (level, column, row) = (try values.decode(Int.self), try values.decode(Int.self), try values.decode(Int.self))
                address = TileAddress(level: level, row: row, column: column)
                count = try values.decode(Int.self)
                digest = try values.decode(String.self)
            }
        }

        var file: String
        var error: String?
        var tile_count: Int?
        var tiles_sample: [Sample]?
        var tiles_sample_xyz: [Sample]?
        var header: [String: Number]?

        var testDescription: String { file }
    }

    /// A number or a truth value.
    struct Number: Decodable, Sendable {
        var value: Int

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let truth = try? container.decode(Bool.self) { value = truth ? 1 : 0 } else { value = try container.decode(Int.self) }
        }
    }

    static let cases = Corpora.cases(of: [Case].self, "tile-archives/expected.json") { $0 }

    @Test(arguments: cases)
    func readsWhatTheReferenceReads(expected: Case) throws {
        let path = Corpora.path("tile-archives/\(expected.file)")
        guard expected.error == nil else {
            #expect(throws: TileArchiveError.self) { try TileArchive(path: path) }
            return
        }
        let archive = try TileArchive(path: path)
        for sample in try #require(expected.tiles_sample ?? expected.tiles_sample_xyz) {
            // One archive has a row above the first one: no tile, and counted as such.
            guard sample.address.row >= 0 else {
                #expect(try archive.tile(at: sample.address) == nil)
                continue
            }
            let bytes = try #require(try archive.tile(at: sample.address))
            #expect(bytes.count == sample.count)
            let digest = SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(digest.hasPrefix(sample.digest))
        }
        var count = 0
        let strays = try archive.forEachTile { _ in count += 1 }
        #expect(count + strays == expected.tile_count)
        #expect(try archive.tile(at: TileAddress(level: 25, row: 5, column: 5)) == nil)
        if let header = expected.header, case .pmtiles(let pmtiles) = archive {
            #expect(pmtiles.header.addressedTiles == UInt64(try #require(header["addressed_tiles_count"]?.value)))
            #expect(pmtiles.header.tileEntries == UInt64(try #require(header["tile_entries_count"]?.value)))
            #expect(pmtiles.header.tileContents == UInt64(try #require(header["tile_contents_count"]?.value)))
            #expect(pmtiles.header.tiles.offset == UInt64(try #require(header["tile_data_offset"]?.value)))
            #expect(Int(pmtiles.header.bounds[0]) == header["min_lon_e7"]?.value)
        }
    }

    @Test func everyCaseIsThere() { #expect(Self.cases.count == 14) }
}
