import SimpleFeatures
import Testing
import Tiling

@testable import FeatureStore

@Suite struct LeftOutTallyTests {
    /// Three tiles across, two down, of 100 units with a margin of 50.
    private static func tally(countsTiles: Bool = true) -> LeftOutTally {
        let matrix = TileMatrix(
            id: "4", level: 4, cellSize: 1, pointOfOrigin: Coordinate(x: 0, y: 0), tileSize: 100, matrixWidth: 16, matrixHeight: 16,
            scaleDenominator: 1 / 0.00028)
        let window = TileWindow(
            matrix: matrix, origin: TileAddress(level: matrix.level, row: 2, column: 3), columns: 3, rows: 2, extent: 100, margin: 50)
        return LeftOutTally(window, countsTiles: countsTiles)
    }

    private static func counts(_ tally: LeftOutTally) -> [Int] { (0..<6).map { tally.tiles[$0][.tooSmall] } }

    @Test func aBoxCountsForEveryTileItMeets() {
        var tally = Self.tally()
        tally.addToTiles(.tooSmall, low: (10, 10), high: (20, 20))
        #expect(Self.counts(tally) == [1, 0, 0, 0, 0, 0])
        tally.addToTiles(.tooSmall, low: (90, 90), high: (210, 110))
        #expect(Self.counts(tally) == [2, 1, 1, 1, 1, 1])
        #expect(tally.tiles.nonEmpty.allSatisfy { $0.leftOut[.density] == 0 })
    }

    /// A point on the line between two tiles belongs to the one right of or below it.
    @Test func everyPointBelongsToOneTile() {
        for (x, y, place) in [(0, 0, 0), (99, 99, 0), (100, 99, 1), (99, 100, 3), (100, 100, 4), (299, 199, 5)] as [(Int32, Int32, Int)] {
            var tally = Self.tally()
            tally.addToTiles(.tooSmall, low: (x, y), high: (x, y))
            #expect(Self.counts(tally).indices.filter { Self.counts(tally)[$0] > 0 } == [place], "\(x), \(y)")
        }
    }

    @Test func theMarginIsNoTiles() {
        var tally = Self.tally()
        for (x, y) in [(-1, 50), (300, 50), (50, -1), (50, 200), (-50, -50)] as [(Int32, Int32)] {
            tally.addToTiles(.tooSmall, low: (x, y), high: (x, y))
        }
        #expect(Self.counts(tally) == [0, 0, 0, 0, 0, 0])
        tally.addToTiles(.tooSmall, low: (-1000, -1000), high: (1000, 1000))
        #expect(Self.counts(tally) == [1, 1, 1, 1, 1, 1])
    }

    /// A box of a damaged file may be turned inside out.
    @Test func aBoxTurnedInsideOutCountsNowhere() {
        var tally = Self.tally()
        tally.addToTiles(.tooSmall, low: (250, 150), high: (10, 10))
        #expect(Self.counts(tally) == [0, 0, 0, 0, 0, 0])
    }

    @Test func theWindowIsCountedEitherWay() {
        var tally = Self.tally(countsTiles: false)
        tally.add(.density)
        #expect(tally.window[.density] == 1 && tally.tiles.nonEmpty.isEmpty && !tally.countsTiles)
    }
}
