import Tiling

/// Counts what a window leaves out, for the window as a whole and for each of its tiles.
///
/// A tile's own are the features whose boxes meet the tile without the window's margin: they do not depend on how many
/// tiles are drawn at once. The window's count has the margin in it.
struct LeftOutTally {
    private(set) var window = LeftOut()
    private(set) var tiles = LeftOutByTile(tiles: 0)
    let countsTiles: Bool

    private let columns: Int
    private let rows: Int
    private let extent: Int

    /// - Parameter countsTiles: costs a few operations for every feature left out.
    init(_ window: TileWindow, countsTiles: Bool) {
        columns = window.columns
        rows = window.rows
        extent = Int(window.extent)
        self.countsTiles = countsTiles
        if countsTiles { tiles = LeftOutByTile(tiles: columns * rows) }
    }

    mutating func add(_ reason: LeftOut.Reason) { window[reason] += 1 }

    /// Adds another tally of the same window.
    mutating func add(_ other: LeftOutTally) {
        window.add(other.window)
        for (tile, leftOut) in other.tiles.nonEmpty { tiles.add(leftOut, tile: tile) }
    }

    /// Counts for the tiles that a box meets; a tile holds its left and top edge, not the others.
    ///
    /// - Parameters:
    ///   - low: the box's left top corner in window units.
    ///   - high: its right bottom corner.
    mutating func addToTiles(_ reason: LeftOut.Reason, low: (x: Int32, y: Int32), high: (x: Int32, y: Int32)) {
        let (firstColumn, lastColumn) = (max(0, place(low.x)), min(columns - 1, place(high.x)))
        let (firstRow, lastRow) = (max(0, place(low.y)), min(rows - 1, place(high.y)))
        guard firstColumn <= lastColumn, firstRow <= lastRow else { return }
        for row in firstRow...lastRow {
            for column in firstColumn...lastColumn { tiles.add(reason, tile: row * columns + column) }
        }
    }

    /// The column or row of a unit; negative before the first.
    private func place(_ unit: Int32) -> Int {
        let (quotient, rest) = Int(unit).quotientAndRemainder(dividingBy: extent)
        return rest < 0 ? quotient - 1 : quotient
    }
}
