public import FeatureStore
public import Imagery
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
    public var names: EditedNames?
    /// One point a polygon, for its label.
    public var labelPoints: PreparedLayer?
    /// The tiles of a layer of imagery.
    public var imagery: ImageryArchive?
    /// Rules of every level range, compiled to `prepared`.
    var rules: LayerRules
    /// The same for `labelPoints`.
    var labelRules: LayerRules

    public init(
        definition: CatalogueLayer, record: LayerRecord?, state: State, prepared: PreparedLayer? = nil,
        aggregate: PreparedLayer? = nil, labelPoints: PreparedLayer? = nil, names: EditedNames? = nil,
        imagery: ImageryArchive? = nil
    ) {
        self.definition = definition
        self.record = record
        self.state = state
        self.prepared = prepared
        self.aggregate = aggregate
        self.names = names
        self.labelPoints = labelPoints
        self.imagery = imagery
        rules = LayerRules(plan: definition.tiles, prepared: prepared)
        labelRules = LayerRules(plan: LabelPointLayer.definition(of: definition).tiles, prepared: labelPoints)
    }

    /// Changes whenever any byte that this layer gives to a tile may change.
    public var dataVersion: UInt64 {
        var hash: UInt64 = prepared?.contentHash ?? 0
        for derived in [aggregate, labelPoints] {
            hash = hash &* 0x9E37_79B9_7F4A_7C15 &+ (derived?.contentHash ?? 0)
        }
        if let imagery { hash = hash &* 0x9E37_79B9_7F4A_7C15 &+ imagery.contentHash }
        return hash
    }

    /// What its images cover, CGCS2000 longitude and latitude; `nil` for a layer without images.
    public var imageryEnvelope: Envelope? { imagery?.metadata.envelope }

    /// The finest level of a matrix set that its images fill; beyond it they are enlarged.
    public func finestImageryLevel(inSet id: String) -> Int? {
        imagery?.metadata.sets.first { $0.id == id }?.lastLevel
    }

    /// The files that tiles are made from, by what they are called in tiles.
    var sources: [String: PreparedLayer] {
        var sources: [String: PreparedLayer] = [:]
        sources[definition.id] = prepared
        sources[AggregateLayer.name(of: definition.id)] = aggregate
        sources[LabelPointLayer.name(of: definition.id)] = labelPoints
        return sources
    }

    /// Whether the feature's field may be shown to anyone.
    public func isOpen(_ field: Field) -> Bool { definition.isOpen(field) }
}

extension LiveLayer {
    /// Of all its features, in CGCS2000 longitude and latitude; empty without any.
    public var geographicEnvelope: Envelope {
        imageryEnvelope ?? envelope(crs: "EPSG:4490")
    }

    /// What its features cover in a CRS that layers are prepared in; empty without a prepared file, and in another CRS.
    public func envelope(crs: String) -> Envelope {
        guard let layer = prepared ?? aggregate else { return .empty }
        do {
            return try layer.envelope(crs: crs)
        } catch {
            return .empty  // a file that does not serve the CRS says nothing about where it is
        }
    }
}
