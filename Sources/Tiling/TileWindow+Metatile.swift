extension TileWindow {
    /// The window of one tile.
    ///
    /// - Precondition: `matrix` has the tile.
    public static func tile(_ address: TileAddress, of matrix: TileMatrix, extent: Int32, margin: Int32) -> TileWindow {
        precondition(matrix.isInside(address), "a window lies inside its matrix")
        return TileWindow(matrix: matrix, origin: address, extent: extent, margin: margin)
    }

    /// The block of `size` x `size` tiles that holds a tile, cut off where the matrix ends.
    ///
    /// Blocks lie on multiples of `size` from the matrix's top left corner, so every tile belongs to exactly one.
    ///
    /// - Parameter size: tiles along the side, 1 or more.
    /// - Precondition: `matrix` has the tile.
    public static func metatile(
        containing address: TileAddress, of matrix: TileMatrix, size: Int, extent: Int32, margin: Int32
    ) -> TileWindow {
        precondition(size > 0, "a metatile holds at least one tile")
        precondition(matrix.isInside(address), "a window lies inside its matrix")
        let row = address.row / size * size
        let column = address.column / size * size
        return TileWindow(
            matrix: matrix, origin: TileAddress(level: matrix.level, row: row, column: column),
            columns: min(size, matrix.matrixWidth - column), rows: min(size, matrix.matrixHeight - row),
            extent: extent, margin: margin)
    }

    /// The tiles in the window.
    public var limits: TileMatrixLimits {
        TileMatrixLimits(
            level: origin.level, rows: origin.row...(origin.row + rows - 1),
            columns: origin.column...(origin.column + columns - 1))
    }

    /// The tiles in the window, row by row from the top left.
    public var addresses: [TileAddress] {
        var all: [TileAddress] = []
        all.reserveCapacity(rows * columns)
        limits.forEachAddress { all.append($0) }
        return all
    }

    /// The smallest block of the window's tiles that holds all of `wanted`, on a grid of its own with the same margin.
    ///
    /// - Precondition: `wanted` has a tile, and all of them lie in the window.
    public func narrowed(to wanted: [TileAddress]) -> TileWindow {
        guard var top = wanted.first?.row, var left = wanted.first?.column else {
            preconditionFailure("a window holds at least one tile")
        }
        var (bottom, right) = (top, left)
        for address in wanted {
            precondition(limits.contains(address), "only tiles of the window are wanted")
            (top, bottom) = (min(top, address.row), max(bottom, address.row))
            (left, right) = (min(left, address.column), max(right, address.column))
        }
        return TileWindow(
            matrix: matrix, origin: TileAddress(level: origin.level, row: top, column: left), columns: right - left + 1,
            rows: bottom - top + 1, extent: extent, margin: margin)
    }
}
