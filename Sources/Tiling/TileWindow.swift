public import SimpleFeatures

/// A block of neighbouring tiles of one matrix, with a margin around it, on one integer grid.
///
/// A vector tile is a window of 1 x 1 whose margin is its *buffer*; a raster job is n x n (a *metatile*) whose
/// margin is its *gutter*. The grid's origin is the block's top left corner (without the margin), x grows east and
/// y grows down; one tile is `extent` units wide and high.
public struct TileWindow: Hashable, Sendable {
    public var matrix: TileMatrix
    /// The top left tile.
    public var origin: TileAddress
    /// Tiles across, 1 or more.
    public var columns: Int
    /// Tiles down, 1 or more.
    public var rows: Int
    /// Units a tile.
    public var extent: Int32
    /// Units on each of the four sides.
    public var margin: Int32

    public init(matrix: TileMatrix, origin: TileAddress, columns: Int = 1, rows: Int = 1, extent: Int32, margin: Int32) {
        precondition(columns > 0 && rows > 0 && extent > 0 && margin >= 0, "a window holds at least one tile")
        self.matrix = matrix
        self.origin = origin
        self.columns = columns
        self.rows = rows
        self.extent = extent
        self.margin = margin
    }

    /// Units across, without the margin.
    @inlinable
    public var width: Int32 { extent * Int32(columns) }

    /// Units down, without the margin.
    @inlinable
    public var height: Int32 { extent * Int32(rows) }

    /// Grid units in one CRS unit.
    @inlinable
    public var unitsPerCRSUnit: Double { Double(extent) / matrix.tileSpan }

    /// The window's top left corner in the CRS, without the margin.
    @inlinable
    public var topLeft: Coordinate {
        Coordinate(
            x: matrix.pointOfOrigin.x + Double(origin.column) * matrix.tileSpan,
            y: matrix.pointOfOrigin.y - Double(origin.row) * matrix.tileSpan)
    }

    /// What the window covers in the CRS, margin included.
    public var envelope: Envelope {
        let corner = topLeft
        let margin = Double(margin) / unitsPerCRSUnit
        return Envelope(
            minX: corner.x - margin, minY: corner.y - Double(rows) * matrix.tileSpan - margin,
            maxX: corner.x + Double(columns) * matrix.tileSpan + margin, maxY: corner.y + margin)
    }
}
