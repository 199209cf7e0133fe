public import SimpleFeatures
public import Tiling

/// One style that maps can be drawn in (OGC 20-009, draft, clause 7).
public struct StyleDocument: Hashable, Sendable {
    /// A source layer that the style draws.
    public struct Layer: Hashable, Sendable {
        public var id: String
        /// `nil` for pictures, and where there is no data yet.
        public var dimension: GeometryDimension?
        /// Where some of its features can be had.
        public var sample: Link?

        public init(id: String, dimension: GeometryDimension?, sample: Link?) {
            self.id = id
            self.dimension = dimension
            self.sample = sample
        }

        func json() -> JSONDocument {
            let type: String? =
                switch dimension {
                case .point: "point"
                case .line: "line"
                case .area: "polygon"
                case nil: nil
                }
            return ["id": .string(id), "type": type.map { .string($0) }, "sampleData": sample?.json()]
        }
    }

    public var id: String
    public var title: String
    public var description: String?
    /// Changes with every byte of the style.
    public var version: String?
    public var layers: [Layer] = []
    /// Without a slash at the end.
    public var baseURL: String

    public init(id: String, title: String, description: String? = nil, baseURL: String) {
        self.id = id
        self.title = title
        self.description = description
        self.baseURL = baseURL
    }

    private var url: String { "\(baseURL)/styles/\(PercentEncoding.encode(id))" }

    private var stylesheet: Link {
        Link(href: url + "?f=mapbox", rel: "stylesheet", type: MediaType.mapLibreStyle, title: "MapLibre 样式 / MapLibre style")
    }

    /// To what belongs to the style, whichever document names it.
    private var links: [Link] {
        [
            stylesheet, Link(href: url + "/metadata", rel: "describedby", type: MediaType.json, title: "样式元数据 / Style metadata"),
            Link(href: url + "/legend.png", rel: Link.Relation.legend, type: MediaType.png, title: "图例 / Legend"),
            Link(href: url + "/legend.json", rel: Link.Relation.legend, type: MediaType.json, title: "图例 / Legend"),
            Link(href: url + "/map", rel: Link.Relation.map, type: MediaType.png, title: "此样式的地图 / A map in this style"),
            Link(href: url + "/map/tiles", rel: Link.Relation.tilesetsMap, type: MediaType.json, title: "此样式的地图瓦片 / Map tiles in this style"),
        ]
    }

    /// What the list of styles shows of it.
    public func item() -> JSONDocument {
        ["id": .string(id), "title": .string(title), "description": description.map { .string($0) }, "links": links.json()]
    }

    /// - Parameter forms: `self` and `alternate`.
    public func metadata(forms: [Link]) -> JSONDocument {
        let sheet: JSONDocument = [
            "title": "MapLibre / Mapbox", "version": "8", "specification": "https://maplibre.org/maplibre-style-spec/", "native": true,
            "link": stylesheet.json(),
        ]
        return [
            "id": .string(id), "title": .string(title), "description": description.map { .string($0) }, "scope": "style",
            "version": version.map { .string($0) }, "stylesheets": .array([sheet]), "layers": .array(layers.map { $0.json() }),
            "links": (forms + links).json(),
        ]
    }
}

/// The styles of a service.
public struct StylesDocument: Hashable, Sendable {
    public var styles: [StyleDocument]
    /// The id of the style that is taken where none is named.
    public var defaultStyle: String?
    public var links: [Link]

    public init(styles: [StyleDocument], defaultStyle: String?, links: [Link]) {
        self.styles = styles
        self.defaultStyle = defaultStyle
        self.links = links
    }

    public func json() -> JSONDocument {
        ["default": defaultStyle.map { .string($0) }, "styles": .array(styles.map { $0.item() }), "links": links.json()]
    }
}
