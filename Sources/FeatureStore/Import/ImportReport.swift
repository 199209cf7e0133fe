internal import FoundationEssentials

/// What became of every record: records in = features stored + records rejected.
public struct ImportReport: Codable, Hashable, Sendable {
    public struct Source: Codable, Hashable, Sendable {
        public var name: String
        public var format: String
        /// As the source spells it; `nil` when it says nothing.
        public var declaredCRS: String?
        /// The CRS that its positions were read in; `nil` without geometry.
        public var usedCRS: String?
        public var recordsIn = 0
        public var featuresStored = 0
        public var recordsRejected = 0
    }

    /// One record, so that it can be found and mended.
    public struct Example: Codable, Hashable, Sendable {
        public var source: String
        /// For example `line 12`.
        public var place: String
        public var byteOffset: Int64?
        public var field: String?
        /// `nil` for a sensitive field, whose values appear in no report.
        public var value: String?
        /// What is wrong, Chinese first, English beside.
        public var reason: String
        /// What to do about it, likewise.
        public var suggestion: String
    }

    public struct Tally: Codable, Hashable, Sendable {
        /// Stable, for example `coordinate-not-finite`.
        public var key: String
        public var count: Int
        /// The first few.
        public var examples: [Example]
    }

    /// West, south, east, north in the layer's CRS.
    public struct Bounds: Codable, Hashable, Sendable {
        public var minX: Double
        public var minY: Double
        public var maxX: Double
        public var maxY: Double
    }

    /// What became of it as a version of the layer.
    public struct Delivery: Codable, Hashable, Sendable {
        public var name: String
        /// Whether it waits to be published.
        public var isStaged: Bool
        /// The version served before.
        public var former: String?
        /// Edits that the former version had.
        public var formerEdits: Int
        /// Versions that are no longer kept.
        public var dropped: [String]

        public init(_ outcome: DeliveryOutcome, isStaged: Bool) {
            name = outcome.name
            self.isStaged = isStaged
            former = outcome.former
            formerEdits = outcome.formerEdits
            dropped = outcome.dropped
        }
    }

    public var layer: String
    public var version: Int64 = 0
    /// `nil` for an edit, and until the import is committed.
    public var delivery: Delivery?
    public var sources: [Source] = []
    public var recordsIn = 0
    public var featuresStored = 0
    public var recordsRejected = 0
    /// Stored features without a place.
    public var featuresWithoutGeometry = 0
    /// Stored features whose id is not the source's, which had none or one that was taken.
    public var identifiersAssigned = 0
    /// Features that an edit took out of the layer; `nil` for an import.
    public var featuresRemoved: Int?
    /// Most frequent first; a record may be rejected for several reasons.
    public var rejections: [Tally] = []
    public var repairs: [Tally] = []
    public var notices: [Tally] = []
    /// Of the stored positions; `nil` for a table without geometry.
    public var crs: String?
    /// What was assumed between datums.
    public var datumStatement = ""
    public var encoding: String?
    public var envelope: Bounds?
    /// ISO 8601 in UTC.
    public var startedAt = ""
    public var seconds = 0.0
    public var recordsPerSecond = 0.0

    public init(layer: String) {
        self.layer = layer
    }

    /// The report as JSON with sorted keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
