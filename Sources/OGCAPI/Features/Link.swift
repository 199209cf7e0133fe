public import Tiling

/// A reference from one document to another (RFC 8288), as OGC API documents carry it.
public struct Link: Hashable, Sendable {
    public var href: String
    /// A registered relation, or one of `Link.Relation`.
    public var rel: String
    /// Media type of the target.
    public var type: String?
    public var title: String?
    public var hreflang: String?
    /// Whether `href` is a URI template.
    public var isTemplated = false

    public init(href: String, rel: String, type: String? = nil, title: String? = nil) {
        self.href = href
        self.rel = rel
        self.type = type
        self.title = title
    }

    /// A link whose target has variables in braces.
    public static func template(href: String, rel: String, type: String? = nil, title: String? = nil) -> Link {
        var link = Link(href: href, rel: rel, type: type, title: title)
        link.isTemplated = true
        return link
    }

    /// Relations that OGC's definition server registers.
    public enum Relation {
        public static let queryables = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
        public static let sortables = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
        public static let functions = "http://www.opengis.net/def/rel/ogc/1.0/functions"
        public static let schema = "http://www.opengis.net/def/rel/ogc/1.0/schema"
        public static let tilingScheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
        public static let tilingSchemes = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
        public static let tilesetsVector = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
        public static let tilesetsMap = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map"
        public static let geodata = "http://www.opengis.net/def/rel/ogc/1.0/geodata"
        public static let dataset = "http://www.opengis.net/def/rel/ogc/1.0/dataset"
        public static let styles = "http://www.opengis.net/def/rel/ogc/1.0/styles"
    }

    public func json() -> JSONDocument {
        [
            "href": .string(href), "rel": .string(rel), "type": type.map { .string($0) }, "title": title.map { .string($0) },
            "hreflang": hreflang.map { .string($0) }, "templated": isTemplated ? true : nil,
        ]
    }
}

extension [Link] {
    public func json() -> JSONDocument { .array(map { $0.json() }) }
}

/// Media types of the documents.
public enum MediaType {
    public static let json = "application/json"
    public static let geoJSON = "application/geo+json"
    public static let schema = "application/schema+json"
    public static let openAPI = "application/vnd.oai.openapi+json;version=3.0"
    public static let html = "text/html"
    public static let png = "image/png"
    public static let vectorTile = "application/vnd.mapbox-vector-tile"
}
