import TestSupport
import Testing
import Tiling

@testable import TileCache

@Suite struct TileVersionsTests {
    private static let levels = [3, 12]

    private static func block(_ level: Int, rows: Range<Int>, columns: Range<Int>, kind: DirtyTiles.Kind = .vector) -> DirtyTiles.Block {
        DirtyTiles.Block(matrixSet: "w", level: level, kind: kind, rows: rows, columns: columns)
    }

    private static func version(
        _ versions: TileVersions, _ level: Int, _ row: Int, _ column: Int, kind: DirtyTiles.Kind = .vector
    ) -> UInt64 {
        versions.version(
            matrixSet: "w", address: TileAddress(level: level, row: row, column: column), format: kind == .vector ? .mvt : .png(ratio: 1))
    }

    /// Against a table with a number for every tile.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func everyTileHasTheVersionThatChangedItLast(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let side = 64
        var versions = TileVersions(1)
        var table = Dictionary(uniqueKeysWithValues: Self.levels.map { ($0, [UInt64](repeating: 1, count: side * side)) })
        for version in 2...60 as ClosedRange<UInt64> {
            var blocks: [DirtyTiles.Block] = []
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let level = Self.levels[Int.random(in: 0...1, using: &random)]
                let reach = [1, 3, 20][Int.random(in: 0...2, using: &random)]
                let (row, column) = (Int.random(in: 0..<side, using: &random), Int.random(in: 0..<side, using: &random))
                let rows = row..<min(side, row + Int.random(in: 1...reach, using: &random))
                let columns = column..<min(side, column + Int.random(in: 1...reach, using: &random))
                blocks.append(Self.block(level, rows: rows, columns: columns))
                for r in rows { for c in columns { table[level]?[r * side + c] = version } }
            }
            versions.change(to: version, dirty: blocks)
        }
        for level in Self.levels {
            for row in 0..<side {
                for column in 0..<side {
                    #expect(Self.version(versions, level, row, column) == table[level]?[row * side + column])
                }
            }
        }
        #expect(Self.version(versions, 5, 0, 0) == 1, "another level")
        #expect(Self.version(versions, 12, 0, 0, kind: .picture) == 1, "another kind")
    }

    @Test func whileARungIsOpenAllOfItIsNew() {
        let rung = TileVersions.Rung(matrixSet: "w", level: 12, kind: .picture)
        var versions = TileVersions(1)
        versions.change(to: 2, dirty: [], opening: [rung])
        #expect(Self.version(versions, 12, 5, 5, kind: .picture) == 2 && versions.openRungs == [rung])
        #expect(Self.version(versions, 12, 5, 5) == 1 && Self.version(versions, 3, 5, 5, kind: .picture) == 1)
        versions.change(to: 3, dirty: [Self.block(12, rows: 1..<2, columns: 1..<2)])
        #expect(Self.version(versions, 12, 5, 5, kind: .picture) == 3, "it is open still")
        versions.close(rung, dirty: [Self.block(12, rows: 5..<6, columns: 5..<6, kind: .picture)])
        #expect(Self.version(versions, 12, 5, 5, kind: .picture) == 3)
        #expect(Self.version(versions, 12, 5, 6, kind: .picture) == 1, "it was not touched")
        #expect(versions.openRungs.isEmpty)
        let address = TileAddress(level: 12, row: 5, column: 5)
        #expect(versions.version(matrixSet: "w", address: address, format: .jpeg(ratio: 1)) == 3, "pictures of all formats")
        #expect(versions.version(matrixSet: "w", address: address, format: .png(ratio: 2)) == 1, "another ratio")
        versions.close(rung, dirty: [Self.block(12, rows: 0..<9, columns: 0..<9, kind: .picture)])
        #expect(Self.version(versions, 12, 5, 6, kind: .picture) == 1, "what is closed stays as it is")
        versions.change(to: 4, dirty: [])
        versions.restart(rung)
        #expect(Self.version(versions, 12, 5, 6, kind: .picture) == 4)
    }

    /// Its memory has an end: then all tiles of the rung are new.
    @Test func aLongHistoryStartsAfresh() {
        var versions = TileVersions(1)
        for change in 0..<3_000 {
            versions.change(to: UInt64(change + 2), dirty: [Self.block(18, rows: change..<change + 1, columns: 0..<60)])
            #expect(versions.size <= 100_256)
        }
        #expect(Self.version(versions, 18, 2_999, 3) == 3_001)
        #expect(Self.version(versions, 18, 9_999, 3) > 1)
    }
}
