public import SimpleFeatures
public import Tiling

/// The versions of WMS that are spoken: OGC 01-068r3 and OGC 06-042.
public enum WMSVersion: String, Hashable, Sendable, CaseIterable {
    case v111 = "1.1.1"
    case v130 = "1.3.0"

    /// The version that a request means (OGC 06-042 clause 6.2.4): the highest one that is not above it, else the lowest.
    public init(negotiating text: String?) {
        guard let text, let wanted = Self.number(text) else {
            self = .v130
            return
        }
        self = Self.allCases.last { (Self.number($0.rawValue) ?? 0) <= wanted } ?? .v111
    }

    private static func number(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, parts.allSatisfy({ $0.map { (0..<100).contains($0) } ?? false }) else { return nil }
        return parts.reduce(0) { $0 * 100 + ($1 ?? 0) }
    }
}

/// What a WMS client asks for.
public enum WMSRequest: Hashable, Sendable {
    case capabilities
    case map(WMSMapRequest)
    case featureInfo(WMSFeatureInfoRequest)
    case legend(WMSLegendRequest)
    /// Names of layers whose styles are asked for.
    case styles([String])
}

/// A picture as a request names it; whether its layers and styles exist is not known yet.
public struct WMSMapRequest: Hashable, Sendable {
    /// From bottom to top, each with a style; `nil` for the layer's default.
    public var layers: [(name: String, style: String?)] {
        zip(names, styles).map { ($0, $1) }
    }
    var names: [String]
    var styles: [String?]
    public var crs: CRSIdentifier
    /// East first, whatever the CRS's own order.
    public var envelope: Envelope
    /// Pixels.
    public var width: Int
    public var height: Int
    public var format: WMSPictureFormat
    public var isTransparent = false
    /// Red, green, blue; `nil` where the request names none.
    public var background: [UInt8]?
    /// ISO 8601; `nil` for what is there now.
    public var time: String?
    /// Dots an inch that symbols are drawn for; the vendor parameters of MapServer, GeoServer and QGIS are read.
    public var dotsPerInch: Double?
    public var exceptions = WMSExceptionForm.xml
}

/// How a WMS client wants to be told of an error.
public enum WMSExceptionForm: Hashable, Sendable {
    case xml
    case json
    /// An empty picture of the wanted size.
    case blank

    /// The literals of both versions.
    init?(_ text: String) {
        switch text.lowercased() {
        case "xml", "application/vnd.ogc.se_xml", "text/xml": self = .xml
        case "json", "application/json": self = .json
        case "blank", "application/vnd.ogc.se_blank", "inimage", "application/vnd.ogc.se_inimage": self = .blank
        default: return nil
        }
    }
}

/// The formats of GetMap.
public enum WMSPictureFormat: String, Hashable, Sendable, CaseIterable {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case webp = "image/webp"

    /// - Parameter text: parameters after a semicolon and MapServer's longer names mean the same.
    public init?(_ text: String) {
        switch text.split(separator: ";").first?.lowercased().filter({ $0 != " " }) {
        case "image/png", "png", "image/png8", "image/png24": self = .png
        case "image/jpeg", "image/jpg", "jpeg", "jpg": self = .jpeg
        case "image/webp", "webp": self = .webp
        default: return nil
        }
    }
}

/// What lies at a pixel of a picture.
public struct WMSFeatureInfoRequest: Hashable, Sendable {
    public var map: WMSMapRequest
    public var queryLayers: [String]
    public var format: FeatureInfoFormat
    /// Features of each layer, at most.
    public var featureCount: Int
    /// Columns from the left and rows from the top, from 0.
    public var column: Int
    public var row: Int
    /// Pixels around the pixel that count as there; GeoServer's `BUFFER` and QGIS' tolerances are read.
    public var toleranceInPixels: Double
}

/// The formats of GetFeatureInfo.
public enum FeatureInfoFormat: String, Hashable, Sendable, CaseIterable {
    case geoJSON = "application/geo+json"
    case json = "application/json"
    case html = "text/html"
    case text = "text/plain"
    case gml = "application/vnd.ogc.gml"

    public init?(_ text: String) {
        switch text.split(separator: ";").first?.lowercased().filter({ $0 != " " }) {
        case "application/geo+json", "geojson": self = .geoJSON
        case "application/json", "json": self = .json
        case "text/html", "html": self = .html
        case "text/plain", "text": self = .text
        case "application/vnd.ogc.gml", "text/xml", "application/gml+xml", "gml": self = .gml
        default: return nil
        }
    }

    /// What ends the address of an answer in this format; each reads back as its format.
    public var fileExtension: String {
        switch self {
        case .geoJSON: "geojson"
        case .json: "json"
        case .html: "html"
        case .text: "text"
        case .gml: "gml"
        }
    }
}

/// The legend of one layer.
public struct WMSLegendRequest: Hashable, Sendable {
    public var layer: String
    public var style: String?
    public var format: WMSPictureFormat
    /// `nil` for all scales.
    public var scaleDenominator: Double?
    /// `zh` or `en`; `nil` for both.
    public var language: String?
}
