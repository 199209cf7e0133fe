import TileCache
import Tiling

/// The dirty tiles of one level as they are found: single ones and whole rectangles.
struct DirtyLevel {
    let matrix: TileMatrix
    private(set) var tiles: Set<TileAddress> = []
    private var rectangles: [TileMatrixLimits] = []

    init(_ matrix: TileMatrix) { self.matrix = matrix }

    /// Every tile of the level.
    init(whole matrix: TileMatrix) {
        self.matrix = matrix
        insert(TileMatrixLimits(level: matrix.level, rows: 0...(matrix.matrixHeight - 1), columns: 0...(matrix.matrixWidth - 1)))
    }

    /// Tiles outside the matrix are none.
    mutating func insert(_ address: TileAddress) {
        if matrix.isInside(address) { tiles.insert(address) }
    }

    mutating func insert(_ limits: TileMatrixLimits) { rectangles.append(limits) }

    /// Rows and columns of a block of this level.
    mutating func insert(_ block: DirtyTiles.Block) {
        guard block.count > 0 else { return }
        if block.count == 1 {
            insert(TileAddress(level: matrix.level, row: block.rows.lowerBound, column: block.columns.lowerBound))
        } else {
            insert(TileMatrixLimits(level: matrix.level, rows: ClosedRange(block.rows), columns: ClosedRange(block.columns)))
        }
    }

    func contains(_ address: TileAddress) -> Bool {
        tiles.contains(address) || rectangles.contains { $0.contains(address) }
    }

    /// As rectangles that do not overlap, rows of neighbours joined.
    func blocks(set: String, kind: DirtyTiles.Kind) -> [DirtyTiles.Block] {
        func block(_ rows: ClosedRange<Int>, _ columns: Range<Int>) -> DirtyTiles.Block {
            DirtyTiles.Block(matrixSet: set, level: matrix.level, kind: kind, rows: Range(rows), columns: columns)
        }
        // Rectangles that overlap become the one around both.
        var joined: [TileMatrixLimits] = []
        for rectangle in rectangles {
            var next = rectangle
            while let i = joined.firstIndex(where: { $0.intersection(next) != nil }) { next = next.union(joined.remove(at: i)) }
            joined.append(next)
        }
        var blocks = joined.map { block($0.rows, Range($0.columns)) }
        let single = tiles.filter { tile in !joined.contains { $0.contains(tile) } }
        var start: TileAddress?
        var end = 0
        for tile in single.sorted(by: { ($0.row, $0.column) < ($1.row, $1.column) }) {
            if let first = start, tile.row == first.row, tile.column == end {
                end += 1
                continue
            }
            if let first = start { blocks.append(block(first.row...first.row, first.column..<end)) }
            (start, end) = (tile, tile.column + 1)
        }
        if let first = start { blocks.append(block(first.row...first.row, first.column..<end)) }
        return blocks
    }
}

extension TileMatrixLimits {
    /// The block around both, of one level.
    fileprivate func union(_ other: TileMatrixLimits) -> TileMatrixLimits {
        TileMatrixLimits(
            level: level, rows: min(rows.lowerBound, other.rows.lowerBound)...max(rows.upperBound, other.rows.upperBound),
            columns: min(columns.lowerBound, other.columns.lowerBound)...max(columns.upperBound, other.columns.upperBound))
    }
}
