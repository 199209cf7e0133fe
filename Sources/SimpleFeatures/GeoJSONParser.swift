/// Reads geometries out of GeoJSON text (RFC 7946).
public struct GeoJSONParser: Sendable {
    package var scanner: JSONScanner
    /// Positions that carried a height or more, which was left out, since the parser was made.
    public package(set) var droppedOrdinates = 0
    /// Positions that one geometry may have.
    public let positionLimit: Int
    private var positions = 0
    /// One run of positions at a time, kept to spare allocations.
    private var scratch: [Coordinate] = []

    /// - Parameter range: the part of the bytes that will be given to every call.
    public init(range: Range<Int>, nestingLimit: Int = 64, positionLimit: Int = 10_000_000) {
        scanner = JSONScanner(position: range.lowerBound, end: range.upperBound, nestingLimit: nestingLimit)
        self.positionLimit = positionLimit
    }

    /// The geometry that `bytes` hold and nothing else; `nil` for `null` and for empty coordinates of a point.
    public static func geometry(_ bytes: Span<UInt8>) throws(GeoJSONError) -> Geometry? {
        var parser = GeoJSONParser(range: 0..<bytes.count)
        let geometry = try parser.geometry(bytes)
        guard parser.scanner.peek(bytes) == 0 else { throw parser.scanner.unexpected(bytes, wanted: "the end") }
        return geometry
    }

    /// The geometry object or `null` that comes next, consumed.
    ///
    /// Rings and lines are as given, unclosed or too short ones included.
    public mutating func geometry(_ bytes: Span<UInt8>) throws(GeoJSONError) -> Geometry? {
        positions = 0
        return try geometry(bytes, depth: 0)
    }

    private mutating func geometry(_ bytes: Span<UInt8>, depth: Int) throws(GeoJSONError) -> Geometry? {
        if scanner.peek(bytes) == 0x6E {
            let word = scanner.skipWord(bytes)
            guard scanner.spells("null", word, bytes) else {
                throw GeoJSONError(.syntax, at: word.lowerBound, "an unknown word stands where a geometry is expected")
            }
            return nil
        }
        let start = scanner.position
        guard depth < scanner.nestingLimit else {
            throw GeoJSONError(.nestedTooDeeply, at: start, "geometry collections are nested too deeply")
        }
        var kind: GeometryKind?
        var result: Geometry?
        var hasCoordinates = false
        /// Where coordinates stand that came before their type.
        var deferred: Int?
        var more = try scanner.enter(0x7B, 0x7D, bytes)
        while more {
            let key = try scanner.rawKey(bytes).content
            if scanner.spells("type", key, bytes) {
                kind = try geometryKind(bytes)
            } else if scanner.spells("coordinates", key, bytes) {
                hasCoordinates = true
                if let kind, kind != .geometryCollection {
                    result = try coordinates(of: kind, bytes)
                } else {
                    _ = scanner.peek(bytes)
                    deferred = scanner.position
                    try scanner.skipValue(bytes)
                }
            } else if scanner.spells("geometries", key, bytes) {
                hasCoordinates = true
                result = .geometryCollection(try parts(bytes, depth: depth))
            } else {
                try scanner.skipValue(bytes)
            }
            more = try scanner.hasNext(before: 0x7D, bytes)
        }
        guard let kind else { throw GeoJSONError(.memberMissing, at: start, "the geometry has no type") }
        guard hasCoordinates else {
            throw GeoJSONError(.memberMissing, at: start, "the \(kind.name) has no coordinates")
        }
        if let deferred, kind != .geometryCollection {
            let behind = scanner.position
            scanner.position = deferred
            result = try coordinates(of: kind, bytes)
            scanner.position = behind
        }
        return result
    }

    private mutating func geometryKind(_ bytes: Span<UInt8>) throws(GeoJSONError) -> GeometryKind {
        let at = scanner.position
        let name = try scanner.string(bytes)
        guard let kind = GeometryKind.allCases.first(where: { $0.name == name }) else {
            throw GeoJSONError(.typeUnknown, at: at, "\"\(name.prefix(40))\" is no geometry type")
        }
        return kind
    }

