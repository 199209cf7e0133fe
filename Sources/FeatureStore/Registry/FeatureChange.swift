public import SimpleFeatures

/// One change of one feature of a layer.
public enum FeatureChange: Hashable, Sendable {
    /// The feature is as given from now on, all of its fields included; with an id below 1 it is new and gets the next one.
    case put(Feature)
    case remove(Int64)
}

/// An edit that was committed.
public struct LayerEdit: Hashable, Sendable {
    /// The layer as it is now.
    public var record: LayerRecord
    /// One id a change, in the order of the changes: new features have theirs.
    public var identifiers: [Int64]

    public init(record: LayerRecord, identifiers: [Int64]) {
        self.record = record
        self.identifiers = identifiers
    }
}
