extension GeoJSONWriter {
    /// Appends a geometry object; `null` when a position of it is NaN or infinite.
    public mutating func append(_ geometry: Geometry) {
        guard geometry.hasOnlyFinitePositions else {
            append("null")
            return
        }
        appendObject(geometry)
    }

    private mutating func appendObject(_ geometry: Geometry) {
        switch geometry {
        case .point(let c):
            append("{\"type\":\"Point\",\"coordinates\":")
            appendPositions([c], reversed: false, bracketed: false)
        case .lineString(let path):
            append("{\"type\":\"LineString\",\"coordinates\":")
            appendPath(path)
        case .polygon(let polygon):
            append("{\"type\":\"Polygon\",\"coordinates\":")
            appendRings(polygon)
        case .multiPoint(let points):
            append("{\"type\":\"MultiPoint\",\"coordinates\":")
            appendPath(points)
        case .multiLineString(let lines):
            append("{\"type\":\"MultiLineString\",\"coordinates\":[")
            for (index, line) in lines.enumerated() {
                if index > 0 { append(",") }
                appendPath(line)
            }
            append("]")
        case .multiPolygon(let polygons):
            append("{\"type\":\"MultiPolygon\",\"coordinates\":[")
            for (index, polygon) in polygons.enumerated() {
                if index > 0 { append(",") }
                appendRings(polygon)
            }
            append("]")
        case .geometryCollection(let parts):
            append("{\"type\":\"GeometryCollection\",\"geometries\":[")
            for (index, part) in parts.enumerated() {
                if index > 0 { append(",") }
                appendObject(part)
            }
            append("]")
        }
        append("}")
    }

    private mutating func appendRings(_ polygon: Polygon) {
        append("[")
        for (index, ring) in polygon.rings.enumerated() {
            if index > 0 { append(",") }
            let isReversed = winding == .rightHand && GeoJSONWriter.winds(ring, clockwise: index == 0)
            appendPositions(ring, reversed: isReversed, bracketed: true)
        }
        append("]")
    }

    private mutating func appendPath(_ path: [Coordinate]) {
        appendPositions(path, reversed: false, bracketed: true)
    }

    /// Whether `ring` turns the way asked; a ring without area turns neither way.
    private static func winds(_ ring: [Coordinate], clockwise: Bool) -> Bool {
        guard ring.count > 2 else { return false }
        let origin = ring[0]
        var doubled = 0.0
        var last = origin
        for c in ring {
            // Relative to the ring itself: projected coordinates would cancel their digits away.
            doubled += (last.x - origin.x) * (c.y - origin.y) - (c.x - origin.x) * (last.y - origin.y)
            last = c
        }
        return clockwise ? doubled < 0 : doubled > 0
    }

    /// Positions are written into room reserved for a run of them, because appending byte by byte costs four times as much.
    private mutating func appendPositions(_ path: [Coordinate], reversed: Bool, bracketed: Bool) {
        let runLength = 64
        if bracketed { append("[") }
        var done = 0
        while done < path.count {
            let n = min(runLength, path.count - done)
            let precision = precision
            unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: n &* GeoJSONWriter.positionCapacity) { room in
                var text = unsafe FixedText(room: room)
                for i in done..<(done &+ n) {
                    if i > 0 { unsafe text.put(0x2C) }
                    let c = path[reversed ? path.count &- 1 &- i : i]
                    unsafe text.put(0x5B)
                    unsafe text.putNumber(c.x, precision)
                    unsafe text.put(0x2C)
                    unsafe text.putNumber(c.y, precision)
                    unsafe text.put(0x5D)
                }
                unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: room[..<text.count]))
            }
            done &+= n
        }
        if bracketed { append("]") }
    }

    /// Two numbers of at most 28 bytes and their punctuation.
    private static let positionCapacity = 60
}

extension Geometry {
    /// Whether every position can be written as numbers.
    var hasOnlyFinitePositions: Bool {
        switch self {
        case .point(let c): c.isFinite
        default: firstNonFinite == nil
        }
    }
}
