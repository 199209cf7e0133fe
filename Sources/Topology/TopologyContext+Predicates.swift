internal import CGEOS
public import SimpleFeatures

/// A named spatial relation of two geometries (OGC 06-103r4, DE-9IM).
public enum SpatialRelation: String, Sendable, CaseIterable {
    case intersects, disjoint, contains, within, covers, coveredBy, touches, crosses, overlaps, equals
}

extension TopologyContext {
    /// Whether `a` stands in `relation` to `b`.
    ///
    /// For a geometry collection with parts that overlap or touch, GEOS 3.11 has no dependable answer: ask for its parts.
    /// - Throws: `malformed`, `notFinite`, `tooLarge`, and `engineFailure` where GEOS defines no answer.
    public borrowing func holds(
        _ relation: SpatialRelation, _ a: Geometry, _ b: Geometry
    ) throws(TopologyError) -> Bool {
        let first = try build(a)
        let second = try build(b)
        let answer =
            switch relation {
            case .intersects: unsafe GEOSIntersects_r(handle, first.pointer, second.pointer)
            case .disjoint: unsafe GEOSDisjoint_r(handle, first.pointer, second.pointer)
            case .contains: unsafe GEOSContains_r(handle, first.pointer, second.pointer)
            case .within: unsafe GEOSWithin_r(handle, first.pointer, second.pointer)
            case .covers: unsafe GEOSCovers_r(handle, first.pointer, second.pointer)
            case .coveredBy: unsafe GEOSCoveredBy_r(handle, first.pointer, second.pointer)
            case .touches: unsafe GEOSTouches_r(handle, first.pointer, second.pointer)
            case .crosses: unsafe GEOSCrosses_r(handle, first.pointer, second.pointer)
            case .overlaps: unsafe GEOSOverlaps_r(handle, first.pointer, second.pointer)
            case .equals: unsafe GEOSEquals_r(handle, first.pointer, second.pointer)
            }
        return try engine.decided(answer, relation.rawValue)
    }

    public borrowing func intersects(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Bool {
        guard a.envelope.intersects(b.envelope) else { return false }
        return try holds(.intersects, a, b)
    }
    public borrowing func disjoint(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Bool {
        try !intersects(a, b)
    }
    public borrowing func contains(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Bool {
        try holds(.contains, a, b)
    }
    public borrowing func within(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Bool {
        try holds(.within, a, b)
    }
    public borrowing func covers(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Bool {
        try holds(.covers, a, b)
    }
    public borrowing func touches(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Bool {
        try holds(.touches, a, b)
    }
    public borrowing func crosses(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Bool {
        try holds(.crosses, a, b)
    }
    public borrowing func overlaps(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Bool {
        try holds(.overlaps, a, b)
    }
    /// Whether the two cover the same points, however they are written.
    public borrowing func equals(_ a: Geometry, _ b: Geometry) throws(TopologyError) -> Bool {
        try holds(.equals, a, b)
    }
}

extension GeosEngine {
    /// GEOS says 0 or 1, and 2 for an exception.
    func decided(_ answer: CChar, _ step: String) throws(TopologyError) -> Bool {
        guard answer == 0 || answer == 1 else { throw failure(step) }
        return answer == 1
    }
}
