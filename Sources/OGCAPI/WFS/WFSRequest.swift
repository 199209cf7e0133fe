public import Markup
public import SimpleFeatures
public import Tiling

/// What a client of WFS 2.0.0 (OGC 09-025r2) asks for.
public enum WFSRequest: Hashable, Sendable {
    public static let version = "2.0.0"
    /// The stored query that every service has (clause 7.9.3.6).
    public static let featureByID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"

    case capabilities(WFSCapabilitiesRequest)
    /// Schema of the named types; `nil` for all.
    case types([String]?)
    case features(WFSQuery)
    case values(WFSQuery, reference: String)
    /// `GetFeatureById`.
    case feature(resource: String, crs: CRSReference?, format: WFSFormat)
    case storedQueries
    /// Of the named stored queries; `nil` for all.
    case storedQueryDescriptions([String]?)
}

/// Which parts of the capabilities are wanted.
public struct WFSCapabilitiesRequest: Hashable, Sendable {
    public enum Section: String, Hashable, Sendable, CaseIterable {
        case identification = "ServiceIdentification"
        case provider = "ServiceProvider"
        case operations = "OperationsMetadata"
        case types = "FeatureTypeList"
        case filters = "Filter_Capabilities"
    }

    public var sections = Set(Section.allCases)
    /// Of the document that the client has.
    public var updateSequence: String?

    public init() {}
}

/// In what features leave.
public enum WFSFormat: String, Hashable, Sendable, CaseIterable {
    case gml = "application/gml+xml; version=3.2"
    case geoJSON = "application/json"

    /// - Parameter text: a plus sign that was not escaped has become a blank.
    public init?(_ text: String) {
        switch text.lowercased().filter({ $0 != " " && $0 != "+" && $0 != "\"" }) {
        case "application/gmlxml;version=3.2", "application/gmlxml;version=3.2.1", "application/gmlxml", "text/xml;subtype=gml/3.2",
            "text/xml;subtype=gml/3.2.1", "text/xml", "application/xml", "gml32", "gml3":
            self = .gml
        case "application/json", "application/geojson", "application/vnd.geojson", "json", "geojson", "application/json;subtype=geojson": self = .geoJSON
        default: return nil
        }
    }
}

/// Which features of one type are wanted, and how; whether there is such a type is not known yet.
public struct WFSQuery: Hashable, Sendable {
    /// A name without its prefix; `nil` where ids say which type.
    public var type: String?
    public var resourceIDs: [String] = []
    /// `nil` leaves it to the service.
    public var count: Int?
    public var startIndex = 0
    /// Whether only the number is asked for.
    public var isHits = false
    /// Names without prefixes; `nil` for all properties.
    public var properties: [String]?
    /// East first; two for a box across the antimeridian; empty for no restriction.
    public var boxes: [Envelope] = []
    public var boxCRS: CRSIdentifier?
    /// Of the answer.
    public var crs: CRSReference?
    /// `Filter` of the Filter Encoding Standard.
    public var filter: MarkupElement?
    /// A condition of the Common Query Language, as other services take it beside the standard.
    public var cql: String?
    public var order: [ItemsQuery.SortTerm] = []
    public var format = WFSFormat.gml

    public init() {}
}

/// What GetPropertyValue asks of each feature.
public enum WFSValueReference: Hashable, Sendable {
    case identifier
    case geometry
    /// By its name.
    case property(String)
}
