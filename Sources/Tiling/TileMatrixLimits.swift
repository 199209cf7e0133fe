/// A block of tiles of one matrix: what a tileset holds, or what an envelope meets.
public struct TileMatrixLimits: Hashable, Sendable {
    public var level: Int
    /// Rows from the top, both ends included.
    public var rows: ClosedRange<Int>
    public var columns: ClosedRange<Int>

    public init(level: Int, rows: ClosedRange<Int>, columns: ClosedRange<Int>) {
        self.level = level
        self.rows = rows
        self.columns = columns
    }

    public var tileCount: Int { rows.count * columns.count }

    public func contains(_ address: TileAddress) -> Bool {
        address.level == level && rows.contains(address.row) && columns.contains(address.column)
    }

    /// The tiles in both blocks; `nil` when there are none.
    public func intersection(_ other: TileMatrixLimits) -> TileMatrixLimits? {
        guard level == other.level, rows.overlaps(other.rows), columns.overlaps(other.columns) else { return nil }
        return TileMatrixLimits(
            level: level, rows: rows.clamped(to: other.rows), columns: columns.clamped(to: other.columns))
    }

    /// Calls `body` with every tile, row by row from the top left.
    public func forEachAddress<Failure>(_ body: (TileAddress) throws(Failure) -> Void) throws(Failure) {
        for row in rows {
            for column in columns { try body(TileAddress(level: level, row: row, column: column)) }
        }
    }
}
