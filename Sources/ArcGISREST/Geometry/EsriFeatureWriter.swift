public import SimpleFeatures

/// Writes features in Esri's JSON, one after the other, into one buffer: `{"attributes":{…},"geometry":{…}}`.
///
/// Exteriors are written clockwise and holes against the clock; positions are rounded to `decimals` places. Dates and times are
/// milliseconds since 1970, as ArcGIS has them.
public struct EsriFeatureWriter: Sendable {
    public var bytes: [UInt8] = []
    private let names: [[UInt8]]
    private let kinds: [FieldKind]
    /// Ten to the number of decimals.
    private let scale: Double
    /// Whole numbers on a grid instead of ordinates.
    private let transform: EsriTransform?

    /// The name of the field that the feature's id is given as.
    public static let idField = "OBJECTID"

    /// - Parameters:
    ///   - decimals: places after the point, 0 to 9.
    ///   - transform: the grid to write positions on; `nil` for ordinates.
    public init(schema: FeatureSchema, decimals: Int, transform: EsriTransform? = nil) {
        precondition((0...9).contains(decimals), "ordinates have 0 to 9 decimals")
        self.transform = transform
        scale = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        kinds = schema.fields.map(\.kind)
        names = schema.fields.map { field in
            var name: [UInt8] = [UInt8(ascii: ",")]
            JSONText.append(field.name, to: &name)
            name.append(UInt8(ascii: ":"))
            return name
        }
    }

    /// - Precondition: `feature` has one value a field of the schema.
    public mutating func append(_ feature: Feature, withGeometry: Bool) {
        append("{\"attributes\":{\"OBJECTID\":")
        JSONText.append(feature.id, to: &bytes)
        for (i, value) in feature.values.enumerated() {
            bytes += names[i]
            append(value, kinds[i])
        }
        append("}")
        if withGeometry {
            append(",\"geometry\":")
            if let geometry = feature.geometry, geometry.hasOnlyFinitePositions { append(geometry) } else { append("null") }
        }
        append("}")
    }

    public mutating func append(_ value: PropertyValue, _ kind: FieldKind) {
        switch value {
        case .null: append("null")
        // ArcGIS has no booleans.
        case .boolean(let flag): append(flag ? "1" : "0")
        case .integer(let number): JSONText.append(number, to: &bytes)
        case .real(let number): JSONText.append(number, to: &bytes)
        case .text(let text):
            if kind == .date || kind == .dateTime {
                if let milliseconds = EsriTime.milliseconds(text) { JSONText.append(milliseconds, to: &bytes) } else { append("null") }
            } else {
                JSONText.append(text, to: &bytes)
            }
        }
    }

    /// A geometry as Esri takes it apart.
    public enum Parts: Hashable, Sendable {
        case point(Coordinate)
        case points([Coordinate])
        case paths([[Coordinate]])
        /// Exteriors clockwise, holes against the clock.
        case rings([[Coordinate]])
    }

    /// Of a collection the parts of the highest dimension, for Esri has none; `nil` for an empty one.
    public static func parts(of geometry: Geometry) -> Parts? {
        switch geometry {
        case .point(let c): .point(c)
        case .multiPoint(let points): .points(points)
        case .lineString(let path): .paths([path])
        case .multiLineString(let paths): .paths(paths)
        case .polygon(let polygon): .rings(wound(polygon))
        case .multiPolygon(let polygons): .rings(polygons.flatMap(wound))
        case .geometryCollection(let parts): dominant(parts).flatMap { Self.parts(of: $0) }
        }
    }

    /// A geometry without its spatial reference.
    public mutating func append(_ geometry: Geometry) {
        guard let parts = Self.parts(of: geometry) else { return append("null") }
        if let transform {
            guard let steps = transform.quantised(parts) else { return append("null") }
            append(parts, steps.map { $0.map { ($0.x, $0.y) } }) { JSONText.append($0, to: &$1) }
        } else {
            let scale = scale
            append(parts, parts.paths.map { $0.map { ($0.x, $0.y) } }) { JSONText.append(($0 * scale).rounded() / scale, to: &$1) }
        }
    }

    private static func dominant(_ parts: [Geometry]) -> Geometry? {
        guard let highest = parts.compactMap(\.dimension).max() else { return nil }
        let chosen = parts.filter { $0.dimension == highest }
        return chosen.count == 1 ? chosen[0] : merged(chosen, highest)
    }

    private static func merged(_ parts: [Geometry], _ dimension: GeometryDimension) -> Geometry {
        var (points, paths, polygons): ([Coordinate], [[Coordinate]], [Polygon]) = ([], [], [])
        for part in parts {
            switch part {
            case .point(let c): points.append(c)
            case .multiPoint(let all): points += all
            case .lineString(let path): paths.append(path)
            case .multiLineString(let all): paths += all
            case .polygon(let polygon): polygons.append(polygon)
            case .multiPolygon(let all): polygons += all
            case .geometryCollection(let inner): if let chosen = dominant(inner) { return chosen }
            }
        }
        return switch dimension {
        case .point: .multiPoint(points)
        case .line: .multiLineString(paths)
        case .area: .multiPolygon(polygons)
        }
    }

    private static func wound(_ polygon: Polygon) -> [[Coordinate]] {
        polygon.rings.enumerated().map { place, ring in
            let isClockwise = RingNesting.doubledArea(ring) < 0
            return isClockwise == (place == 0) ? ring : ring.reversed()
        }
    }

    private mutating func append<Number>(_ parts: Parts, _ paths: [[(Number, Number)]], _ number: (Number, inout [UInt8]) -> Void) {
        switch parts {
        case .point:
            append("{\"x\":")
            number(paths[0][0].0, &bytes)
            append(",\"y\":")
            number(paths[0][0].1, &bytes)
            append("}")
        case .points: append("{\"points\":", paths, isNested: false, number)
        case .paths: append("{\"paths\":", paths, isNested: true, number)
        case .rings: append("{\"rings\":", paths, isNested: true, number)
        }
    }

    private mutating func append<Number>(
        _ opening: StaticString, _ paths: [[(Number, Number)]], isNested: Bool, _ number: (Number, inout [UInt8]) -> Void
    ) {
        append(opening)
        if isNested { append("[") }
        for (i, path) in paths.enumerated() {
            if i > 0 { append(",") }
            append("[")
            for (j, position) in path.enumerated() {
                append(j > 0 ? ",[" : "[")
                number(position.0, &bytes)
                append(",")
                number(position.1, &bytes)
                append("]")
            }
            append("]")
        }
        append(isNested ? "]}" : "}")
    }

    public mutating func append(_ json: StaticString) {
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount))
    }
}

extension EsriFeatureWriter.Parts {
    /// All positions, path by path; a point is one path of one.
    var paths: [[Coordinate]] {
        switch self {
        case .point(let position): [[position]]
        case .points(let positions): [positions]
        case .paths(let paths), .rings(let paths): paths
        }
    }
}
