public import SimpleFeatures
public import Tiling

/// What a WFS says about itself (OGC 09-025r2 clause 8.3).
public struct WFSCapabilities: Hashable, Sendable {
    /// Of features that a request wants in none, in the order of its axes.
    public static let defaultCRS = CRSIdentifier(authority: "EPSG", code: "4490")
    public static let mediaType = "text/xml"

    public struct FeatureType: Hashable, Sendable {
        /// With its prefix.
        public var name: String
        public var title: String
        public var abstract: String?
        public var hasGeometry: Bool
        /// Longitudes and latitudes; empty where nothing is there.
        public var bounds: Envelope
        public var metadataURL: String?

        public init(name: String, title: String, abstract: String?, hasGeometry: Bool, bounds: Envelope, metadataURL: String?) {
            self.name = name
            self.title = title
            self.abstract = abstract
            self.hasGeometry = hasGeometry
            self.bounds = bounds
            self.metadataURL = metadataURL
        }
    }

    public var title: String
    public var abstract: String?
    public var providerName: String
    public var baseURL: String
    /// Grows with every change of what is served.
    public var updateSequence: Int64
    /// Features of one answer, at most and where a request names no number.
    public var countDefault: Int
    /// Besides the default.
    public var otherCRS: [CRSIdentifier]
    public var types: [FeatureType]
    public var sections = Set(WFSCapabilitiesRequest.Section.allCases)

    public init(
        title: String, providerName: String, baseURL: String, updateSequence: Int64, countDefault: Int, otherCRS: [CRSIdentifier], types: [FeatureType]
    ) {
        self.title = title
        self.providerName = providerName
        self.baseURL = baseURL
        self.updateSequence = updateSequence
        self.countDefault = countDefault
        self.otherCRS = otherCRS
        self.types = types
    }
}
