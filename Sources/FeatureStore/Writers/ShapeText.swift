import SimpleFeatures

/// The kinds of shape that a `.shp` file is of, with their codes.
enum ShapeKind: Int32, Sendable, CaseIterable {
    case point = 1
    case line = 3
    case area = 5
    case multiPoint = 8

    init(_ dimension: GeometryDimension) {
        switch dimension {
        case .point: self = .point
        case .line: self = .line
        case .area: self = .area
        }
    }
}

/// Shapes as the bytes of a `.shp` file (ESRI Shapefile Technical Description, July 1998).
enum ShapeText {
    /// The content of one record; `nil` when the geometry is not of `kind`.
    static func content(_ geometry: Geometry, _ kind: ShapeKind) -> [UInt8]? {
        switch (geometry, kind) {
        case (.point(let c), .point):
            var bytes: [UInt8] = []
            append(ShapeKind.point.rawValue, to: &bytes)
            append(c, to: &bytes)
            return bytes
        case (.multiPoint(let points), .multiPoint):
            var bytes: [UInt8] = []
            append(ShapeKind.multiPoint.rawValue, to: &bytes)
            append(geometry.envelope, to: &bytes)
            append(Int32(points.count), to: &bytes)
            for c in points { append(c, to: &bytes) }
            return bytes
        case (.lineString(let path), .line): return parts([path], geometry.envelope, .line)
        case (.multiLineString(let lines), .line): return parts(lines, geometry.envelope, .line)
        case (.polygon(let polygon), .area): return parts(wound(polygon), geometry.envelope, .area)
        case (.multiPolygon(let polygons), .area): return parts(polygons.flatMap(wound), geometry.envelope, .area)
        default: return nil
        }
    }

    static func fileHeader(byteCount: Int, _ kind: ShapeKind, _ envelope: Envelope) -> [UInt8] {
        var bytes: [UInt8] = []
        appendBig(9994, to: &bytes)
        for _ in 0..<5 { appendBig(0, to: &bytes) }
        appendBig(Int32(byteCount / 2), to: &bytes)
        append(1000, to: &bytes)
        append(kind.rawValue, to: &bytes)
        append(envelope.isEmpty ? Envelope(minX: 0, minY: 0, maxX: 0, maxY: 0) : envelope, to: &bytes)
        bytes.append(contentsOf: [UInt8](repeating: 0, count: 32))
        return bytes
    }

    private static func parts(_ paths: [[Coordinate]], _ envelope: Envelope, _ kind: ShapeKind) -> [UInt8] {
        var bytes: [UInt8] = []
        append(kind.rawValue, to: &bytes)
        append(envelope, to: &bytes)
        append(Int32(paths.count), to: &bytes)
        append(Int32(paths.reduce(0) { $0 + $1.count }), to: &bytes)
        var first = 0
        for path in paths {
            append(Int32(first), to: &bytes)
            first += path.count
        }
        for path in paths { for c in path { append(c, to: &bytes) } }
        return bytes
    }

    /// Exteriors clockwise, holes counterclockwise.
    private static func wound(_ polygon: Polygon) -> [[Coordinate]] {
        polygon.rings.enumerated().map { index, ring in
            let isClockwise = RingGrouping.signedArea(ring) < 0
            return isClockwise == (index == 0) ? ring : ring.reversed()
        }
    }

    private static func append(_ box: Envelope, to bytes: inout [UInt8]) {
        append(Coordinate(x: box.minX, y: box.minY), to: &bytes)
        append(Coordinate(x: box.maxX, y: box.maxY), to: &bytes)
    }

    private static func append(_ c: Coordinate, to bytes: inout [UInt8]) {
        for ordinate in [c.x, c.y] {
            unsafe withUnsafeBytes(of: ordinate.bitPattern.littleEndian) { unsafe bytes.append(contentsOf: $0) }
        }
    }

    static func append(_ n: Int32, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: n.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    static func appendBig(_ n: Int32, to bytes: inout [UInt8]) {
        append(n.byteSwapped, to: &bytes)
    }
}
