import TestSupport
import Testing
import TileCache
import Tiling

@testable import MapService

/// A notice says few names, and no tile of the change is without one of them.
@Suite struct PurgeScopeTests {
    private static func block(
        _ level: Int, rows: Range<Int>, columns: Range<Int>, set: String = "w", kind: DirtyTiles.Kind = .vector
    ) -> DirtyTiles.Block {
        DirtyTiles.Block(matrixSet: set, level: level, kind: kind, rows: rows, columns: columns)
    }

    private static func names(_ block: DirtyTiles.Block, row: Int, column: Int) -> Set<String> {
        Set(
            SurrogateKeys(map: "standard", kind: block.kind).all(
                block.matrixSet, TileAddress(level: block.level, row: row, column: column)))
    }

    @Test func theNamesOfATileAreFromTheNarrowestToTheWidest() {
        #expect(
            SurrogateKeys(map: "standard", kind: .picture).all("w", TileAddress(level: 14, row: 6170, column: 13360)) == [
                "standard/picture/w/14/6170/13360", "standard/picture/w/14/square/385/835", "standard/picture/w/14", "standard/picture", "standard",
            ])
    }

    @Test func aSmallChangeIsToldExactly() {
        let blocks = [Self.block(14, rows: 10..<12, columns: 5..<8), Self.block(13, rows: 5..<6, columns: 2..<4, kind: .picture)]
        let keys = Set(PurgeScope.keys(map: "standard", blocks: blocks))
        #expect(keys.count == 8)
        for (block, row, column) in [(blocks[0], 9, 5), (blocks[0], 12, 7), (blocks[0], 10, 8), (blocks[1], 5, 4)] {
            #expect(keys.isDisjoint(with: Self.names(block, row: row, column: column)))
        }
    }

    /// Random changes of every size: never too many names, and every tile has one.
    @Test func everyTileOfAChangeHasAName() {
        var numbers = SeededGenerator(seed: 11)
        for round in 0..<300 {
            let reach = 1 << (round % 12)
            let blocks = (0..<Int.random(in: 1...40, using: &numbers)).map { _ in
                let level = Int.random(in: 8...18, using: &numbers)
                let (row, column) = (Int.random(in: 0..<200, using: &numbers), Int.random(in: 0..<200, using: &numbers))
                return Self.block(
                    level, rows: row..<row + Int.random(in: 1...reach, using: &numbers),
                    columns: column..<column + Int.random(in: 1...reach, using: &numbers),
                    set: ["w", "c"][Int.random(in: 0..<2, using: &numbers)], kind: round % 3 == 0 ? .picture : .vector)
            }
            let keys = Set(PurgeScope.keys(map: "standard", blocks: blocks))
            #expect(keys.count <= PurgeScope.keyLimit)
            for block in blocks {
                for (row, column) in [
                    (block.rows.lowerBound, block.columns.lowerBound), (block.rows.upperBound - 1, block.columns.upperBound - 1),
                    (Int.random(in: block.rows, using: &numbers), Int.random(in: block.columns, using: &numbers)),
                ] {
                    #expect(!keys.isDisjoint(with: Self.names(block, row: row, column: column)), "round \(round), \(block), \(row), \(column)")
                }
            }
        }
    }

    @Test func manyBlocksBecomeOneALevelAroundThemAll() {
        let blocks = (0..<2_000).map { Self.block($0 % 4 + 10, rows: $0..<$0 + 1, columns: (7 * $0) % 1_000..<(7 * $0) % 1_000 + 2) }
        let bounded = PurgeScope.bounded(blocks)
        #expect(bounded.map(\.level) == [10, 11, 12, 13])
        for block in blocks {
            let around = bounded.first { $0.level == block.level }
            #expect(around?.rows.contains(block.rows.lowerBound) == true)
            #expect(around?.columns.contains(block.columns.lowerBound) == true && around?.columns.contains(block.columns.upperBound - 1) == true)
        }
        #expect(PurgeScope.bounded(Array(blocks[..<500])).count == 500)
    }
}
