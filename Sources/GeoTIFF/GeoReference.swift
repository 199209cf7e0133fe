public import SimpleFeatures

/// Where an image lies: the way from pixels to the CRS, x east first.
///
/// A pixel position counts from the left top corner of the left top pixel, whose centre is at 0.5, 0.5.
public struct GeoReference: Hashable, Sendable {
    /// Of the left top corner.
    public var origin: Coordinate
    /// What one pixel to the right moves.
    public var column: Coordinate
    /// What one pixel down moves.
    public var row: Coordinate

    /// - Returns: `nil` for numbers that are no way from pixels to places.
    public init?(origin: Coordinate, column: Coordinate, row: Coordinate) {
        self.origin = origin
        self.column = column
        self.row = row
        guard origin.isFinite, column.isFinite, row.isFinite, determinant.isFinite, determinant != 0 else { return nil }
    }

    private var determinant: Double { column.x * row.y - column.y * row.x }

    public func position(x: Double, y: Double) -> Coordinate {
        Coordinate(x: origin.x + x * column.x + y * row.x, y: origin.y + x * column.y + y * row.y)
    }

    public func pixel(at c: Coordinate) -> (x: Double, y: Double) {
        let (dx, dy) = (c.x - origin.x, c.y - origin.y)
        return ((dx * row.y - dy * row.x) / determinant, (dy * column.x - dx * column.y) / determinant)
    }

    /// The same place for numbers that count from the centre of the left top pixel.
    func shiftedFromCentre() -> GeoReference {
        var shifted = self
        shifted.origin = position(x: -0.5, y: -0.5)
        return shifted
    }
}

extension GeoReference {
    /// A matrix of four by four, row by row (ModelTransformation).
    init?(matrix m: [Double]) {
        guard m.count == 16 else { return nil }
        self.init(
            origin: Coordinate(x: m[3], y: m[7]), column: Coordinate(x: m[0], y: m[4]), row: Coordinate(x: m[1], y: m[5]))
    }

    /// ModelPixelScale and the one point of ModelTiepoint.
    init?(scale: [Double], tiepoint t: [Double]) {
        guard scale.count >= 2, t.count >= 6 else { return nil }
        self.init(
            origin: Coordinate(x: t[3] - t[0] * scale[0], y: t[4] + t[1] * scale[1]), column: Coordinate(x: scale[0], y: 0),
            row: Coordinate(x: 0, y: -scale[1]))
    }

    /// The six lines of a world file, which speak of the centre of the left top pixel.
    init?(worldFile text: String) {
        let numbers = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
        guard numbers.count >= 6, !numbers.prefix(6).contains(nil) else { return nil }
        let n = numbers.prefix(6).compactMap { $0 }
        guard
            let centred = GeoReference(
                origin: Coordinate(x: n[4], y: n[5]), column: Coordinate(x: n[0], y: n[1]), row: Coordinate(x: n[2], y: n[3]))
        else { return nil }
        self = centred.shiftedFromCentre()
    }
}
