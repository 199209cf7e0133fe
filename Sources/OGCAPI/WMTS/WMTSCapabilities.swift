public import SimpleFeatures
public import Tiling

/// The service metadata of WMTS 1.0.0.
public struct WMTSCapabilities: Hashable, Sendable {
    public static let mediaType = "application/xml"

    public struct Layer: Hashable, Sendable {
        public var id: String
        public var title: String
        public var abstract: String?
        /// Longitude and latitude on WGS 84.
        public var bounds: Envelope
        /// The first is the default.
        public var styles: [Style]
        public var formats: [WMTSTileFormat]
        /// Of what lies at a pixel; empty where nothing can be asked.
        public var infoFormats: [FeatureInfoFormat] = []
        /// In the order that clients should prefer.
        public var sets: [SetLink]

        public init(
            id: String, title: String, bounds: Envelope, styles: [Style] = [Style(id: "default")],
            formats: [WMTSTileFormat] = [.png], sets: [SetLink]
        ) {
            self.id = id
            self.title = title
            self.bounds = bounds
            self.styles = styles
            self.formats = formats
            self.sets = sets
        }
    }

    public struct Style: Hashable, Sendable {
        public var id: String
        public var title: String?

        public init(id: String, title: String? = nil) {
            self.id = id
            self.title = title
        }
    }

    /// That a layer is offered in a tile matrix set.
    public struct SetLink: Hashable, Sendable {
        /// The set's identifier.
        public var id: String
        /// One block a level that has tiles; empty when only the matrices limit.
        public var limits: [TileMatrixLimits]

        public init(id: String, limits: [TileMatrixLimits] = []) {
            self.id = id
            self.limits = limits
        }
    }

    /// Whose habits the document follows.
    public enum Profile: Hashable, Sendable {
        /// OGC 07-057r7 to the letter.
        case standard
        /// What Tianditu's clients expect of one service: format `tiles`, 96 dpi scale denominators, no level 0. The
        /// corner of `w` is written in its right order all the same.
        case tianditu(TiandituService)
    }

    public var title: String
    public var abstract: String?
    public var keywords: [String] = []
    public var providerName: String?
    /// Scheme, host and path without a slash at the end, such as `http://map.example:8080`.
    public var baseURL: String
    public var layers: [Layer]
    /// Those that layers link to are written.
    public var sets: [TileMatrixSet]
    public var profile: Profile

    public init(title: String, baseURL: String, layers: [Layer], sets: [TileMatrixSet], profile: Profile = .standard) {
        self.title = title
        self.baseURL = baseURL
        self.layers = layers
        self.sets = sets
        self.profile = profile
    }
}
