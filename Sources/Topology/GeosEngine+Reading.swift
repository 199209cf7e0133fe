internal import CGEOS
internal import SimpleFeatures

extension GeosEngine {
    /// The GEOS geometry as a value; an empty point becomes an empty collection.
    func read(_ geometry: borrowing GeosGeometry) -> Geometry {
        unsafe read(geometry.pointer)
    }

    @unsafe
    func read(_ pointer: OpaquePointer) -> Geometry {
        switch unsafe GEOSGeomTypeId_r(handle, pointer) {
        case Int32(GEOS_POINT.rawValue):
            let path = unsafe path(pointer)
            return path.isEmpty ? .geometryCollection([]) : .point(path[0])
        case Int32(GEOS_LINESTRING.rawValue), Int32(GEOS_LINEARRING.rawValue): return unsafe .lineString(path(pointer))
        case Int32(GEOS_POLYGON.rawValue): return unsafe .polygon(polygon(pointer))
        case Int32(GEOS_MULTIPOINT.rawValue): return unsafe .multiPoint(parts(pointer).flatMap { unsafe path($0) })
        case Int32(GEOS_MULTILINESTRING.rawValue):
            return unsafe .multiLineString(parts(pointer).map { unsafe path($0) })
        case Int32(GEOS_MULTIPOLYGON.rawValue):
            return unsafe .multiPolygon(parts(pointer).map { unsafe polygon($0) })
        default: return unsafe .geometryCollection(parts(pointer).map { unsafe read($0) })
        }
    }

    /// The parts of a collection, lent; a simple geometry is its own only part.
    @unsafe
    private func parts(_ pointer: OpaquePointer) -> [OpaquePointer] {
        let count = unsafe GEOSGetNumGeometries_r(handle, pointer)
        return unsafe (0..<max(0, count)).compactMap { unsafe GEOSGetGeometryN_r(handle, pointer, $0) }
    }

    @unsafe
    private func polygon(_ pointer: OpaquePointer) -> Polygon {
        guard unsafe GEOSisEmpty_r(handle, pointer) == 0, let shell = unsafe GEOSGetExteriorRing_r(handle, pointer) else {
            return Polygon(rings: [])
        }
        var rings = unsafe [path(shell)]
        for i in 0..<max(0, unsafe GEOSGetNumInteriorRings_r(handle, pointer)) {
            if let hole = unsafe GEOSGetInteriorRingN_r(handle, pointer, i) { unsafe rings.append(path(hole)) }
        }
        return Polygon(rings: rings)
    }

    @unsafe
    private func path(_ pointer: OpaquePointer) -> [Coordinate] {
        var count: UInt32 = 0
        guard let sequence = unsafe GEOSGeom_getCoordSeq_r(handle, pointer),
            unsafe GEOSCoordSeq_getSize_r(handle, sequence, &count) != 0, count > 0
        else { return [] }
        var path = [Coordinate](repeating: Coordinate(x: 0, y: 0), count: Int(count))
        unsafe path.withUnsafeMutableBytes { bytes in
            let numbers = unsafe bytes.assumingMemoryBound(to: Double.self)
            _ = unsafe GEOSCoordSeq_copyToBuffer_r(handle, sequence, numbers.baseAddress, 0, 0)
        }
        return path
    }
}
