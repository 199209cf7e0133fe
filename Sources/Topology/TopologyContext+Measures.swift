internal import CGEOS
public import SimpleFeatures

extension TopologyContext {
    /// Square CRS units covered; 0 for points and lines.
    public borrowing func area(of geometry: Geometry) throws(TopologyError) -> Double {
        let built = try build(geometry)
        var value = 0.0
        guard unsafe GEOSArea_r(handle, built.pointer, &value) == 1 else { throw failure("area") }
        return value
    }

    /// CRS units of all lines and rings.
    public borrowing func length(of geometry: Geometry) throws(TopologyError) -> Double {
        let built = try build(geometry)
        var value = 0.0
        guard unsafe GEOSLength_r(handle, built.pointer, &value) == 1 else { throw failure("length") }
        return value
    }

    /// CRS units between the nearest points; 0 when they touch, infinite when one is empty.
    public borrowing func distance(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Double {
        guard !a.isEmpty && !b.isEmpty else { return .infinity }
        let first = try build(a)
        let second = try build(b)
        var value = 0.0
        guard unsafe GEOSDistance_r(handle, first.pointer, second.pointer, &value) == 1 else { throw failure("distance") }
        return value
    }

    /// The centre of gravity, maybe outside the geometry; `nil` for an empty one.
    public borrowing func centroid(of geometry: Geometry) throws(TopologyError) -> Coordinate? {
        let built = try build(geometry)
        let point = try unsafe owned(GEOSGetCentroid_r(handle, built.pointer), "centroid")
        if case .point(let c) = read(point) { return c }
        return nil
    }

    /// A point certainly on the geometry, inside where it has an inside; `nil` for an empty one.
    public borrowing func pointOnSurface(of geometry: Geometry) throws(TopologyError) -> Coordinate? {
        let built = try build(geometry)
        let point = try unsafe owned(GEOSPointOnSurface_r(handle, built.pointer), "point on surface")
        if case .point(let c) = read(point) { return c }
        return nil
    }

    /// Whether the boxes share a point: the cheap test before any other.
    public static func envelopesIntersect(_ a: Geometry, _ b: Geometry) -> Bool {
        a.envelope.intersects(b.envelope)
    }
}
