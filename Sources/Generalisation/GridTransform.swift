public import SimpleFeatures
public import Tiling

/// Quantises positions stored on one integer grid to the units of a window.
///
/// Rounding is done on the matrix's whole grid (units from its point of origin) and the window's corner subtracted
/// after, so every window of one matrix and extent puts a vertex on the same spot. y is turned down.
@frozen
public struct GridTransform: Hashable, Sendable {
    @usableFromInline let scaleX: Double
    @usableFromInline let scaleY: Double
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
    ///   - sourceOrigin: the place of stored 0, 0 in the window's CRS.
    ///   - sourceUnit: CRS units in one stored unit.
    public init(window: TileWindow, sourceOrigin: Coordinate, sourceUnit: Double) {
        let units = window.unitsPerCRSUnit
        scaleX = sourceUnit * units
        scaleY = -sourceUnit * units
        offsetX = (sourceOrigin.x - window.matrix.pointOfOrigin.x) * units
        offsetY = (window.matrix.pointOfOrigin.y - sourceOrigin.y) * units
        cornerX = Double(window.origin.column) * Double(window.extent)
        cornerY = Double(window.origin.row) * Double(window.extent)
    }

    /// The window's x of a stored x, held within ±2^29.
    @inlinable
    public func x(_ stored: Int32) -> Int32 {
        let whole = (Double(stored) * scaleX + offsetX) + Self.rounder - Self.rounder
        return Int32(max(-Self.limit, min(Self.limit, whole - cornerX)))
    }

    /// The window's y (down) of a stored y (up), held within ±2^29.
    @inlinable
    public func y(_ stored: Int32) -> Int32 {
        let whole = (Double(stored) * scaleY + offsetY) + Self.rounder - Self.rounder
        return Int32(max(-Self.limit, min(Self.limit, whole - cornerY)))
    }
}
