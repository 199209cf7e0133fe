public import SimpleFeatures
public import Tiling

/// Quantises positions stored on one integer grid to the units of a window.
///
/// Rounding is done on the matrix's whole grid (units from its point of origin) and the window's corner subtracted
/// after, so every window of one matrix and extent puts a vertex on the same spot. What is rounded is worked out from the
/// position alone, not from where the file's origin lies: of positions midway between two units there are many, and files of
/// the same layer need not have the same origin. y is turned down.
@frozen
public struct GridTransform: Hashable, Sendable {
    @usableFromInline let scaleX: Double
    @usableFromInline let scaleY: Double
    /// The place of stored 0, 0 in stored units from the CRS's zero: a whole number.
    @usableFromInline let originX: Double
    @usableFromInline let originY: Double
    @usableFromInline let offsetX: Double
    @usableFromInline let offsetY: Double
    @usableFromInline let cornerX: Double
    @usableFromInline let cornerY: Double

    /// Adding and taking away 1.5 x 2^52 rounds to the nearest integer, ties to even.
    @inlinable static var rounder: Double { 0x1.8p52 }
    /// Farther units would overflow exact products of differences in 64 bits.
    @inlinable static var limit: Double { 0x1p29 }

    /// - Parameters:
    ///   - window: whose units are wanted.
    ///   - sourceOrigin: the place of stored 0, 0 in the window's CRS; a multiple of the unit.
    ///   - sourceUnit: CRS units in one stored unit.
    public init(window: TileWindow, sourceOrigin: Coordinate, sourceUnit: Double) {
        let units = window.unitsPerCRSUnit
        scaleX = sourceUnit * units
        scaleY = -sourceUnit * units
        originX = sourceOrigin.x / sourceUnit
        originY = sourceOrigin.y / sourceUnit
        offsetX = -window.matrix.pointOfOrigin.x * units
        offsetY = window.matrix.pointOfOrigin.y * units
        cornerX = Double(window.origin.column) * Double(window.extent)
        cornerY = Double(window.origin.row) * Double(window.extent)
    }

    /// The window's x of a stored x, held within ±2^29.
    @inlinable
    public func x(_ stored: Int32) -> Int32 {
        let whole = ((Double(stored) + originX) * scaleX + offsetX) + Self.rounder - Self.rounder
        return Int32(max(-Self.limit, min(Self.limit, whole - cornerX)))
    }

    /// The window's y (down) of a stored y (up), held within ±2^29.
    @inlinable
    public func y(_ stored: Int32) -> Int32 {
        let whole = ((Double(stored) + originY) * scaleY + offsetY) + Self.rounder - Self.rounder
        return Int32(max(-Self.limit, min(Self.limit, whole - cornerY)))
    }
}
