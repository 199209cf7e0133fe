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
            layers += styleLayers(id: id, name: overlay.definition.nameField, colour: colour(of: id), source: source)
        }
        members["layers"] = .array(layers)
        return .object(members)
    }

    /// The document with symbols in every colour that an overlay may get, for checks ahead of the first one.
    static func withSamples(_ document: JSONValue) -> JSONValue {
        guard case .object(var members) = document, let source = source(of: members) else { return document }
        let samples = colours.enumerated().flatMap { number, colour in
            styleLayers(id: "sample-\(number)", name: "name", colour: colour, source: source)
        }
        members["layers"] = .array((members["layers"]?.array ?? []) + samples)
        return .object(members)
    }

    private static func colour(of id: String) -> String {
        colours[Int(id.utf8.reduce(UInt32(17)) { $0 &* 31 &+ UInt32($1) } % UInt32(colours.count))]
    }

    /// Small where a city is seen whole, so that a dense overlay does not bury the map.
    private static let radius = JSONValue.array([
        .string("interpolate"), .array([.string("linear")]), .array([.string("zoom")]), .number(10), .number(1.6),
        .number(13), .number(2.6), .number(16), .number(4.2),
    ])

    private static let edge = JSONValue.array([
        .string("interpolate"), .array([.string("linear")]), .array([.string("zoom")]), .number(11), .number(0.4),
        .number(15), .number(1),
    ])

    private static func source(of document: [String: JSONValue]) -> String? {
        (document["sources"]?.object ?? [:]).filter { $0.value.object?["type"]?.text == "vector" }.keys.sorted().first
    }

    private static func styleLayers(id: String, name: String?, colour: String, source: String) -> [JSONValue] {
        func layer(_ suffix: String, _ type: String, _ shape: String?, _ extra: [String: JSONValue]) -> JSONValue {
            var members: [String: JSONValue] = [
                "id": .string("overlay:\(id):\(suffix)"), "type": .string(type), "source": .string(source),
                "source-layer": .string(id),
                "metadata": .object(["workmap:group": .string("overlay"), "workmap:layer": .string(id)]),
            ]
            if let shape {
                members["filter"] = .array([
                    .string("=="), .array([.string("geometry-type")]), .string(shape),
                ])
            }
            return .object(members.merging(extra) { $1 })
        }
        var result = [
            layer("fill", "fill", "Polygon", ["paint": .object(["fill-color": .string(colour), "fill-opacity": .number(0.18)])]),
            layer(
                "line", "line", nil,
                ["paint": .object(["line-color": .string(colour), "line-width": .number(1.6)]),
                    "layout": .object(["line-join": .string("round"), "line-cap": .string("round")])]),
            layer(
                "circle", "circle", "Point",
                ["paint": .object([
                    "circle-radius": radius, "circle-color": .string(colour), "circle-stroke-width": edge,
                    "circle-stroke-color": .string("#ffffff"),
                ])]),
        ]
        if let name {
            for shape in ["Point", "LineString"] {
                result.append(layer("label-\(shape.lowercased())", "symbol", shape, label(name, colour)))
            }
            let ofArea = JSONValue.string(LabelPointLayer.name(of: id))
            result.append(
                layer("label-area", "symbol", nil, label(name, colour).merging(["source-layer": ofArea]) { $1 }))
        }
        return result
    }

    private static func label(_ name: String, _ colour: String) -> [String: JSONValue] {
        [
            "minzoom": .number(14),
            "layout": .object([
                "text-field": .array([.string("to-string"), .array([.string("get"), .string(name)])]),
                "text-font": .array([.string(StandardFonts.regular), .string(StandardFonts.fallback)]),
                "text-size": .number(11), "text-anchor": .string("top"),
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
    public static let serif = "Workmap Serif Regular"
    /// Rare characters that the others lack.
    public static let fallback = "Workmap Fallback"
}
