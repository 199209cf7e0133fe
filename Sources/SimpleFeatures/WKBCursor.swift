/// Reads one well-known binary value front to back; the bytes are passed to every call because a span cannot be kept.
struct WKBCursor {
    var position: Int
    var hasDroppedOrdinates = false
    var srid: Int32?

    init(position: Int) {
        self.position = position
    }

    /// What precedes every geometry: byte order, type and dimensions.
    private struct Header {
        var isLittleEndian: Bool
        var kind: GeometryKind
        /// 2, 3 or 4 ordinates a position.
        var ordinates: Int
        var start: Int
    }

    mutating func geometry(_ bytes: RawSpan, depth: Int) throws(WKBError) -> Geometry? {
        let header = try header(bytes)
        switch header.kind {
        case .point: return try point(bytes, header).map { .point($0) }
        case .lineString: return .lineString(try path(bytes, header))
        case .polygon: return .polygon(try polygon(bytes, header))
        case .multiPoint: return .multiPoint(try multiPoint(bytes, header))
        case .multiLineString: return .multiLineString(try multiLineString(bytes, header))
        case .multiPolygon: return .multiPolygon(try multiPolygon(bytes, header))
        case .geometryCollection:
            guard depth < WKB.nestingLimit else {
                throw WKBError(
                    code: .nestedTooDeeply,
                    message: "collections are nested more than \(WKB.nestingLimit) deep at byte \(header.start); flatten them",
                    byteOffset: header.start)
            }
            return .geometryCollection(try parts(bytes, header, depth: depth))
        }
    }

    private mutating func header(_ bytes: RawSpan) throws(WKBError) -> Header {
        let start = position
        try require(5, bytes)
        let order = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
        guard order <= 1 else {
            throw WKBError(
                code: .byteOrderUnknown,
                message: "byte order mark \(order) at byte \(start) is neither 0 nor 1; the value is not well-known binary",
                byteOffset: start)
        }
        position &+= 1
        let isLittleEndian = order == 1
        let code = uint32(bytes, isLittleEndian)
        let (base, hasZ, hasM) = WKBCursor.dimensions(code)
        if code & 0x2000_0000 != 0 {
            try require(4, bytes)
            srid = Int32(bitPattern: uint32(bytes, isLittleEndian))
        }
        guard let kind = base <= 7 ? GeometryKind(rawValue: UInt8(base)) : nil else {
            throw WKBError(
                code: .typeUnsupported,
                message: "geometry type \(code) at byte \(start) is not one of the seven simple feature types; convert curves and surfaces first",
                byteOffset: start)
        }
        hasDroppedOrdinates = hasDroppedOrdinates || hasZ || hasM
        return Header(
            isLittleEndian: isLittleEndian, kind: kind, ordinates: 2 + (hasZ ? 1 : 0) + (hasM ? 1 : 0), start: start)
    }

    /// The type without its dimensions: ISO adds thousands, EWKB sets the top bits.
    private static func dimensions(_ code: UInt32) -> (base: UInt32, hasZ: Bool, hasM: Bool) {
        let iso = code & 0x0FFF_FFFF
        let thousands = iso / 1000
        let hasZ = code & 0x8000_0000 != 0 || thousands == 1 || thousands == 3
        let hasM = code & 0x4000_0000 != 0 || thousands == 2 || thousands == 3
        return (thousands <= 3 ? iso % 1000 : iso, hasZ, hasM)
    }

    private mutating func point(_ bytes: RawSpan, _ header: Header) throws(WKBError) -> Coordinate? {
        let size = header.ordinates &* 8
        try require(size, bytes)
        let c = coordinate(bytes, at: position, header.isLittleEndian)
        position &+= size
        return c.x.isNaN && c.y.isNaN ? nil : c
    }

