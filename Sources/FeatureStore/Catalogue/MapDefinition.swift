public import Wording

/// A map people can ask for: layers in drawing order under one style.
public struct MapDefinition: Hashable, Sendable, Codable {
    /// Used in URLs, such as `standard`.
    public var id: String
    public var title: LocalisedText
    /// The style document's id.
    public var style: String
    /// Identifiers of the tile matrix sets it is offered in.
    public var matrixSets: [String]
    /// Whether layers that the catalogue does not know join the map as overlays.
    public var includesOverlays: Bool
    public var attribution: String?
    /// Layer ids from bottom to top.
    public var layers: [String]

    public init(
        id: String, title: LocalisedText, style: String, matrixSets: [String], includesOverlays: Bool = false,
        attribution: String? = nil, layers: [String]
    ) {
        self.id = id
        self.title = title
        self.style = style
        self.matrixSets = matrixSets
        self.includesOverlays = includesOverlays
        self.attribution = attribution
        self.layers = layers
    }

    public init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        id = try c.decode(String.self, forKey: .id)
        title = try c.decode(LocalisedText.self, forKey: .title)
        style = try c.decode(String.self, forKey: .style)
        matrixSets = try c.decode([String].self, forKey: .matrixSets)
        includesOverlays = try c.decodeIfPresent(Bool.self, forKey: .includesOverlays) ?? false
        attribution = try c.decodeIfPresent(String.self, forKey: .attribution)
        layers = try c.decode([String].self, forKey: .layers)
    }
}
