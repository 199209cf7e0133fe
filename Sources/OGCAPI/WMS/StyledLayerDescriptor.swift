/// The styles of layers by name (OGC 02-070 clause 10 and OGC 05-078r4): what GetStyles answers.
///
/// How a style paints is said by its MapLibre document, which each style links to, for SLD cannot say it.
public struct StyledLayerDescriptor: Hashable, Sendable {
    public static let mediaType = "application/vnd.ogc.sld+xml"

    public struct Layer: Hashable, Sendable {
        public var name: String
        /// The first is the default.
        public var styles: [Style]

        public init(name: String, styles: [Style]) {
            self.name = name
            self.styles = styles
        }
    }

    public struct Style: Hashable, Sendable {
        public var name: String
        public var title: String
        /// Where the style document is.
        public var documentURL: String

        public init(name: String, title: String, documentURL: String) {
            self.name = name
            self.title = title
            self.documentURL = documentURL
        }
    }

    public var layers: [Layer]

    public init(layers: [Layer]) {
        self.layers = layers
    }

    /// The document, UTF-8.
    public func xml() -> [UInt8] {
        XMLText(
            "StyledLayerDescriptor",
            [("version", "1.0.0"), ("xmlns", "http://www.opengis.net/sld"), ("xmlns:xlink", "http://www.w3.org/1999/xlink")],
            layers.map { layer in
                XMLText(
                    "NamedLayer", [],
                    [XMLText("Name", text: layer.name)]
                        + layer.styles.enumerated().map { place, style in
                            XMLText(
                                "UserStyle", [],
                                [
                                    XMLText("Name", text: style.name), XMLText("Title", text: style.title),
                                    XMLText("Abstract", text: style.documentURL), XMLText("IsDefault", text: place == 0 ? "1" : "0"),
                                ])
                        })
            }
        ).document()
    }
}
