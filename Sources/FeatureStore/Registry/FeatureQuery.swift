public import SimpleFeatures

/// Which features of one layer to read, and which of their fields.
public struct FeatureQuery: Hashable, Sendable {
    public enum Fields: Hashable, Sendable {
        /// All but the sensitive ones.
        case withoutSensitive
        /// Sensitive fields too: for a reader that has decided that it may.
        case all
        /// Positions in the layer's schema; a sensitive one among them is refused.
        case some([Int])
    }

    public var layer: String
    /// Only features with a position in this box, edges included, in the layer's CRS; `nil` for no such condition.
    public var envelope: Envelope?
    /// Only these ids; unknown ones are passed over.
    public var ids: [Int64]?
    /// All of them hold.
    public var filters: [PropertyFilter]
    /// None of them holds.
    public var exclusions: [PropertyExclusion] = []
    /// Holds too; bound to the layer's schema as it is in the state that is read.
    public var filter: FeatureFilter?
    /// What features are sorted by, before their ids; empty for ids alone. `after` plays no part where they are sorted by more.
    public var order: [SortKey] = []
    public var fields: Fields
    /// Only ids above this: the last one of the page before.
    public var after: Int64
    public var limit: Int?
    /// The version that earlier pages came from; another one is refused with `versionChanged`.
    public var version: Int64?
    /// A former or coming state of the layer to read; `nil` for what is served.
    public var state: LayerState?

    public init(
        layer: String, envelope: Envelope? = nil, ids: [Int64]? = nil, filters: [PropertyFilter] = [],
        fields: Fields = .withoutSensitive
    ) {
        self.layer = layer
        self.envelope = envelope
        self.ids = ids
        self.filters = filters
        self.fields = fields
        self.after = .min
    }
}

/// A field that has one value.
public struct PropertyFilter: Hashable, Sendable {
    public var field: String
    /// Null matches a feature without a value.
    public var value: PropertyValue

    public init(field: String, value: PropertyValue) {
        self.field = field
        self.value = value
    }
}

/// A field that has one of some values; a feature without a value is not excluded.
public struct PropertyExclusion: Hashable, Sendable {
    public var field: String
    public var values: [PropertyValue]

    public init(field: String, values: [PropertyValue]) {
        self.field = field
        self.values = values
    }
}
