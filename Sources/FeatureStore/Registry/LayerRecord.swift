public import Reprojection
public import SimpleFeatures

/// One version of a layer, as the registry keeps it.
public struct LayerRecord: Hashable, Sendable {
    public var id: String
    public var title: String?
    public var geometry: LayerGeometry
    /// Of the stored positions; `nil` for a table without geometry.
    public var crs: CRS?
    public var schema: FeatureSchema
    public var featureCount: Int
    /// Of all features, in the layer's CRS; empty when none has a geometry.
    public var envelope: Envelope
    /// Grows with every replacement in the registry and is never given twice.
    public var version: Int64
    /// Sixteen hexadecimal digits, equal for equal features in equal order.
    public var contentHash: String
    /// ISO 8601 in UTC.
    public var importedAt: String
    public var sourceNames: [String]
    /// The report of the import as JSON; `nil` when the layer was not imported.
    public var reportJSON: String?

    public init(
        definition: LayerDefinition, geometry: LayerGeometry, content: LayerContent, version: Int64, importedAt: String,
        reportJSON: String?
    ) {
        self.id = definition.id
        self.title = definition.title
        self.geometry = geometry
        self.crs = definition.crs
        self.schema = definition.schema
        self.featureCount = content.featureCount
        self.envelope = content.envelope
        self.version = version
        self.contentHash = content.hash
        self.importedAt = importedAt
        self.sourceNames = definition.sourceNames
        self.reportJSON = reportJSON
    }
}

/// What the features of one layer version amount to.
public struct LayerContent: Hashable, Sendable {
    public var featureCount: Int
    /// In the layer's CRS.
    public var envelope: Envelope
    /// Sixteen hexadecimal digits.
    public var hash: String

    public init(featureCount: Int, envelope: Envelope, hash: String) {
        self.featureCount = featureCount
        self.envelope = envelope
        self.hash = hash
    }
}
