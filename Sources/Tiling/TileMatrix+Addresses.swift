public import SimpleFeatures

extension TileMatrix {
    /// Every tile of the matrix.
    public var limits: TileMatrixLimits {
        TileMatrixLimits(level: level, rows: 0...(matrixHeight - 1), columns: 0...(matrixWidth - 1))
    }

    /// What all tiles together cover, in the CRS.
    public var envelope: Envelope {
        Envelope(
            minX: pointOfOrigin.x, minY: pointOfOrigin.y - Double(matrixHeight) * tileSpan,
            maxX: pointOfOrigin.x + Double(matrixWidth) * tileSpan, maxY: pointOfOrigin.y)
    }

    /// Whether the matrix has this tile.
    public func isInside(_ address: TileAddress) -> Bool {
        address.level == level && address.row >= 0 && address.row < matrixHeight && address.column >= 0
            && address.column < matrixWidth
    }

    /// The tile over a position of the CRS; `nil` outside the matrix.
    ///
    /// A tile owns its west and north edges; the last column owns the matrix's east edge too, the last row its south.
    /// In merged rows the address is that of the westernmost column.
    public func address(containing c: Coordinate) -> TileAddress? {
        guard c.isFinite, envelope.contains(c) else { return nil }
        let row = min(matrixHeight - 1, max(0, Int(((pointOfOrigin.y - c.y) / tileSpan).rounded(.down))))
        let column = min(matrixWidth - 1, max(0, Int(((c.x - pointOfOrigin.x) / tileSpan).rounded(.down))))
        let merged = coalesce(row: row)
        return TileAddress(level: level, row: row, column: column / merged * merged)
    }

    /// What one tile covers, in the CRS.
    ///
    /// - Precondition: none; an address outside the matrix gives the cell that the grid would have there.
    public func envelope(of address: TileAddress) -> Envelope {
        let merged = coalesce(row: address.row)
        let column = merged == 1 ? address.column : address.column / merged * merged
        return Envelope(
            minX: pointOfOrigin.x + Double(column) * tileSpan,
            minY: pointOfOrigin.y - Double(address.row + 1) * tileSpan,
            maxX: pointOfOrigin.x + Double(column + merged) * tileSpan,
            maxY: pointOfOrigin.y - Double(address.row) * tileSpan)
    }

    /// The tiles that share area with an envelope of the CRS; `nil` when there are none.
    ///
    /// A tile that only touches the envelope's east or south edge is left out, unless the envelope has no width or
    /// height there.
    public func addresses(intersecting box: Envelope) -> TileMatrixLimits? {
        guard !box.isEmpty, envelope.intersects(box) else { return nil }
        let columns = Self.cells(from: box.minX - pointOfOrigin.x, to: box.maxX - pointOfOrigin.x, span: tileSpan, count: matrixWidth)
        let rows = Self.cells(from: pointOfOrigin.y - box.maxY, to: pointOfOrigin.y - box.minY, span: tileSpan, count: matrixHeight)
        return TileMatrixLimits(level: level, rows: rows, columns: columns)
    }

    /// How many columns one tile of this row takes: 1 but in merged rows.
    public func coalesce(row: Int) -> Int {
        if variableMatrixWidths.isEmpty { return 1 }
        let documentRow = rowInDocuments(row)
        return variableMatrixWidths.first { $0.rows.contains(documentRow) }?.coalesce ?? 1
    }

    /// The row number as the set's document counts it, and back: the same but for sets that count from the bottom.
    public func rowInDocuments(_ row: Int) -> Int {
        cornerOfOrigin == .topLeft ? row : matrixHeight - 1 - row
    }

    /// The scale denominator that documents state when a pixel is that of a 96 dpi screen.
    ///
    /// - Parameter metresPerUnit: of the matrix's set.
    public func screenScaleDenominator(metresPerUnit: Double) -> Double {
        cellSize * metresPerUnit / StandardGrid.screenPixelSizeInMetres
    }

    private static func cells(from low: Double, to high: Double, span: Double, count: Int) -> ClosedRange<Int> {
        let limit = Double(count)
        let first = Int(min(limit - 1, max(0, (low / span).rounded(.down))))
        let last = Int(min(limit, max(1, (high / span).rounded(.up)))) - 1
        return first...max(first, last)
    }
}
