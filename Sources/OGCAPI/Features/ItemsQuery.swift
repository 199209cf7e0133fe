public import SimpleFeatures
public import Tiling

/// Which features of a collection a request asks for, and how.
public struct ItemsQuery: Hashable, Sendable {
    /// What a collection lets requests ask for.
    public struct Offer: Hashable, Sendable {
        /// Names that filters may use; a sensitive property is not among them.
        public var properties: [String]
        /// CRSs for `crs` and `bbox-crs`; CRS84 is always understood.
        public var crs: [CRSIdentifier]
        public var defaultLimit: Int
        /// A greater `limit` is cut down to it, as OGC 17-069r4 clause 7.15.2 allows.
        public var maximumLimit: Int

        public init(properties: [String], crs: [CRSIdentifier] = [.crs84], defaultLimit: Int = 10, maximumLimit: Int = 10_000) {
            self.properties = properties
            self.crs = crs
            self.defaultLimit = defaultLimit
            self.maximumLimit = maximumLimit
        }
    }

    /// A wanted value of a property.
    public struct PropertyFilter: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// All places within a distance of a centre.
    public struct Circle: Hashable, Sendable {
        /// Longitude and latitude, CRS84.
        public var centre: Coordinate
        public var radiusInMetres: Double

        public init(centre: Coordinate, radiusInMetres: Double) {
            self.centre = centre
            self.radiusInMetres = radiusInMetres
        }
    }

    /// A condition as the request spells it (OGC 19-079r2 clause 8).
    public struct Filter: Hashable, Sendable {
        /// In which of the encodings of the Common Query Language.
        public enum Language: String, Hashable, Sendable, CaseIterable {
            case text = "cql2-text"
            case json = "cql2-json"
        }

        public var expression: String
        public var language: Language
        /// Of the expression's geometries, in the order of its axes.
        public var crs: CRSIdentifier

        public init(expression: String, language: Language = .text, crs: CRSIdentifier = .crs84) {
            self.expression = expression
            self.language = language
            self.crs = crs
        }
    }

    /// A property that features are sorted by.
    public struct SortTerm: Hashable, Sendable {
        public var name: String
        public var isDescending: Bool

        public init(name: String, isDescending: Bool = false) {
            self.name = name
            self.isDescending = isDescending
        }
    }

    public enum Format: Hashable, Sendable {
        case geoJSON
        case html
    }

    /// East first, in `boxCRS`; any of them may hold a feature. Empty for no restriction, two for a box across the
    /// antimeridian.
    public var boxes: [Envelope] = []
    public var boxCRS = CRSIdentifier.crs84
    public var circle: Circle?
    /// All must hold.
    public var filters: [PropertyFilter] = []
    /// Must hold too.
    public var filter: Filter?
    /// The first one decides, where it leaves a tie the next.
    public var order: [SortTerm] = []
    /// 1 or more.
    public var limit: Int
    public var offset = 0
    /// Of the answer's coordinates.
    public var crs = CRSIdentifier.crs84
    /// `nil` for what is there now.
    public var datetime: DateTimeRange?
    /// `nil` leaves the choice to content negotiation.
    public var format: Format?

    public init(limit: Int) {
        self.limit = limit
    }
}
