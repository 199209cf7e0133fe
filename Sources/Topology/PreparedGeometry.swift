internal import CGEOS
public import SimpleFeatures

/// A geometry indexed for many tests against it; lent by `TopologyContext.withPrepared`, never kept.
@safe
public struct PreparedGeometry: ~Copyable {
    private let engine: GeosEngine
    private let prepared: OpaquePointer
    private let envelope: Envelope

    @unsafe
    init(engine: GeosEngine, prepared: OpaquePointer, envelope: Envelope) {
        self.engine = engine
        unsafe self.prepared = prepared
        self.envelope = envelope
    }

    public borrowing func intersects(_ other: Geometry) throws(TopologyError) -> Bool {
        guard envelope.intersects(other.envelope) else { return false }
        let built = try engine.build(other)
        return try engine.decided(
            unsafe GEOSPreparedIntersects_r(engine.handle, prepared, built.pointer), "prepared intersects")
    }

    /// Whether `other` lies inside, not only on the border.
    public borrowing func contains(_ other: Geometry) throws(TopologyError) -> Bool {
        guard envelope.contains(other.envelope) else { return false }
        let built = try engine.build(other)
        return try engine.decided(
            unsafe GEOSPreparedContains_r(engine.handle, prepared, built.pointer), "prepared contains")
    }

    /// Whether no point of `other` lies outside.
    public borrowing func covers(_ other: Geometry) throws(TopologyError) -> Bool {
        guard envelope.contains(other.envelope) else { return false }
        let built = try engine.build(other)
        return try engine.decided(
            unsafe GEOSPreparedCovers_r(engine.handle, prepared, built.pointer), "prepared covers")
    }
}

extension TopologyContext {
    /// Lends `geometry`, indexed for many tests against it.
    public borrowing func withPrepared<Result>(
        _ geometry: Geometry, _ body: (borrowing PreparedGeometry) throws(TopologyError) -> Result
    ) throws(TopologyError) -> Result {
        let built = try build(geometry)
        guard let prepared = unsafe GEOSPrepare_r(handle, built.pointer) else { throw failure("preparing") }
        defer { unsafe GEOSPreparedGeom_destroy_r(handle, prepared) }
        let lent = unsafe PreparedGeometry(engine: engine, prepared: prepared, envelope: geometry.envelope)
        return try body(lent)
    }
}
