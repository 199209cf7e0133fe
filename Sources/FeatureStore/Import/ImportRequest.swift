public import Reprojection
public import SimpleFeatures

/// What the operator wants imported, and says about it.
public struct ImportRequest: Sendable {
    /// The target layer.
    public var layer: String
    public var title: String?
    /// Overrules what the sources declare; `GCJ-02` and `BD-09` are undone and stored as EPSG:4490. `nil` to believe them.
    public var crs: CRS?
    /// Names of fields whose values must not leave the registry.
    public var sensitiveFields: Set<String> = []
    /// Fields whose values are indexed for filters; `nil` leaves the choice to the registry.
    public var indexedFields: Set<String>?
    /// What people read, by field name.
    public var fieldTitles: [String: String] = [:]
    /// Where data is expected, longitude and latitude in degrees; `nil` turns the recognition of wrong CRSs off.
    public var cityEnvelope: Envelope?
    /// Whether data far from the city is taken when its CRS is stated.
    public var acceptsRemoteData = false
    public var policy = DatumPolicy()
    /// As the operator stated it, for the report; `nil` when the readers found it.
    public var encoding: String?
    /// What becomes of it as a version of the layer.
    public var delivery = DeliveryRequest()
    /// How many records are shown for each key of the report.
    public var examplesPerKey = 5

    public init(layer: String, title: String? = nil, crs: CRS? = nil, cityEnvelope: Envelope? = nil) {
        self.layer = layer
        self.title = title
        self.crs = crs
        self.cityEnvelope = cityEnvelope
    }
}

/// How far an import has come.
public struct ImportProgress: Sendable {
    /// The source being read.
    public var source: String
    public var recordsRead: Int
    public var recordsPerSecond: Double
    /// 0...1 of all sources; `nil` where no source knows its size.
    public var fraction: Double?
    /// `nil` while it cannot be told.
    public var secondsRemaining: Double?

    public init(
        source: String, recordsRead: Int, recordsPerSecond: Double, fraction: Double? = nil, secondsRemaining: Double? = nil
    ) {
        self.source = source
        self.recordsRead = recordsRead
        self.recordsPerSecond = recordsPerSecond
        self.fraction = fraction
        self.secondsRemaining = secondsRemaining
    }
}

/// Receives every stored feature as it passes, to derive something from it without a second reading.
///
/// The calls come in order from one task: `begin`, any number of `take`, then either `finish` and `commit` or `abort`.
public protocol ImportSink: AnyObject {
    /// The layer that is coming, in the CRS of the definition, and the version it will have.
    func begin(_ definition: LayerDefinition, version: Int64) async throws
    func take(_ features: [Feature]) async throws
    /// After the last feature and before the registry's commit: make it durable, show it to nobody.
    func finish() async throws
    /// The registry has committed: show it.
    func commit(_ record: LayerRecord) async throws
    func abort() async
}

/// Why nothing was imported; what the registry held is as it was.
public struct ImportError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case nothingToRead
        /// A source does not say its CRS, and neither did the operator.
        case crsUndeclared
        /// The positions are not where the CRS would have them.
        case crsImplausible
        /// The CRS is unknown, or refused by the datum policy.
        case crsUnusable
        case sourceUnreadable
        /// No record could be stored; `report` says why each was rejected.
        case everythingRejected
        case registryFailed
        /// What is derived from the layer could not be written.
        case derivationFailed
        case cancelled
    }

    public var code: Code
    public var message: String
    public var cause: (any Error)?
    /// `nil` when the import ended before its first record.
    public var report: ImportReport?
    /// Why the first records of an edit were rejected, as the report counts them.
    public var rejections: [Diagnostic] = []

    public init(code: Code, message: String, cause: (any Error)? = nil, report: ImportReport? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
        self.report = report
    }

    public var description: String { message }
}
