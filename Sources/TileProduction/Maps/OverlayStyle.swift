import FeatureStore
import Portrayal
import SimpleFeatures

/// Default symbols for layers that no style document mentions.
enum OverlayStyle {
    /// Distinct on the standard map's ground and from one another; the layer's id picks one.
    private static let colours = ["#C2410C", "#7C3AED", "#0E7490", "#BE123C", "#4D7C0F", "#A16207", "#1D4ED8", "#9D174D"]

    /// The document with a fill, line, circle and label layer for every overlay.
    static func append(_ overlays: [LiveLayer], to document: JSONValue) -> JSONValue {
        guard case .object(var members) = document, let source = source(of: members) else { return document }
        var layers = members["layers"]?.array ?? []
        let mentioned = Set(layers.compactMap { $0.object?["source-layer"]?.text })
        for overlay in overlays where !mentioned.contains(overlay.definition.id) {
            let id = overlay.definition.id
            let shapes = overlay.record.map { Shape.all(of: $0.geometry) } ?? Shape.allCases
            layers += styleLayers(
                id: id, name: overlay.definition.nameField, shapes: shapes, colour: colour(of: id), source: source)
        }
        members["layers"] = .array(layers)
        return .object(members)
    }

    /// The document with symbols in every colour that an overlay may get, for checks ahead of the first one.
    static func withSamples(_ document: JSONValue) -> JSONValue {
        guard case .object(var members) = document, let source = source(of: members) else { return document }
        let samples = colours.enumerated().flatMap { number, colour in
            styleLayers(id: "sample-\(number)", name: "name", shapes: Shape.allCases, colour: colour, source: source)
        }
        members["layers"] = .array((members["layers"]?.array ?? []) + samples)
        return .object(members)
    }

    private static func colour(of id: String) -> String {
        colours[Int(id.utf8.reduce(UInt32(17)) { $0 &* 31 &+ UInt32($1) } % UInt32(colours.count))]
    }

    /// What geometries of an overlay draw as.
    private enum Shape: String, CaseIterable {
        case point = "Point"
        case line = "LineString"
        case area = "Polygon"

        static func all(of geometry: LayerGeometry) -> [Shape] {
            switch geometry {
            case .none: []
            case .only(.point), .only(.multiPoint): [.point]
            case .only(.lineString), .only(.multiLineString): [.line]
            case .only(.polygon), .only(.multiPolygon): [.area]
            case .only(.geometryCollection), .mixed: allCases
            }
        }
    }

    /// Small where a city is seen whole, so that a dense overlay does not bury the map.
    private static let radius = JSONValue.array([
        .string("interpolate"), .array([.string("linear")]), .array([.string("zoom")]), .number(10), .number(1.1),
        .number(13), .number(2), .number(16), .number(3.8),
    ])

    private static let edge = JSONValue.array([
        .string("interpolate"), .array([.string("linear")]), .array([.string("zoom")]), .number(11), .number(0.3),
        .number(15), .number(1),
    ])

    private static func source(of document: [String: JSONValue]) -> String? {
        (document["sources"]?.object ?? [:]).filter { $0.value.object?["type"]?.text == "vector" }.keys.sorted().first
    }

    private static func styleLayers(
        id: String, name: String?, shapes: [Shape], colour: String, source: String
    ) -> [JSONValue] {
        func layer(_ suffix: String, _ type: String, _ shape: Shape?, _ extra: [String: JSONValue]) -> JSONValue {
            var members: [String: JSONValue] = [
                "id": .string("overlay:\(id):\(suffix)"), "type": .string(type), "source": .string(source),
                "source-layer": .string(id),
                "metadata": .object(["workmap:group": .string("overlay"), "workmap:layer": .string(id)]),
            ]
            if let shape {
                members["filter"] = .array([.string("=="), .array([.string("geometry-type")]), .string(shape.rawValue)])
            }
            return .object(members.merging(extra) { $1 })
        }
        var result: [JSONValue] = []
        if shapes.contains(.area) {
            result.append(
                layer("fill", "fill", .area, ["paint": .object(["fill-color": .string(colour), "fill-opacity": .number(0.18)])]))
        }
        if shapes.contains(.area) || shapes.contains(.line) {
            result.append(
                layer(
                    "line", "line", nil,
                    ["paint": .object(["line-color": .string(colour), "line-width": .number(1.6)]),
                        "layout": .object(["line-join": .string("round"), "line-cap": .string("round")])]))
        }
        if shapes.contains(.point) {
            result.append(
                layer(
                    "circle", "circle", .point,
                    ["paint": .object([
                        "circle-radius": radius, "circle-color": .string(colour), "circle-stroke-width": edge,
                        "circle-stroke-color": .string("#ffffff"),
                    ])]))
        }
        guard let name else { return result }
        for shape in shapes {
            let text = label(name, colour)
            switch shape {
            case .point, .line: result.append(layer("label-\(shape.rawValue.lowercased())", "symbol", shape, text))
            case .area:
                let points = JSONValue.string(LabelPointLayer.name(of: id))
                result.append(layer("label-area", "symbol", nil, text.merging(["source-layer": points]) { $1 }))
            }
        }
        return result
    }

    private static func label(_ name: String, _ colour: String) -> [String: JSONValue] {
        [
            "minzoom": .number(15),
            "layout": .object([
                "text-field": .array([.string("to-string"), .array([.string("get"), .string(name)])]),
                "text-font": .array([.string(StandardFonts.regular), .string(StandardFonts.fallback)]),
                "text-size": .number(10.5), "text-anchor": .string("top"),
                "text-offset": .array([.number(0), .number(0.6)]), "text-optional": .boolean(true),
            ]),
            "paint": .object([
                "text-color": .string(colour), "text-halo-color": .string("#ffffff"), "text-halo-width": .number(1.4),
            ]),
        ]
    }
}

/// The font names that styles of this program use; `fonts.json` says which files they are.
public enum StandardFonts {
    public static let regular = "Workmap Sans Regular"
    public static let bold = "Workmap Sans Bold"
    public static let serif = "Workmap Serif Regular"
    /// Rare characters that the others lack.
    public static let fallback = "Workmap Fallback"
}
