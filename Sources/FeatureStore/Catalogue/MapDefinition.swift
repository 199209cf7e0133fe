public import Wording

/// A map people can ask for: layers in drawing order under one style.
public struct MapDefinition: Hashable, Sendable, Codable {
    /// Used in URLs, such as `standard`.
    public var id: String
    public var title: LocalisedText
    /// What a switch between maps of one kind says, such as 夜间; `nil` where there is nothing to switch.
    public var shortTitle: LocalisedText?
    /// Its place among the maps of a list, ascending; maps of one place follow by id.
    public var order: Int
    /// The map that this one shows in another way; `nil` for a map that stands on its own.
    public var basedOn: String?
    /// The style document's id.
    public var style: String
    /// Identifiers of the tile matrix sets it is offered in.
    public var matrixSets: [String]
    /// Whether layers that the catalogue does not know join the map as overlays.
    public var includesOverlays: Bool
    /// Whether a picture of more than 256 colours may be written with the 256 that come closest, which takes half the
    /// bytes; otherwise it is written in true colour, exact.
    public var allowsLossyPalette: Bool
    public var attribution: String?
    /// The number (审图号) under which the authorities approved the map; stands on its prints.
    public var approvalNumber: String?
    /// Formats its pictures are offered in besides PNG.
    public var formats: [PictureFormat]
    /// Layer ids from bottom to top.
    public var layers: [String]

    public init(
        id: String, title: LocalisedText, shortTitle: LocalisedText? = nil, order: Int = 0, basedOn: String? = nil, style: String,
        matrixSets: [String], includesOverlays: Bool = false, allowsLossyPalette: Bool = false,
        attribution: String? = nil, approvalNumber: String? = nil, formats: [PictureFormat] = [], layers: [String]
    ) {
        self.id = id
        self.title = title
        self.shortTitle = shortTitle
        self.order = order
        self.basedOn = basedOn
        self.style = style
        self.matrixSets = matrixSets
        self.includesOverlays = includesOverlays
        self.allowsLossyPalette = allowsLossyPalette
        self.attribution = attribution
        self.approvalNumber = approvalNumber
        self.formats = formats
        self.layers = layers
    }
}

/// A format of pictures that a map may be offered in.
public enum PictureFormat: String, Hashable, Sendable, Codable, CaseIterable {
    case png
    /// Without alpha: what is not drawn is white.
    case jpeg
    case webp
}

/// A map as a document describes it: what it does not say comes from the map it is based on.
struct MapDocument: Decodable, Sendable {
    var id: String
    var title: LocalisedText
    var shortTitle: LocalisedText?
    var order: Int?
    var basedOn: String?
    var style: String
    var matrixSets: [String]?
    var includesOverlays: Bool?
    var allowsLossyPalette: Bool?
    var attribution: String?
    var approvalNumber: String?
    var formats: [PictureFormat]?
    var layers: [String]?

    /// - Parameter base: the map named by `basedOn`; `nil` where none is named.
    /// - Returns: the map, or the name of the member that neither says.
    func definition(on base: MapDefinition?) -> Result<MapDefinition, MissingMember> {
        guard let matrixSets = matrixSets ?? base?.matrixSets else { return .failure(MissingMember(name: "matrixSets")) }
        guard let layers = layers ?? base?.layers else { return .failure(MissingMember(name: "layers")) }
        return .success(
            MapDefinition(
                id: id, title: title, shortTitle: shortTitle, order: order ?? 0, basedOn: basedOn, style: style,
                matrixSets: matrixSets, includesOverlays: includesOverlays ?? base?.includesOverlays ?? false,
                allowsLossyPalette: allowsLossyPalette ?? base?.allowsLossyPalette ?? false,
                attribution: attribution ?? base?.attribution, approvalNumber: approvalNumber ?? base?.approvalNumber, formats: formats ?? base?.formats ?? [], layers: layers))
    }

    struct MissingMember: Error {
        var name: String
    }
}
