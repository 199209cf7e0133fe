/// A version of a layer that has a name: what one import made of it, and what was edited in it since.
public struct LayerDelivery: Hashable, Sendable {
    public enum State: String, Sendable, CaseIterable {
        /// Imported and not yet served.
        case staged
        case served
        /// Served before, and there to be served again.
        case kept
        /// Only its name and its times are left.
        case dropped
    }

    /// The version number of its import: never given twice, and in the order of imports.
    public var number: Int64
    /// Unique among the versions of the layer that are there.
    public var name: String
    public var state: State
    /// The layer as it is in this version, edits included.
    public var record: LayerRecord
    /// ISO 8601 in UTC: when it was imported.
    public var deliveredAt: String
    /// ISO 8601 in UTC: since when it is or was served; `nil` when it never was.
    public var publishedAt: String?
    /// Edits of single features since its import.
    public var edits: Int
    /// Features that those touched.
    public var featuresEdited: Int

    public init(
        number: Int64, name: String, state: State, record: LayerRecord, deliveredAt: String, publishedAt: String?, edits: Int,
        featuresEdited: Int
    ) {
        self.number = number
        self.name = name
        self.state = state
        self.record = record
        self.deliveredAt = deliveredAt
        self.publishedAt = publishedAt
        self.edits = edits
        self.featuresEdited = featuresEdited
    }
}

/// What becomes of an import as a version.
public struct DeliveryRequest: Hashable, Sendable {
    /// `nil` for the day of the import, Beijing time, with a number from the second of a day on.
    public var name: String?
    /// Whether it waits to be published, instead of being served at once.
    public var isStaged: Bool
    /// How many versions that were or are served stay, 1 or more; `nil` for what was said last of this layer, else
    /// `defaultKeep`.
    public var keep: Int?

    public static let defaultKeep = 2

    public init(name: String? = nil, isStaged: Bool = false, keep: Int? = nil) {
        self.name = name
        self.isStaged = isStaged
        self.keep = keep
    }

    /// A replacement after which nothing is left of the version before.
    public static let replacement = DeliveryRequest(keep: 1)
}

/// What a version's import or publication has done.
public struct DeliveryOutcome: Hashable, Sendable {
    /// The layer as it is in the version that was imported or published.
    public var record: LayerRecord
    public var name: String
    /// The version that was served before; `nil` for a new layer, for a staged version, and where it is the same.
    public var former: String?
    /// Edits of the former version, which it keeps.
    public var formerEdits: Int
    /// Versions that had to go, by name.
    public var dropped: [String]

    public init(record: LayerRecord, name: String, former: String?, formerEdits: Int, dropped: [String]) {
        self.record = record
        self.name = name
        self.former = former
        self.formerEdits = formerEdits
        self.dropped = dropped
    }
}

/// Which version is to be served from now on.
public struct PublicationRequest: Hashable, Sendable {
    public var layer: String
    /// The version's name; `nil` for the one that was served before the present one.
    public var name: String?
    /// Whether the present version's edits may leave the map with it.
    public var leavesEdits: Bool
    public var keep: Int?

    public init(layer: String, name: String?, leavesEdits: Bool = false, keep: Int? = nil) {
        self.layer = layer
        self.name = name
        self.leavesEdits = leavesEdits
        self.keep = keep
    }
}

/// A state that a layer is or was in.
public enum LayerState: Hashable, Sendable {
    /// As it was served under this version number.
    ///
    /// - Parameter since: an earlier one; what was there after it and is there no more is counted in, as it was last.
    case version(Int64, since: Int64? = nil)
    /// The version with this number, with all edits of it.
    case delivery(Int64)
}
