public import Tiling

/// How a layer is drawn, as far as a legend tells.
public struct EsriRenderer: Hashable, Sendable {
    /// Features with one value of a field.
    public struct Class: Hashable, Sendable {
        public var value: String
        public var label: String
        public var symbol: EsriSymbol

        public init(value: String, label: String, symbol: EsriSymbol) {
            self.value = value
            self.label = label
            self.symbol = symbol
        }
    }

    /// Of all features, or of those in no class.
    public var symbol: EsriSymbol
    public var label: String
    /// The field that classes are told by; `nil` where all features look alike.
    public var field: String?
    public var classes: [Class]

    public init(symbol: EsriSymbol, label: String, field: String? = nil, classes: [Class] = []) {
        self.symbol = symbol
        self.label = label
        self.field = field
        self.classes = classes
    }

    public func json() -> JSONDocument {
        guard let field, !classes.isEmpty else {
            return ["type": "simple", "symbol": symbol.json(), "label": .string(label), "description": ""]
        }
        return [
            "type": "uniqueValue", "field1": .string(field), "field2": .null, "field3": .null, "fieldDelimiter": ",", "defaultSymbol": symbol.json(),
            "defaultLabel": .string(label),
            "uniqueValueInfos": .array(classes.map { entry in
                ["value": .string(entry.value), "label": .string(entry.label), "description": "", "symbol": entry.symbol.json()]
            }),
        ]
    }
}

/// A symbol of ArcGIS.
public enum EsriSymbol: Hashable, Sendable {
    /// Red, green, blue and opacity, 0 to 255.
    public struct Colour: Hashable, Sendable {
        public var channels: [Int]

        public init(red: Int, green: Int, blue: Int, opacity: Int) {
            channels = [red, green, blue, opacity]
        }

        var json: JSONDocument { .array(channels.map { .integer($0) }) }
    }

    case fill(Colour, outline: Colour)
    /// Width in points.
    case line(Colour, width: Double)
    /// A PNG in base64, with its size in points.
    case picture(String, width: Double, height: Double)

    public func json() -> JSONDocument {
        switch self {
        case .fill(let colour, let outline):
            ["type": "esriSFS", "style": "esriSFSSolid", "color": colour.json, "outline": EsriSymbol.line(outline, width: 0.4).json()]
        case .line(let colour, let width): ["type": "esriSLS", "style": "esriSLSSolid", "color": colour.json, "width": .number(width)]
        case .picture(let png, let width, let height):
            [
                "type": "esriPMS", "imageData": .string(png), "contentType": "image/png", "width": .number(width), "height": .number(height), "angle": 0,
                "xoffset": 0, "yoffset": 0,
            ]
        }
    }
}

/// What every symbol of a map stands for (`/legend`).
public struct EsriLegend: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public var label: String
        /// Empty where one symbol stands for the whole layer.
        public var values: [String]
        /// A PNG in base64.
        public var png: String
        public var width: Int
        public var height: Int

        public init(label: String, values: [String] = [], png: String, width: Int, height: Int) {
            self.label = label
            self.values = values
            self.png = png
            self.width = width
            self.height = height
        }
    }

    public var layers: [(layer: EsriLayer, entries: [Entry])]

    public init(layers: [(layer: EsriLayer, entries: [Entry])]) {
        self.layers = layers
    }

    public static func == (a: EsriLegend, b: EsriLegend) -> Bool { a.json() == b.json() }
    public func hash(into hasher: inout Hasher) { hasher.combine(json()) }

    public func json() -> JSONDocument {
        [
            "layers": .array(layers.map { layer, entries in
                [
                    "layerId": .integer(layer.id), "layerName": .string(layer.name), "layerType": .string(layer.type), "minScale": .number(layer.minimumScale),
                    "maxScale": .number(layer.maximumScale),
                    "legend": .array(entries.enumerated().map { place, entry in
                        [
                            "label": .string(entry.label), "url": .string("\(layer.id)-\(place).png"), "imageData": .string(entry.png), "contentType": "image/png",
                            "height": .integer(entry.height), "width": .integer(entry.width), "values": entry.values.isEmpty ? nil : .strings(entry.values),
                        ]
                    }),
                ]
            })
        ]
    }
}
