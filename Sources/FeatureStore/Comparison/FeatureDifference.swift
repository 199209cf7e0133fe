public import SimpleFeatures

/// One feature that two versions of a layer do not have alike.
public enum FeatureDifference: Sendable {
    /// As it is in the later version.
    case added(Feature)
    /// As it was in the earlier version.
    case removed(Feature)
    /// As it is in the later version, and what of it is other than before.
    case changed(Feature, FeatureChangeParts)

    public var feature: Feature {
        switch self {
        case .added(let feature), .removed(let feature), .changed(let feature, _): feature
        }
    }
}

/// What of a feature is other than before.
public struct FeatureChangeParts: Hashable, Sendable {
    public var geometry: Bool
    /// Names, in the order of the schema.
    public var fields: [String]

    public init(geometry: Bool, fields: [String]) {
        self.geometry = geometry
        self.fields = fields
    }

    public var isEmpty: Bool { !geometry && fields.isEmpty }
}

/// One of two states of a layer that are compared.
public struct ComparedState: Sendable {
    public var name: String
    public var record: LayerRecord
    /// `nil` for what is served.
    public var state: LayerState?
    public var publishedAt: String?

    public init(name: String, record: LayerRecord, state: LayerState?, publishedAt: String?) {
        self.name = name
        self.record = record
        self.state = state
        self.publishedAt = publishedAt
    }

    /// A named version as it is now.
    public init(_ delivery: LayerDelivery) {
        self.init(
            name: delivery.name, record: delivery.record, state: .delivery(delivery.number), publishedAt: delivery.publishedAt)
    }
}
