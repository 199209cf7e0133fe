internal import CGEOS
public import SimpleFeatures

/// A geometry, indexed, that stored geometries are asked about one after the other as they lie in memory: their well-known binary
/// goes to GEOS without becoming a value between.
///
/// It owns GEOS state, so it belongs to one owner at a time.
@safe
public struct SpatialProbe: ~Copyable {
    private let engine: GeosEngine
    private let geometry: OpaquePointer
    private let prepared: OpaquePointer
    private let reader: OpaquePointer

    /// - Throws: `malformed`, `notFinite`, `tooLarge`.
    public init(_ geometry: Geometry) throws(TopologyError) {
        let engine = try GeosEngine()
        var built: OpaquePointer?
        do throws(TopologyError) {
            unsafe built = try engine.build(geometry).release()
        } catch {
            unsafe engine.destroy()
            throw error
        }
        guard let pointer = unsafe built, let prepared = unsafe GEOSPrepare_r(engine.handle, pointer),
            let reader = unsafe GEOSWKBReader_create_r(engine.handle)
        else {
            // Only an empty memory comes here; what was made goes with the process.
            throw engine.failure("preparing")
        }
        self.engine = engine
        unsafe self.geometry = pointer
        unsafe self.prepared = prepared
        unsafe self.reader = reader
    }

    deinit {
        unsafe GEOSWKBReader_destroy_r(engine.handle, reader)
        unsafe GEOSPreparedGeom_destroy_r(engine.handle, prepared)
        unsafe GEOSGeom_destroy_r(engine.handle, geometry)
        unsafe engine.destroy()
    }

    /// Whether the geometry that the bytes spell stands in `relation` to this one: `within` asks whether it lies in here.
    ///
    /// - Throws: `malformed` for bytes that are no geometry; `engineFailure` where GEOS defines no answer.
    public borrowing func isRelated(_ wellKnownBinary: RawSpan, by relation: SpatialRelation) throws(TopologyError) -> Bool {
        let read = unsafe wellKnownBinary.withUnsafeBytes { bytes in
            unsafe GEOSWKBReader_read_r(engine.handle, reader, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        }
        guard let pointer = unsafe read else { throw TopologyError(.malformed, engine.failure("reading well-known binary").message) }
        let other = unsafe GeosGeometry(handle: engine.handle, pointer: pointer)
        return try isRelated(other, by: relation)
    }

    /// As for bytes, of one position.
    public borrowing func isRelated(_ point: Coordinate, by relation: SpatialRelation) throws(TopologyError) -> Bool {
        let other = try unsafe engine.owned(GEOSGeom_createPointFromXY_r(engine.handle, point.x, point.y), "point")
        return try isRelated(other, by: relation)
    }

    private borrowing func isRelated(_ other: borrowing GeosGeometry, by relation: SpatialRelation) throws(TopologyError) -> Bool {
        let (handle, pointer) = unsafe (engine.handle, other.pointer)
        // GEOS asks from the prepared side: what is within it, it contains.
        let answer =
            switch relation {
            case .intersects: unsafe GEOSPreparedIntersects_r(handle, prepared, pointer)
            case .disjoint: unsafe GEOSPreparedDisjoint_r(handle, prepared, pointer)
            case .within: unsafe GEOSPreparedContains_r(handle, prepared, pointer)
            case .contains: unsafe GEOSPreparedWithin_r(handle, prepared, pointer)
            case .coveredBy: unsafe GEOSPreparedCovers_r(handle, prepared, pointer)
            case .covers: unsafe GEOSPreparedCoveredBy_r(handle, prepared, pointer)
            case .touches: unsafe GEOSPreparedTouches_r(handle, prepared, pointer)
            case .crosses: unsafe GEOSPreparedCrosses_r(handle, prepared, pointer)
            case .overlaps: unsafe GEOSPreparedOverlaps_r(handle, prepared, pointer)
            case .equals: unsafe GEOSEquals_r(handle, geometry, pointer)
            }
        return try engine.decided(answer, relation.rawValue)
    }
}
