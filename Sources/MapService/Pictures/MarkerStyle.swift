import OGCAPI
import Portrayal
import SimpleFeatures
import Wording

/// Markers and paths of a static map as a style document of its own, drawn over the map by the renderer that draws the map.
struct MarkerStyle {
    let request: StaticMapRequest
    let fontStack: [String]

    private static let usualColour = "#d4351c"
    private static let pathColour = "#1d70b8"

    /// - Throws: `ParameterError` for a colour that is none.
    func document() throws(ParameterError) -> JSONValue {
        var features: [JSONValue] = []
        for path in request.paths { features.append(try feature(of: path)) }
        for marker in request.markers { features.append(try feature(of: marker)) }
        return .object([
            "version": .number(8),
            "sources": .object([
                "marked": .object([
                    "type": .string("geojson"),
                    "data": .object(["type": .string("FeatureCollection"), "features": .array(features)]),
                ])
            ]),
            "layers": .array(layers),
        ])
    }

    private func feature(of path: StaticMapRequest.Path) throws(ParameterError) -> JSONValue {
        let positions = path.positions.map(Self.position)
        let isClosed = path.positions.count > 3 && path.positions.first == path.positions.last
        return Self.feature(
            isClosed ? "Polygon" : "LineString", .array(isClosed ? [.array(positions)] : positions),
            ["colour": .string(try Self.colour(path.colour, "path", Self.pathColour)), "width": .number(path.width)])
    }

    private func feature(of marker: StaticMapRequest.Marker) throws(ParameterError) -> JSONValue {
        Self.feature(
            "Point", Self.position(marker.position),
            ["colour": .string(try Self.colour(marker.colour, "marker", Self.usualColour)), "label": .string(marker.label ?? "")])
    }

    private static func feature(_ type: String, _ coordinates: JSONValue, _ properties: [String: JSONValue]) -> JSONValue {
        .object([
            "type": .string("Feature"), "properties": .object(properties),
            "geometry": .object(["type": .string(type), "coordinates": coordinates]),
        ])
    }

    private static func position(_ c: Coordinate) -> JSONValue { .array([.number(c.x), .number(c.y)]) }

    private static func colour(_ text: String?, _ name: String, _ usual: String) throws(ParameterError) -> String {
        guard let text else { return usual }
        let hexadecimal = text.count == 6 && text.allSatisfy(\.isHexDigit) ? "#" + text : text
        guard StyleColour(css: hexadecimal) != nil else {
            throw ParameterError(.invalid, name: name, value: text, expected: .init(zh: "CSS 颜色", en: "a CSS colour"))
        }
        return hexadecimal
    }

    private var layers: [JSONValue] {
        func only(_ type: String) -> JSONValue { .array([.string("=="), .array([.string("geometry-type")]), .string(type)]) }
        let colour = JSONValue.array([.string("get"), .string("colour")])
        func layer(_ id: String, _ type: String, _ filter: JSONValue, layout: [String: JSONValue] = [:], paint: [String: JSONValue]) -> JSONValue {
            .object([
                "id": .string(id), "type": .string(type), "source": .string("marked"), "filter": filter, "layout": .object(layout),
                "paint": .object(paint),
            ])
        }
        return [
            layer("areas", "fill", only("Polygon"), paint: ["fill-color": colour, "fill-opacity": .number(0.25)]),
            layer(
                "paths", "line", .array([.string("!="), .array([.string("geometry-type")]), .string("Point")]),
                layout: ["line-cap": .string("round"), "line-join": .string("round")],
                paint: ["line-color": colour, "line-width": .array([.string("get"), .string("width")])]),
            layer(
                "pins", "circle", only("Point"),
                paint: [
                    "circle-color": colour, "circle-radius": .number(7), "circle-stroke-color": .string("#ffffff"), "circle-stroke-width": .number(2),
                ]),
            layer(
                "labels", "symbol", only("Point"),
                layout: [
                    "text-field": .array([.string("get"), .string("label")]), "text-font": .array(fontStack.map { .string($0) }),
                    "text-size": .number(14), "text-offset": .array([.number(0), .number(0.8)]), "text-anchor": .string("top"),
                    "text-allow-overlap": .boolean(true), "text-ignore-placement": .boolean(true),
                ],
                paint: ["text-color": colour, "text-halo-color": .string("#ffffff"), "text-halo-width": .number(2)]),
        ]
    }
}
