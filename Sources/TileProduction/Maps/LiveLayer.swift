public import FeatureStore
public import SimpleFeatures

/// One layer as it is being served: its definition, its current version in the registry and its prepared file.
public struct LiveLayer: Sendable {
    /// What stands between a layer and its tiles.
    public enum State: Hashable, Sendable {
        case ready
        /// Its prepared file is being made.
        case preparing
        /// The registry holds no such layer.
        case absent
        /// It cannot be prepared; says why.
        case failed(String)
    }

    public var definition: CatalogueLayer
    /// `nil` while the registry holds no such layer.
    public var record: LayerRecord?
    public var state: State
    /// `nil` unless ready, and for layers that are shown as aggregates only.
    public var prepared: PreparedLayer?
    /// The layer counted into the polygons of another.
    public var aggregate: PreparedLayer?
    /// `nil` while it is being made: the registry is searched instead.
    public var names: NameIndex?
    /// Rules of every level range, compiled to `prepared`.
    var rules: LayerRules

    public init(
        definition: CatalogueLayer, record: LayerRecord?, state: State, prepared: PreparedLayer? = nil,
        aggregate: PreparedLayer? = nil, names: NameIndex? = nil
    ) {
        self.definition = definition
        self.record = record
        self.state = state
        self.prepared = prepared
        self.aggregate = aggregate
        self.names = names
        rules = LayerRules(plan: definition.tiles, prepared: prepared)
    }

    /// Changes whenever any byte that this layer gives to a tile may change.
    public var dataVersion: UInt64 {
        var hash: UInt64 = prepared?.contentHash ?? 0
        hash = hash &* 0x9E37_79B9_7F4A_7C15 &+ (aggregate?.contentHash ?? 0)
        return hash
    }

    /// Whether the feature's field may be shown to anyone.
    public func isOpen(_ field: Field) -> Bool {
        guard !field.isSensitive else { return false }
        return definition.fields.first { $0.name == field.name }?.sensitive != true
    }
}
