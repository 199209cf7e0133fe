import SimpleFeatures

/// Geometries as well-known text (OGC 06-103r4 clause 7), east first.
struct WellKnownTextWriter: Sendable {
    private let decimals: Int
    private var bytes: [UInt8] = []

    /// - Parameter decimals: places after the point, 0 to 9.
    init(decimals: Int) { self.decimals = decimals }

    mutating func text(_ geometry: Geometry) -> String {
        bytes.removeAll(keepingCapacity: true)
        append(geometry)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Rounded to the places asked for, without zeros at the end.
    mutating func number(_ value: Double) -> String {
        bytes.removeAll(keepingCapacity: true)
        JSONText.append(value, decimals: decimals, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func append(_ geometry: Geometry) {
        switch geometry {
        case .point(let c):
            append("POINT ")
            append([c])
        case .lineString(let path):
            append("LINESTRING ")
            append(path)
        case .polygon(let polygon):
            append("POLYGON ")
            append(polygon.rings) { $0.append($1) }
        case .multiPoint(let points):
            append("MULTIPOINT ")
            append(points) { $0.append([$1]) }
        case .multiLineString(let lines):
            append("MULTILINESTRING ")
            append(lines) { $0.append($1) }
        case .multiPolygon(let polygons):
            append("MULTIPOLYGON ")
            append(polygons) { writer, polygon in writer.append(polygon.rings) { $0.append($1) } }
        case .geometryCollection(let parts):
            append("GEOMETRYCOLLECTION ")
            append(parts) { $0.append($1) }
        }
    }

    private mutating func append(_ path: [Coordinate]) {
        append(path) { writer, c in
            JSONText.append(c.x, decimals: writer.decimals, to: &writer.bytes)
            writer.bytes.append(0x20)
            JSONText.append(c.y, decimals: writer.decimals, to: &writer.bytes)
        }
    }

    private mutating func append<Part>(_ parts: [Part], _ write: (inout Self, Part) -> Void) {
        guard !parts.isEmpty else { return append("EMPTY") }
        bytes.append(UInt8(ascii: "("))
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, part)
        }
        bytes.append(UInt8(ascii: ")"))
    }

    private mutating func append(_ text: String) { bytes += Array(text.utf8) }
}
