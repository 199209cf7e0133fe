extension GeoJSONWriter {
    /// Appends a geometry object; `null` when a position of it is NaN or infinite.
    public mutating func append(_ geometry: Geometry) {
        guard geometry.hasOnlyFinitePositions else {
            append("null")
            return
        }
        var source = PositionSource(positions: nil, next: 0)
        appendObject(geometry, &source)
    }

    /// Appends a geometry object of `geometry`'s structure with other positions: those from `next` on.
    mutating func append(_ geometry: Geometry, positions: [Coordinate], from next: inout Int) {
        let end = next + geometry.coordinateCount
        precondition(next >= 0 && end <= positions.count, "a geometry's positions lie inside the run")
        var source = PositionSource(positions: positions, next: next)
        if positions[next..<end].allSatisfy(\.isFinite) {
            appendObject(geometry, &source)
        } else {
            append("null")
        }
        next = end
    }

    /// Where positions are taken from: the geometry itself, or a run that stands for it.
    private struct PositionSource {
        let positions: [Coordinate]?
        var next: Int

        mutating func take(_ path: [Coordinate]) -> ArraySlice<Coordinate> {
            guard let positions else { return path[...] }
            defer { next += path.count }
            return positions[next..<(next + path.count)]
        }
    }

    private mutating func appendObject(_ geometry: Geometry, _ source: inout PositionSource) {
        switch geometry {
        case .point(let c):
            append("{\"type\":\"Point\",\"coordinates\":")
            appendPositions(source.take([c]), reversed: false, bracketed: false)
        case .lineString(let path):
            append("{\"type\":\"LineString\",\"coordinates\":")
            appendPath(source.take(path))
        case .polygon(let polygon):
            append("{\"type\":\"Polygon\",\"coordinates\":")
            appendRings(polygon, &source)
        case .multiPoint(let points):
            append("{\"type\":\"MultiPoint\",\"coordinates\":")
            appendPath(source.take(points))
        case .multiLineString(let lines):
            append("{\"type\":\"MultiLineString\",\"coordinates\":[")
            for (index, line) in lines.enumerated() {
                if index > 0 { append(",") }
                appendPath(source.take(line))
            }
            append("]")
        case .multiPolygon(let polygons):
            append("{\"type\":\"MultiPolygon\",\"coordinates\":[")
            for (index, polygon) in polygons.enumerated() {
                if index > 0 { append(",") }
                appendRings(polygon, &source)
            }
            append("]")
        case .geometryCollection(let parts):
            append("{\"type\":\"GeometryCollection\",\"geometries\":[")
            for (index, part) in parts.enumerated() {
                if index > 0 { append(",") }
                appendObject(part, &source)
            }
            append("]")
        }
        append("}")
    }

    private mutating func appendRings(_ polygon: Polygon, _ source: inout PositionSource) {
        append("[")
        for (index, ring) in polygon.rings.enumerated() {
            if index > 0 { append(",") }
            let positions = source.take(ring)
            appendPositions(positions, reversed: isReversed(positions, isExterior: index == 0), bracketed: true)
        }
        append("]")
    }

    private func isReversed(_ ring: ArraySlice<Coordinate>, isExterior: Bool) -> Bool {
        switch winding {
        case .asGiven: false
        case .rightHand: GeoJSONWriter.winds(ring, clockwise: isExterior)
        case .rightHandNorthFirst: GeoJSONWriter.winds(ring, clockwise: !isExterior)
        }
    }

    private mutating func appendPath(_ path: ArraySlice<Coordinate>) {
        appendPositions(path, reversed: false, bracketed: true)
    }

    /// Whether `ring` turns the way asked; a ring without area turns neither way.
    private static func winds(_ ring: ArraySlice<Coordinate>, clockwise: Bool) -> Bool {
        guard ring.count > 2, let origin = ring.first else { return false }
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
    private mutating func appendPositions(_ path: ArraySlice<Coordinate>, reversed: Bool, bracketed: Bool) {
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
                    let c = path[path.startIndex &+ (reversed ? path.count &- 1 &- i : i)]
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
    package var hasOnlyFinitePositions: Bool {
        switch self {
        case .point(let c): c.isFinite
        default: firstNonFinite == nil
        }
    }
}
