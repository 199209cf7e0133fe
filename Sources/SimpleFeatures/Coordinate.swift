/// A position in a coordinate reference system known from context: `x` east, `y` north, in that CRS's units.
///
/// East comes first everywhere inside the process, whatever order the CRS's authority defines
/// (EPSG:4490 is latitude, longitude; EPSG:4547 is northing, easting).
@frozen
public struct Coordinate: Hashable, Sendable {
    public var x: Double
    public var y: Double

    @inlinable
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// Whether both ordinates are numbers that can be drawn: neither NaN nor infinite.
    @inlinable
    public var isFinite: Bool { x.isFinite && y.isFinite }
}
