public import SimpleFeatures
import Wording

/// The layers and maps an installation knows, before any data is looked at.
///
/// The program's own documents come first; those in the data directory replace entries of the same id and add
/// new ones.
public struct Catalogue: Sendable {
    public private(set) var layers: [String: CatalogueLayer] = [:]
    public private(set) var maps: [String: MapDefinition] = [:]
    /// The maps as their documents have them, by id.
    var documents: [String: SourcedMap] = [:]

    struct SourcedMap: Sendable {
        var file: String
        var document: MapDocument
    }

    public init() {}

    public mutating func add(_ layer: CatalogueLayer, from source: String = "catalogue") throws(CatalogueError) {
        let sensitive = Set(layer.fields.filter(\.sensitive).map(\.name))
        let carried = layer.tiles.fields + layer.tiles.rules.flatMap { $0.fields ?? [] }
        if let leak = carried.first(where: sensitive.contains) {
            throw CatalogueError(
                code: .inconsistent,
                message:
                    "\(source): layer \(layer.id) lists the sensitive field \(leak) among its tile fields; remove it from \"tiles\" or clear \"sensitive\"")
        }
        if let leak = layer.search?.fields.first(where: sensitive.contains) {
            throw CatalogueError(
                code: .inconsistent,
                message:
                    "\(source): layer \(layer.id) lists the sensitive field \(leak) among the fields it is searched by; remove it from \"search\" or clear \"sensitive\"")
        }
        layers[layer.id] = layer
    }

    /// After the places and roads of the standard map, before its organisations, addresses and facilities.
    private static let overlaySearchRank = 68

    public mutating func add(_ map: MapDefinition) {
        maps[map.id] = map
    }

    /// The layer's definition, or the one an uncatalogued layer gets: an overlay with a default symbol.
    ///
    /// - Parameters:
    ///   - schema: the fields the registry holds; those the definition does not mention are served too unless
    ///     their names are those of personal data.
    public func definition(
        of layer: String, title: String?, schema: FeatureSchema, dimension: GeometryDimension?
    ) -> CatalogueLayer {
        if let known = layers[layer] { return known }
        let fields = schema.fields.map {
            FieldDefinition(
                name: $0.name, title: $0.title, sensitive: $0.isSensitive || PersonalData.isNamed($0.name))
        }
        let open = fields.filter { !$0.sensitive }.map(\.name)
        let name = PersonalData.nameField(among: open)
        let searched = [name, PersonalData.addressField(among: open)].compactMap(\.self)
        let firstLevel =
            switch dimension {
            case .area: 9
            case .line: 10
            default: 12
            }
        return CatalogueLayer(
            id: layer, title: LocalisedText(zh: title ?? layer, en: layer), group: "overlay", geometry: "Any",
            order: 100, access: .l1, nameField: name, fields: fields,
            tiles: TilePlan(
                levels: LevelRange(firstLevel, 22), fields: open,
                rules: [
                    LevelRule(
                        levels: LevelRange(firstLevel, 15), density: DensityRule(cellInPixels: 4, limit: 1))
                ], labelPoints: true),
            search: SearchPlan(rank: Self.overlaySearchRank, fields: searched))
    }
}
