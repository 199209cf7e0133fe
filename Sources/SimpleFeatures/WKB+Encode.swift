extension WKB {
    /// Appends `geometry` as little-endian two-dimensional well-known binary.
    public static func append(_ geometry: Geometry, to bytes: inout [UInt8]) {
        appendHeader(geometry.kind, to: &bytes)
        switch geometry {
        case .point(let c): append([c], to: &bytes)
        case .lineString(let path): appendCounted(path, to: &bytes)
        case .polygon(let polygon): appendRings(polygon, to: &bytes)
        case .multiPoint(let points):
            append(count: points.count, to: &bytes)
            for point in points {
                appendHeader(.point, to: &bytes)
                append([point], to: &bytes)
            }
        case .multiLineString(let lines):
            append(count: lines.count, to: &bytes)
            for line in lines {
                appendHeader(.lineString, to: &bytes)
                appendCounted(line, to: &bytes)
            }
        case .multiPolygon(let polygons):
            append(count: polygons.count, to: &bytes)
            for polygon in polygons {
                appendHeader(.polygon, to: &bytes)
                appendRings(polygon, to: &bytes)
            }
        case .geometryCollection(let parts):
            append(count: parts.count, to: &bytes)
            for part in parts { append(part, to: &bytes) }
        }
    }

    private static func appendHeader(_ kind: GeometryKind, to bytes: inout [UInt8]) {
        bytes.append(1)
        append(count: Int(kind.rawValue), to: &bytes)
    }

    private static func appendRings(_ polygon: Polygon, to bytes: inout [UInt8]) {
        append(count: polygon.rings.count, to: &bytes)
        for ring in polygon.rings { appendCounted(ring, to: &bytes) }
    }

    private static func appendCounted(_ path: [Coordinate], to bytes: inout [UInt8]) {
        append(count: path.count, to: &bytes)
        append(path, to: &bytes)
    }

    private static func append(count: Int, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: UInt32(count).littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Positions are pairs of doubles in memory and in the format alike, so a run is copied whole.
    private static func append(_ path: [Coordinate], to bytes: inout [UInt8]) {
        #if _endian(little)
        unsafe path.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        #else
        for c in path {
            for ordinate in [c.x, c.y] {
                unsafe withUnsafeBytes(of: ordinate.bitPattern.littleEndian) { unsafe bytes.append(contentsOf: $0) }
            }
        }
        #endif
    }
}
