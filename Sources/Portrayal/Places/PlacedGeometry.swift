import SimpleFeatures

/// The geometry that a style's expression names, read from GeoJSON (RFC 7946).
struct PlacedGeometry: Hashable, Sendable {
    /// Degrees.
    private(set) var points: [Coordinate] = []
    private(set) var lines: [[Coordinate]] = []
    private(set) var polygons: [[[Coordinate]]] = []
    /// The polygons on the Web Mercator plane.
    private(set) var mercatorPolygons: [[[Coordinate]]] = []

    /// - Returns: `nil` where the document holds no geometry that can be read.
    init?(_ json: JSONValue) {
        guard add(json) else { return nil }
        mercatorPolygons = polygons.map { $0.map { $0.map(FeatureGrid.mercator(degrees:)) } }
        guard !points.isEmpty || !lines.isEmpty || !polygons.isEmpty else { return nil }
    }

    private mutating func add(_ json: JSONValue) -> Bool {
        guard let members = json.object else { return false }
        switch members["type"]?.text {
        case "FeatureCollection": return addAll(members["features"])
        case "Feature": return members["geometry"].map { add($0) } ?? false
        case "GeometryCollection": return addAll(members["geometries"])
        default: return addGeometry(members["type"]?.text, members["coordinates"] ?? .null)
        }
    }

    private mutating func addAll(_ json: JSONValue?) -> Bool {
        guard let items = json?.array else { return false }
        for item in items where !add(item) { return false }
        return true
    }

    private mutating func addGeometry(_ type: String?, _ json: JSONValue) -> Bool {
        switch type {
        case "Point":
            guard let p = Self.position(json) else { return false }
            points.append(p)
        case "MultiPoint":
            guard let all = Self.positions(json) else { return false }
            points += all
        case "LineString":
            guard let line = Self.positions(json), line.count > 1 else { return false }
            lines.append(line)
        case "MultiLineString":
            guard let all = Self.runs(json, atLeast: 2) else { return false }
            lines += all
        case "Polygon":
            guard let rings = Self.runs(json, atLeast: 3) else { return false }
            polygons.append(rings)
        case "MultiPolygon":
            for item in json.array ?? [.null] {
                guard let rings = Self.runs(item, atLeast: 3) else { return false }
                polygons.append(rings)
            }
        default: return false
        }
        return true
    }

    private static func position(_ json: JSONValue) -> Coordinate? {
        guard let items = json.array, items.count >= 2, let x = items[0].number, let y = items[1].number else { return nil }
        return Coordinate(x: x, y: y)
    }

    private static func positions(_ json: JSONValue) -> [Coordinate]? {
        guard let items = json.array else { return nil }
        let read = items.compactMap(position)
        return read.count == items.count && !read.isEmpty ? read : nil
    }

    private static func runs(_ json: JSONValue, atLeast count: Int) -> [[Coordinate]]? {
        guard let items = json.array, !items.isEmpty else { return nil }
        let read = items.compactMap(positions).filter { $0.count >= count }
        return read.count == items.count ? read : nil
    }
}
