import Foundation
public import Portrayal
import SimpleFeatures
import Tiling

extension DrawnFeature {
    /// The feature as GeoJSON, in degrees, with the style layer that draws it; as much of its geometry as its tile holds.
    ///
    /// - Parameter viewport: of the picture that it was found in.
    public func geoJSON(in viewport: Viewport) -> JSONValue {
        var members: [String: JSONValue] = [
            "type": .string("Feature"), "geometry": geometry(viewport), "properties": .object(properties.mapValues(Self.json)),
            "layer": .string(layer),
        ]
        if id != 0 { members["id"] = .number(Double(id)) }
        if let source { members["source"] = .string(source) }
        if let sourceLayer { members["sourceLayer"] = .string(sourceLayer) }
        return .object(members)
    }

    private func geometry(_ viewport: Viewport) -> JSONValue {
        let runs = parts.map { part in
            stride(from: 0, to: part.count, by: 2).map { position(part[$0], part[$0 + 1], viewport) }
        }
        switch kind {
        case .point:
            let points = runs.flatMap { $0 }
            return points.count == 1 ? Self.geometry("Point", points[0]) : Self.geometry("MultiPoint", .array(points))
        case .line:
            return runs.count == 1
                ? Self.geometry("LineString", .array(runs[0])) : Self.geometry("MultiLineString", .array(runs.map { .array($0) }))
        case .polygon:
            var polygons: [[JSONValue]] = []
            for (part, run) in zip(parts, runs) {
                let ring = JSONValue.array(run + run.prefix(1))
                if polygons.isEmpty || Self.doubleArea(part) > 0 {
                    polygons.append([ring])
                } else {
                    polygons[polygons.count - 1].append(ring)
                }
            }
            return polygons.count == 1
                ? Self.geometry("Polygon", .array(polygons[0])) : Self.geometry("MultiPolygon", .array(polygons.map { .array($0) }))
        }
    }

    private func position(_ x: Int32, _ y: Int32, _ viewport: Viewport) -> JSONValue {
        let p = WorldPlane.degrees(of: viewport.position(ofPixel: Coordinate(x: Double(x) / 256, y: Double(y) / 256)))
        // A hundred-millionth of a degree is a millimetre.
        return .array([p.x, p.y].map { .number(($0 * 1e8).rounded() / 1e8) })
    }

    private static func geometry(_ type: String, _ coordinates: JSONValue) -> JSONValue {
        .object(["type": .string(type), "coordinates": coordinates])
    }

    /// Positive for a ring that runs clockwise on screen.
    private static func doubleArea(_ part: [Int32]) -> Int64 {
        let count = part.count / 2
        return (0..<count).reduce(0) { sum, i in
            let j = (i + 1) % count
            return sum + Int64(part[2 * i]) * Int64(part[2 * j + 1]) - Int64(part[2 * j]) * Int64(part[2 * i + 1])
        }
    }

    private static func json(_ value: PropertyValue) -> JSONValue {
        switch value {
        case .null: .null
        case .boolean(let b): .boolean(b)
        case .integer(let n): .number(Double(n))
        case .real(let n): .number(n)
        case .text(let s): .string(s)
        }
    }
}
