import Portrayal
import SimpleFeatures

/// One feature of a GeoJSON document, positions in degrees.
struct GeoJSONRecord: Sendable {
    /// 0 where the feature has none that is a whole number.
    var id: UInt64
    var geometry: Geometry
    var properties: [String: PropertyValue]
}

/// Reads the GeoJSON of a style document (RFC 7946). What is no geometry draws nothing.
enum GeoJSONDocument {
    static func records(_ json: JSONValue) -> [GeoJSONRecord] {
        switch json.object?["type"]?.text {
        case "FeatureCollection": return (json.object?["features"]?.array ?? []).flatMap(records)
        case "Feature":
            let properties = (json.object?["properties"]?.object ?? [:]).mapValues(value)
            return geometries(json.object?["geometry"] ?? .null).map {
                GeoJSONRecord(id: id(json.object?["id"]), geometry: $0, properties: properties)
            }
        default: return geometries(json).map { GeoJSONRecord(id: 0, geometry: $0, properties: [:]) }
        }
    }

    private static func id(_ json: JSONValue?) -> UInt64 {
        if let number = json?.number { return UInt64(exactly: number) ?? 0 }
        return json?.text.flatMap(UInt64.init) ?? 0
    }

    private static func value(_ json: JSONValue) -> PropertyValue {
        switch json {
        case .null: .null
        case .boolean(let b): .boolean(b)
        case .number(let n): .real(n)
        case .string(let s): .text(s)
        case .array, .object: .text(json.description)
        }
    }

    /// A collection's parts one by one.
    private static func geometries(_ json: JSONValue) -> [Geometry] {
        let coordinates = json.object?["coordinates"] ?? .null
        switch json.object?["type"]?.text {
        case "Point": return position(coordinates).map { [.point($0)] } ?? []
        case "MultiPoint": return [.multiPoint(positions(coordinates))]
        case "LineString": return [.lineString(positions(coordinates))]
        case "MultiLineString": return [.multiLineString(runs(coordinates))]
        case "Polygon": return [.polygon(Polygon(rings: runs(coordinates)))]
        case "MultiPolygon":
            return [.multiPolygon((coordinates.array ?? []).map { Polygon(rings: runs($0)) })]
        case "GeometryCollection": return (json.object?["geometries"]?.array ?? []).flatMap(geometries)
        default: return []
        }
    }

    private static func position(_ json: JSONValue) -> Coordinate? {
        guard let items = json.array, items.count >= 2, let x = items[0].number, let y = items[1].number else { return nil }
        return Coordinate(x: x, y: y)
    }

    private static func positions(_ json: JSONValue) -> [Coordinate] { (json.array ?? []).compactMap(position) }

    private static func runs(_ json: JSONValue) -> [[Coordinate]] { (json.array ?? []).map(positions) }
}
