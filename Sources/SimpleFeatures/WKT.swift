/// Well-known text of geometries (OGC 06-103r4 clause 7).
public enum WKT {
    /// Why text is not well-known text, and where.
    public struct Fault: Error, Sendable, Hashable {
        /// A phrase that can follow "at byte n: ".
        public var reason: String
        public var byteOffset: Int
    }

    /// What a text spells; `geometry` is `nil` for `POINT EMPTY`.
    public struct Decoded: Hashable, Sendable {
        public var geometry: Geometry?
        public var hasDroppedOrdinates: Bool
    }

    public static func decode(_ text: String) throws(Fault) -> Decoded {
        let bytes = Array(text.utf8)
        return try decode(bytes.span)
    }

    /// Heights and measures are left out; a leading `SRID=…;` is passed over.
    public static func decode(_ bytes: Span<UInt8>) throws(Fault) -> Decoded {
        var cursor = WKTCursor()
        cursor.skipSRID(bytes)
        let geometry = try cursor.geometry(bytes, depth: 0)
        guard cursor.isAtEnd(bytes) else { throw cursor.fault("more text follows the geometry") }
        return Decoded(geometry: geometry, hasDroppedOrdinates: cursor.hasDroppedOrdinates)
    }
}

/// Reads well-known text front to back.
private struct WKTCursor {
    var position = 0
    var hasDroppedOrdinates = false

    func fault(_ reason: String) -> WKT.Fault {
        WKT.Fault(reason: reason, byteOffset: position)
    }

    mutating func skipSRID(_ bytes: Span<UInt8>) {
        var p = 0
        while p < bytes.count, p < 16 {
            if bytes[p] == 0x3B {
                position = p + 1
                return
            }
            if bytes[p] == 0x28 { return }
            p += 1
        }
    }

    mutating func isAtEnd(_ bytes: Span<UInt8>) -> Bool {
        skipSpace(bytes)
        return position == bytes.count
    }

    mutating func geometry(_ bytes: Span<UInt8>, depth: Int) throws(WKT.Fault) -> Geometry? {
        guard depth <= WKB.nestingLimit else { throw fault("collections are nested too deeply") }
        let name = word(bytes)
        var dimension = word(bytes)
        if ["Z", "M", "ZM"].contains(dimension) { dimension = word(bytes) }
        let isEmpty = dimension == "EMPTY"
        guard isEmpty || dimension.isEmpty else { throw fault("\"\(dimension.prefix(20))\" stands where the coordinates are expected") }
        let stem = GeometryKind.allCases.map { $0.name.uppercased() }.contains(name) ? name : String(name.trimmingDimension)
        switch stem {
        case "POINT": return isEmpty ? nil : .point(try parenthesised(bytes) { (c) throws(WKT.Fault) in try c.coordinate(bytes) }[0])
        case "LINESTRING": return .lineString(isEmpty ? [] : try path(bytes))
        case "POLYGON": return .polygon(Polygon(rings: isEmpty ? [] : try paths(bytes)))
        case "MULTIPOINT": return .multiPoint(isEmpty ? [] : try points(bytes))
        case "MULTILINESTRING": return .multiLineString(isEmpty ? [] : try paths(bytes))
        case "MULTIPOLYGON":
            let polygons = isEmpty ? [] : try parenthesised(bytes) { (c) throws(WKT.Fault) in Polygon(rings: try c.paths(bytes)) }
            return .multiPolygon(polygons)
        case "GEOMETRYCOLLECTION":
            let parts = isEmpty ? [] : try parenthesised(bytes) { (c) throws(WKT.Fault) in try c.geometry(bytes, depth: depth + 1) }
            return .geometryCollection(parts.compactMap { $0 })
        default: throw fault("\"\(name.prefix(20))\" is no geometry type")
        }
    }

    private mutating func paths(_ bytes: Span<UInt8>) throws(WKT.Fault) -> [[Coordinate]] {
        try parenthesised(bytes) { (c) throws(WKT.Fault) in try c.path(bytes) }
    }

    private mutating func path(_ bytes: Span<UInt8>) throws(WKT.Fault) -> [Coordinate] {
        try parenthesised(bytes) { (c) throws(WKT.Fault) in try c.coordinate(bytes) }
    }

    /// Both `(1 2, 3 4)` and `((1 2), (3 4))` are written.
    private mutating func points(_ bytes: Span<UInt8>) throws(WKT.Fault) -> [Coordinate] {
        try parenthesised(bytes) { (c) throws(WKT.Fault) in
            c.skipSpace(bytes)
            return c.position < bytes.count && bytes[c.position] == 0x28 ? try c.path(bytes)[0] : try c.coordinate(bytes)
        }
    }

    /// One or more items between parentheses.
    private mutating func parenthesised<Item>(
        _ bytes: Span<UInt8>, _ item: (inout WKTCursor) throws(WKT.Fault) -> Item
    ) throws(WKT.Fault) -> [Item] {
        guard take(0x28, bytes) else { throw fault("\"(\" is expected") }
        var items = [try item(&self)]
        while take(0x2C, bytes) { items.append(try item(&self)) }
        guard take(0x29, bytes) else { throw fault("\")\" is expected") }
        return items
    }

    private mutating func coordinate(_ bytes: Span<UInt8>) throws(WKT.Fault) -> Coordinate {
        let x = try number(bytes)
        let y = try number(bytes)
        skipSpace(bytes)
        while position < bytes.count, bytes[position] != 0x2C, bytes[position] != 0x29 {
            _ = try number(bytes)
            hasDroppedOrdinates = true
            skipSpace(bytes)
        }
        return Coordinate(x: x, y: y)
    }

    private mutating func number(_ bytes: Span<UInt8>) throws(WKT.Fault) -> Double {
        skipSpace(bytes)
        guard let value = DecimalText.double(bytes, at: &position, end: bytes.count), value.isFinite else {
            throw fault("a number is expected")
        }
        return value
    }

    /// The letters that come next, in upper case.
    private mutating func word(_ bytes: Span<UInt8>) -> String {
        skipSpace(bytes)
        var word = ""
        while position < bytes.count, bytes[position] & 0xDF >= 0x41, bytes[position] & 0xDF <= 0x5A {
            word.unicodeScalars.append(UnicodeScalar(bytes[position] & 0xDF))
            position += 1
        }
        return word
    }

    private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        skipSpace(bytes)
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func skipSpace(_ bytes: Span<UInt8>) {
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }
}

extension String {
    /// `POINTZ` and the like without their dimension.
    fileprivate var trimmingDimension: Substring {
        hasSuffix("ZM") ? dropLast(2) : hasSuffix("Z") || hasSuffix("M") ? dropLast() : self[...]
    }
}