    private mutating func path(_ bytes: RawSpan, _ header: Header) throws(WKBError) -> [Coordinate] {
        let size = header.ordinates &* 8
        let n = try count(bytes, header, smallestPart: size)
        let from = position
        position &+= n &* size
        #if _endian(little)
        if header.isLittleEndian && header.ordinates == 2 {
            return unsafe [Coordinate](unsafeUninitializedCapacity: n) { target, filled in
                unsafe bytes.withUnsafeBytes { source in
                    unsafe UnsafeMutableRawBufferPointer(target).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: source[from..<(from &+ n &* size)]))
                }
                filled = n
            }
        }
        #endif
        return (0..<n).map { coordinate(bytes, at: from &+ $0 &* size, header.isLittleEndian) }
    }

    private mutating func polygon(_ bytes: RawSpan, _ header: Header) throws(WKBError) -> Polygon {
        let n = try count(bytes, header, smallestPart: 4)
        if n == 1 { return Polygon(rings: [try path(bytes, header)]) }
        var rings: [[Coordinate]] = []
        rings.reserveCapacity(min(n, 64))
        for _ in 0..<n { rings.append(try path(bytes, header)) }
        return Polygon(rings: rings)
    }

    private mutating func multiPoint(_ bytes: RawSpan, _ header: Header) throws(WKBError) -> [Coordinate] {
        var points: [Coordinate] = []
        for _ in 0..<(try count(bytes, header, smallestPart: 21)) {
            if let c = try point(bytes, part(.point, bytes)) { points.append(c) }
        }
        return points
    }

    private mutating func multiLineString(_ bytes: RawSpan, _ header: Header) throws(WKBError) -> [[Coordinate]] {
        var lines: [[Coordinate]] = []
        for _ in 0..<(try count(bytes, header, smallestPart: 9)) { lines.append(try path(bytes, part(.lineString, bytes))) }
        return lines
    }

    private mutating func multiPolygon(_ bytes: RawSpan, _ header: Header) throws(WKBError) -> [Polygon] {
        var polygons: [Polygon] = []
        for _ in 0..<(try count(bytes, header, smallestPart: 9)) { polygons.append(try polygon(bytes, part(.polygon, bytes))) }
        return polygons
    }

    private mutating func parts(_ bytes: RawSpan, _ header: Header, depth: Int) throws(WKBError) -> [Geometry] {
        var parts: [Geometry] = []
        for _ in 0..<(try count(bytes, header, smallestPart: 9)) {
            if let part = try geometry(bytes, depth: depth + 1) { parts.append(part) }
        }
        return parts
    }

    /// The header of a part that must be of one kind.
    private mutating func part(_ kind: GeometryKind, _ bytes: RawSpan) throws(WKBError) -> Header {
        let header = try header(bytes)
        guard header.kind == kind else {
            throw WKBError(
                code: .typeUnsupported,
                message: "a \(header.kind.name) stands at byte \(header.start) where only a \(kind.name) may; the value is damaged",
                byteOffset: header.start)
        }
        return header
    }

    /// A count, checked against the bytes that are left before anything is allocated for it.
    private mutating func count(_ bytes: RawSpan, _ header: Header, smallestPart: Int) throws(WKBError) -> Int {
        try require(4, bytes)
        let at = position
        let n = Int(uint32(bytes, header.isLittleEndian))
        guard n <= (bytes.byteCount &- position) / smallestPart else {
            throw WKBError(
                code: .truncated,
                message: "a count of \(n) at byte \(at) asks for more than the \(bytes.byteCount - position) bytes that follow; the value is damaged",
                byteOffset: at)
        }
        return n
    }

    private func require(_ size: Int, _ bytes: RawSpan) throws(WKBError) {
        guard position <= bytes.byteCount &- size else {
            throw WKBError(
                code: .truncated,
                message: "the value ends after \(bytes.byteCount) bytes, inside what begins at byte \(position); the value is damaged",
                byteOffset: position)
        }
    }

    /// Callers have checked that four bytes are there.
    private mutating func uint32(_ bytes: RawSpan, _ isLittleEndian: Bool) -> UInt32 {
        let raw = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt32.self)
        position &+= 4
        return isLittleEndian ? UInt32(littleEndian: raw) : UInt32(bigEndian: raw)
    }

    /// Callers have checked that sixteen bytes are there.
    private func coordinate(_ bytes: RawSpan, at offset: Int, _ isLittleEndian: Bool) -> Coordinate {
        let x = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
        let y = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ 8, as: UInt64.self)
        return isLittleEndian
            ? Coordinate(x: Double(bitPattern: UInt64(littleEndian: x)), y: Double(bitPattern: UInt64(littleEndian: y)))
            : Coordinate(x: Double(bitPattern: UInt64(bigEndian: x)), y: Double(bitPattern: UInt64(bigEndian: y)))
    }
}
