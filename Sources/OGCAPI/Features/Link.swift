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
        public static let map = "http://www.opengis.net/def/rel/ogc/1.0/map"
        public static let legend = "http://www.opengis.net/def/rel/ogc/1.0/legend"
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

    /// The value of a `Link` header (RFC 8288 section 3); templates have no place in it, titles stay in the document.
    public var header: String {
        filter { !$0.isTemplated }.map { link in
            // An address that came through percent encoding holds neither a quote nor an angle bracket.
            let isSound = link.href.utf8.allSatisfy(Self.isOfAddress)
            let address = isSound ? link.href : String(decoding: link.href.utf8.filter(Self.isOfAddress), as: UTF8.self)
            return "<\(address)>; rel=\"\(link.rel)\"" + (link.type.map { "; type=\"\($0)\"" } ?? "")
        }.joined(separator: ", ")
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "\"")
    }

    /// `self` in the form that is given and `alternate` in the others.
    ///
    /// - Parameters:
    ///   - url: without its query.
    ///   - parameters: the request's, of which `f` is set for each form.
    ///   - offered: the forms there are; of those that share a name the first counts.
    public static func ofRepresentations(
        _ offered: [Representation], given: Representation, url: String, parameters: QueryParameters = QueryParameters(items: [])
    ) -> [Link] {
        var names: [String] = []
        var links: [Link] = []
        let rest = parameters.removing("f").encoded
        let start = rest.isEmpty ? "\(url)?f=" : "\(url)?\(rest)&f="
        for one in [given] + offered where !names.contains(one.name) {
            names.append(one.name)
            let isGiven = one.name == given.name
            links.append(
                Link(
                    href: start + PercentEncoding.encode(one.name), rel: isGiven ? "self" : "alternate", type: one.mediaType,
                    title: isGiven ? "本文档 / This document" : "另一形式 / \(one.name.uppercased())"))
        }
        return links
    }
}

/// Media types of the documents.
public enum MediaType {
    public static let json = "application/json"
    public static let geoJSON = "application/geo+json"
    public static let schema = "application/schema+json"
    public static let openAPI = "application/vnd.oai.openapi+json;version=3.0"
    public static let html = "text/html"
    public static let mapLibreStyle = "application/vnd.mapbox.style+json"
    public static let png = "image/png"
    public static let vectorTile = "application/vnd.mapbox-vector-tile"
}
