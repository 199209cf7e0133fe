public import Reprojection
public import SimpleFeatures

/// Which geometries the features of a layer have.
public enum LayerGeometry: Hashable, Sendable {
    /// None: a table of records, such as persons known by address.
    case none
    /// Of one kind, where there is one at all.
    case only(GeometryKind)
    /// Of several kinds.
    case mixed
}

/// What a layer shall be before its first feature is stored.
public struct LayerDefinition: Hashable, Sendable {
    /// Letters, digits, `_`, `-` and `.`, for example `base.road.main`; unique without regard to letter case.
    public var id: String
    /// What people read, Chinese first; `nil` leaves the id to stand for it.
    public var title: String?
    /// Of the stored positions; `nil` for a table without geometry.
    public var crs: CRS?
    public var schema: FeatureSchema
    /// The files or tables that the features come from.
    public var sourceNames: [String]
    /// Names of the fields whose values are indexed; `nil` leaves the choice to the registry.
    public var indexedFields: Set<String>?

    public init(
        id: String, title: String? = nil, crs: CRS?, schema: FeatureSchema, sourceNames: [String] = [],
        indexedFields: Set<String>? = nil
    ) {
        self.id = id
        self.indexedFields = indexedFields
        self.title = title
        self.crs = crs
        self.schema = schema
        self.sourceNames = sourceNames
    }
}