    private mutating func parts(_ bytes: Span<UInt8>, depth: Int) throws(GeoJSONError) -> [Geometry] {
        var parts: [Geometry] = []
        var more = try scanner.enter(0x5B, 0x5D, bytes)
        while more {
            if let part = try geometry(bytes, depth: depth + 1) { parts.append(part) }
            more = try scanner.hasNext(before: 0x5D, bytes)
        }
        return parts
    }

    private mutating func coordinates(of kind: GeometryKind, _ bytes: Span<UInt8>) throws(GeoJSONError) -> Geometry? {
        switch kind {
        case .point: return try point(bytes).map { .point($0) }
        case .lineString: return .lineString(try path(bytes))
        case .multiPoint: return .multiPoint(try path(bytes))
        case .polygon: return .polygon(Polygon(rings: try paths(bytes)))
        case .multiLineString: return .multiLineString(try paths(bytes))
        case .multiPolygon:
            var polygons: [Polygon] = []
            var more = try scanner.enter(0x5B, 0x5D, bytes)
            while more {
                polygons.append(Polygon(rings: try paths(bytes)))
                more = try scanner.hasNext(before: 0x5D, bytes)
            }
            return .multiPolygon(polygons)
        case .geometryCollection: return nil
        }
    }

    private mutating func point(_ bytes: Span<UInt8>) throws(GeoJSONError) -> Coordinate? {
        guard try scanner.enter(0x5B, 0x5D, bytes) else { return nil }
        return try position(bytes)
    }

    private mutating func paths(_ bytes: Span<UInt8>) throws(GeoJSONError) -> [[Coordinate]] {
        var paths: [[Coordinate]] = []
        var more = try scanner.enter(0x5B, 0x5D, bytes)
        while more {
            paths.append(try path(bytes))
            more = try scanner.hasNext(before: 0x5D, bytes)
        }
        return paths
    }

    private mutating func path(_ bytes: Span<UInt8>) throws(GeoJSONError) -> [Coordinate] {
        scratch.removeAll(keepingCapacity: true)
        var more = try scanner.enter(0x5B, 0x5D, bytes)
        while more {
            try scanner.expect(0x5B, bytes)
            scratch.append(try position(bytes))
            more = try scanner.hasNext(before: 0x5D, bytes)
        }
        return Array(scratch[...])
    }

    /// What follows a position's opening bracket, its closing one included.
    private mutating func position(_ bytes: Span<UInt8>) throws(GeoJSONError) -> Coordinate {
        positions &+= 1
        guard positions <= positionLimit else {
            throw GeoJSONError(.tooManyPositions, at: scanner.position, "the geometry has more than \(positionLimit) positions")
        }
        let x = try ordinate(bytes)
        guard try scanner.hasNext(before: 0x5D, bytes) else {
            throw GeoJSONError(.positionTooShort, at: scanner.position, "a position has fewer than two numbers")
        }
        let y = try ordinate(bytes)
        if try scanner.hasNext(before: 0x5D, bytes) {
            droppedOrdinates &+= 1
            repeat { try scanner.skipValue(bytes) } while try scanner.hasNext(before: 0x5D, bytes)
        }
        return Coordinate(x: x, y: y)
    }

    private mutating func ordinate(_ bytes: Span<UInt8>) throws(GeoJSONError) -> Double {
        _ = scanner.peek(bytes)
        let at = scanner.position
        guard let value = DecimalText.double(bytes, at: &scanner.position, end: scanner.end) else {
            throw notANumber(bytes, at)
        }
        guard value.isFinite else { throw GeoJSONError(.coordinateNotFinite, at: at, "a coordinate is beyond all numbers") }
        return value
    }

    private mutating func notANumber(_ bytes: Span<UInt8>, _ at: Int) -> GeoJSONError {
        guard at < scanner.end else { return scanner.unexpected(bytes, wanted: "a number") }
        let word = scanner.skipWord(bytes)
        for name: StaticString in ["NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"] where scanner.spells(name, word, bytes) {
            return GeoJSONError(.coordinateNotFinite, at: at, "a coordinate is \(name)")
        }
        return GeoJSONError(.numberExpected, at: at, "something else stands where a coordinate is expected")
    }
}
