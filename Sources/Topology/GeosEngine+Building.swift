internal import CGEOS
internal import SimpleFeatures

extension GeosEngine {
    /// The geometry as GEOS holds it.
    ///
    /// - Throws: `tooLarge`, `notFinite`, `malformed`.
    func build(_ geometry: Geometry) throws(TopologyError) -> GeosGeometry {
        if let defect = StructuralDefect.first(in: geometry) { throw defect.error }
        return try assemble(geometry)
    }

    /// - Precondition: no structural defect; GEOS would throw on one and parts built before it would leak.
    private func assemble(_ geometry: Geometry) throws(TopologyError) -> GeosGeometry {
        switch geometry {
        case .point(let c): return try unsafe owned(GEOSGeom_createPointFromXY_r(handle, c.x, c.y), "point")
        case .lineString(let path):
            return try unsafe owned(GEOSGeom_createLineString_r(handle, sequence(path)), "line")
        case .polygon(let polygon): return try assemble(polygon)
        case .multiPoint(let points):
            return try collection(GEOS_MULTIPOINT, points.count) { i throws(TopologyError) in
                try assemble(.point(points[i]))
            }
        case .multiLineString(let lines):
            return try collection(GEOS_MULTILINESTRING, lines.count) { i throws(TopologyError) in
                try assemble(.lineString(lines[i]))
            }
        case .multiPolygon(let polygons):
            return try collection(GEOS_MULTIPOLYGON, polygons.count) { i throws(TopologyError) in
                try assemble(polygons[i])
            }
        case .geometryCollection(let parts):
            return try collection(GEOS_GEOMETRYCOLLECTION, parts.count) { i throws(TopologyError) in
                try assemble(parts[i])
            }
        }
    }

    private func assemble(_ polygon: Polygon) throws(TopologyError) -> GeosGeometry {
        guard let exterior = polygon.rings.first, !exterior.isEmpty else {
            return try unsafe owned(GEOSGeom_createEmptyPolygon_r(handle), "polygon")
        }
        let shell = try ring(exterior)
        var holes: [OpaquePointer?] = unsafe []
        for hole in polygon.rings.dropFirst() where !hole.isEmpty {
            let inner = try ring(hole)
            unsafe holes.append(inner.release())
        }
        let count = unsafe UInt32(holes.count)
        let shellPointer = unsafe shell.release()
        let created = unsafe holes.withUnsafeMutableBufferPointer {
            unsafe GEOSGeom_createPolygon_r(handle, shellPointer, $0.baseAddress, count)
        }
        return try unsafe owned(created, "polygon")
    }

    private func ring(_ path: [Coordinate]) throws(TopologyError) -> GeosGeometry {
        try unsafe owned(GEOSGeom_createLinearRing_r(handle, sequence(path)), "ring")
    }

    private func collection(
        _ kind: GEOSGeomTypes, _ count: Int, _ part: (Int) throws(TopologyError) -> GeosGeometry
    ) throws(TopologyError) -> GeosGeometry {
        var parts: [OpaquePointer?] = unsafe []
        for i in 0..<count {
            let built = try part(i)
            unsafe parts.append(built.release())
        }
        let created = unsafe parts.withUnsafeMutableBufferPointer {
            unsafe GEOSGeom_createCollection_r(handle, Int32(kind.rawValue), $0.baseAddress, UInt32(count))
        }
        return try unsafe owned(created, "collection")
    }

    @unsafe
    private func sequence(_ path: [Coordinate]) -> OpaquePointer? {
        unsafe path.withUnsafeBytes { bytes in
            let numbers = unsafe bytes.assumingMemoryBound(to: Double.self)
            return unsafe GEOSCoordSeq_copyFromBuffer_r(handle, numbers.baseAddress, UInt32(path.count), 0, 0)
        }
    }
}
