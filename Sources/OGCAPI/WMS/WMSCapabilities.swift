public import SimpleFeatures
public import Tiling

/// The service metadata of WMS, the same content in both versions.
public struct WMSCapabilities: Hashable, Sendable {
    /// A layer, or a group of layers.
    public struct Layer: Hashable, Sendable {
        /// What GetMap calls it; `nil` for a category that cannot be drawn.
        public var name: String?
        public var title: String
        public var abstract: String?
        public var keywords: [String] = []
        /// Those that its parent does not offer already.
        public var crs: [CRSIdentifier] = []
        /// Longitude and latitude on WGS 84; empty where nothing is known.
        public var bounds = Envelope.empty
        /// East first.
        public var boxes: [CRSBox] = []
        public var styles: [Style] = []
        public var isQueryable = false
        /// Whether it covers what lies under it.
        public var isOpaque = false
        public var attribution: String?
        /// A document about the layer's data.
        public var metadataURL: String?
        /// Where its features are had.
        public var dataURL: String?
        /// Between which it is drawn; `nil` for no limit.
        public var smallestScaleDenominator: Double?
        public var largestScaleDenominator: Double?
        /// ISO 8601 `first/last/period`; `nil` for a layer without a history.
        public var times: String?
        public var children: [Layer] = []

        public init(name: String?, title: String) {
            self.name = name
            self.title = title
        }
    }

    public struct CRSBox: Hashable, Sendable {
        public var crs: CRSIdentifier
        /// East first.
        public var envelope: Envelope

        public init(crs: CRSIdentifier, envelope: Envelope) {
            self.crs = crs
            self.envelope = envelope
        }
    }

    public struct Style: Hashable, Sendable {
        public var name: String
        public var title: String

        public init(name: String, title: String) {
            self.name = name
            self.title = title
        }
    }

    public var version: WMSVersion
    public var title: String
    public var abstract: String?
    /// Of the service's organisation.
    public var providerName: String?
    /// Scheme, host and path without a slash at the end.
    public var baseURL: String
    /// Below it under `/wms`.
    public var root: Layer
    public var sideLimit: Int
    public var layerLimit: Int

    public init(version: WMSVersion, title: String, baseURL: String, root: Layer, sideLimit: Int, layerLimit: Int) {
        self.version = version
        self.title = title
        self.baseURL = baseURL
        self.root = root
        self.sideLimit = sideLimit
        self.layerLimit = layerLimit
    }

    /// What 1.3.0 and 1.1.1 say their documents are.
    public var mediaType: String { version == .v130 ? "text/xml" : "application/vnd.ogc.wms_xml" }
}
