public import SimpleFeatures
public import Wording

/// How far a layer may travel, L1 (open inside the government network) to L4 (never shown feature by feature).
public enum AccessClass: String, Hashable, Sendable, Codable, Comparable {
    case l1 = "L1"
    case l2 = "L2"
    case l3 = "L3"
    case l4 = "L4"

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// What the catalogue says about one layer: who keeps it, what it carries, and what of it a tile may show.
public struct CatalogueLayer: Hashable, Sendable, Codable {
    /// Used in URLs, style documents and the registry, such as `base.building`.
    public var id: String
    public var title: LocalisedText
    /// `base`, `admin`, `grid`, `address`, `entity` or `overlay`.
    public var group: String
    /// A GeoJSON geometry type, `Any`, or `Raster` for imagery: images make the layer, not features.
    public var geometry: String
    /// Ascending from the bottom of the map to its top.
    public var order: Int
    /// The department that answers for the data.
    public var maintainer: String?
    public var access: AccessClass
    /// Whether its polygons tile the plane, so that a border is one line for both neighbours.
    public var sharedBorders: Bool
    /// The field people search by and labels show.
    public var nameField: String?
    public var fields: [FieldDefinition]
    /// Features that no tile and no response may carry.
    public var withheld: [WithheldRule]
    /// Whether a request may take away the features of a limited area only; `nil` for what its group says.
    public var exportCapped: Bool?
    public var tiles: TilePlan
    /// `nil` to search by the name field, after all other layers.
    public var search: SearchPlan?

    public init(
        id: String, title: LocalisedText, group: String, geometry: String, order: Int, maintainer: String? = nil,
        access: AccessClass = .l1, sharedBorders: Bool = false, nameField: String? = nil,
        fields: [FieldDefinition] = [], withheld: [WithheldRule] = [], exportCapped: Bool? = nil, tiles: TilePlan, search: SearchPlan? = nil
    ) {
        self.id = id
        self.title = title
        self.group = group
        self.geometry = geometry
        self.order = order
        self.maintainer = maintainer
        self.access = access
        self.sharedBorders = sharedBorders
        self.nameField = nameField
        self.fields = fields
        self.withheld = withheld
        self.exportCapped = exportCapped
        self.tiles = tiles
        self.search = search
    }

    public init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        id = try c.decode(String.self, forKey: .id)
        title = try c.decode(LocalisedText.self, forKey: .title)
        group = try c.decode(String.self, forKey: .group)
        geometry = try c.decode(String.self, forKey: .geometry)
        order = try c.decode(Int.self, forKey: .order)
        maintainer = try c.decodeIfPresent(String.self, forKey: .maintainer)
        access = try c.decode(AccessClass.self, forKey: .access)
        sharedBorders = try c.decodeIfPresent(Bool.self, forKey: .sharedBorders) ?? false
        nameField = try c.decodeIfPresent(String.self, forKey: .nameField)
        fields = try c.decode([FieldDefinition].self, forKey: .fields)
        withheld = try c.decodeIfPresent([WithheldRule].self, forKey: .withheld) ?? []
        exportCapped = try c.decodeIfPresent(Bool.self, forKey: .exportCapped)
        tiles = try c.decode(TilePlan.self, forKey: .tiles)
        search = try c.decodeIfPresent(SearchPlan.self, forKey: .search)
    }

    /// Whether one request may take away the features of a limited area only: as the catalogue says, else where the layer is
    /// of the surveyed base map by its group or its id.
    public var isExportCapped: Bool { exportCapped ?? (group == "base" || id.hasPrefix("base.")) }

    /// Whether single features may appear in tiles and responses at all. Below the access rules of a later
    /// version, everything from L3 up is shown as aggregates only.
    public var isServedByFeature: Bool { access <= .l2 && !isImagery }

    /// Whether the feature's field may be shown to anyone.
    public func isOpen(_ field: Field) -> Bool {
        !field.isSensitive && fields.first { $0.name == field.name }?.sensitive != true
    }

    /// What withholds a feature, as the registry is asked.
    public var exclusions: [PropertyExclusion] {
        withheld.map { PropertyExclusion(field: $0.field, values: $0.values.map(\.value)) }
    }

    /// Whether the layer holds images.
    public var isImagery: Bool { geometry == "Raster" }
}

/// What the catalogue knows of one field.
public struct FieldDefinition: Hashable, Sendable, Codable {
    public var name: String
    public var title: String?
    /// Whether the value stays in the registry: never in a tile, never in a response.
    public var sensitive: Bool
    /// Whether the registry keeps an index of its values, for filters that ask for some of many features.
    public var indexed: Bool

    public init(name: String, title: String? = nil, sensitive: Bool = false, indexed: Bool = false) {
        self.name = name
        self.title = title
        self.sensitive = sensitive
        self.indexed = indexed
    }

    public init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        name = try c.decode(String.self, forKey: .name)
        title = try c.decodeIfPresent(String.self, forKey: .title)
        sensitive = try c.decodeIfPresent(Bool.self, forKey: .sensitive) ?? false
        indexed = try c.decodeIfPresent(Bool.self, forKey: .indexed) ?? false
    }
}

/// Features whose `field` has one of `values` are withheld.
public struct WithheldRule: Hashable, Sendable, Codable {
    public var field: String
    public var values: [CatalogueValue]

    public init(field: String, values: [CatalogueValue]) {
        self.field = field
        self.values = values
    }
}
