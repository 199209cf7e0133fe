public import SimpleFeatures

/// One record of a source: the feature in it, or why there is none.
public struct ReadRecord: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        /// Coordinates are the source's own, east first; the id is 0 where the source gives no positive whole number.
        case feature(Feature)
        /// At least one diagnostic.
        case rejected([Diagnostic])
    }

    public var location: SourceLocation
    public var outcome: Outcome
    /// What was changed or left out of a feature that was kept, for example a third ordinate.
    public var notices: [Diagnostic]

    public init(location: SourceLocation, outcome: Outcome, notices: [Diagnostic] = []) {
        self.location = location
        self.outcome = outcome
        self.notices = notices
    }

    /// The feature, `nil` when the record was rejected.
    public var feature: Feature? {
        if case .feature(let feature) = outcome { feature } else { nil }
    }

    /// Why the record was rejected; empty for a feature.
    public var rejections: [Diagnostic] {
        if case .rejected(let diagnostics) = outcome { diagnostics } else { [] }
    }
}

/// Where in its source a record stands.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    public enum Place: Hashable, Sendable {
        /// The line on which the record begins, from 1.
        case line(Int)
        /// The ordinal of the feature in its collection, from 1.
        case feature(Int)
        /// The ordinal of the row or record in its table, from 1.
        case row(Int)
    }

    public var place: Place
    /// Of the record's first byte, from the start of the file that holds the geometry; `nil` in a database.
    public var byteOffset: Int64?

    public init(_ place: Place, byteOffset: Int64? = nil) {
        self.place = place
        self.byteOffset = byteOffset
    }

    /// For example `line 12` or `feature 3`.
    public var description: String {
        switch place {
        case .line(let n): "line \(n)"
        case .feature(let n): "feature \(n)"
        case .row(let n): "record \(n)"
        }
    }
}
