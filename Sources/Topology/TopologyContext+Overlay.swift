internal import CGEOS
public import SimpleFeatures

extension TopologyContext {
    /// All points within `distance`, in CRS units, of the geometry; negative shrinks an area.
    ///
    /// - Parameter quadrantSegments: chords a quarter circle, 1 or more.
    public borrowing func buffer(
        _ geometry: Geometry, by distance: Double, quadrantSegments: Int = 8
    ) throws(TopologyError) -> Geometry {
        precondition(quadrantSegments >= 1, "a quarter circle has at least one chord")
        guard distance.isFinite else {
            throw TopologyError(.notFinite, "a buffer by \(distance) is no buffer; give a finite distance")
        }
        let built = try build(geometry)
        return read(
            try unsafe owned(
                GEOSBuffer_r(handle, built.pointer, distance, Int32(clamping: quadrantSegments)), "buffer"))
    }

    public borrowing func union(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Geometry {
        let first = try build(a)
        let second = try build(b)
        return read(try unsafe owned(GEOSUnion_r(handle, first.pointer, second.pointer), "union"))
    }

    /// The union of many at once, much faster than one by one.
    public borrowing func union(of geometries: [Geometry]) throws(TopologyError) -> Geometry {
        let built = try build(.geometryCollection(geometries))
        return read(try unsafe owned(GEOSUnaryUnion_r(handle, built.pointer), "union"))
    }

    public borrowing func intersection(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Geometry {
        let first = try build(a)
        let second = try build(b)
        return read(try unsafe owned(GEOSIntersection_r(handle, first.pointer, second.pointer), "intersection"))
    }

    /// What of `a` is not in `b`.
    public borrowing func difference(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Geometry {
        let first = try build(a)
        let second = try build(b)
        return read(try unsafe owned(GEOSDifference_r(handle, first.pointer, second.pointer), "difference"))
    }
}
