public import Tiling

/// The entrance of an OGC API (OGC 19-072 clause 8).
public struct LandingPage: Hashable, Sendable {
    public var title: String
    public var description: String?
    public var attribution: String?
    /// `service-desc`, `conformance` and `data` belong in it.
    public var links: [Link]

    public init(title: String, description: String? = nil, links: [Link]) {
        self.title = title
        self.description = description
        self.links = links
    }

    public func json() -> JSONDocument {
        [
            "title": .string(title), "description": description.map { .string($0) },
            "attribution": attribution.map { .string($0) }, "links": links.json(),
        ]
    }
}

/// Which classes of which standards a service claims to meet.
public struct ConformanceDeclaration: Hashable, Sendable {
    /// URIs, in the order to be written.
    public var classes: [String]

    public init(classes: [String]) {
        self.classes = classes
    }

    /// OGC API Common parts 1 and 2, in JSON and HTML.
    public static let common = [
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    ]
    /// OGC API Features parts 1 and 2, in GeoJSON and HTML.
    public static let features = [
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    ]
    /// OGC API Features part 3: what queries may name.
    public static let queryables = [
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    ]
    /// OGC API Features part 3: filters; parts 5 and 8: what answers may be sorted by, and how.
    public static let filters = [
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
        "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
        "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sorting",
    ]
    /// The Common Query Language, all of it (OGC 21-065r2 annex A).
    public static let cql2 = [
        "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison",
        "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions",
        "temporal-functions", "array-functions", "property-property", "functions", "arithmetic",
    ].map { "http://www.opengis.net/spec/cql2/1.0/conf/\($0)" }
    /// OGC API Tiles part 1, vector and map tilesets.
    public static let tiles = [
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/jpeg",
        "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
        "http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata",
        "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
        "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
    ]
    /// OGC API Maps part 1, as pictures of any place, of map tilesets too.
    public static let maps = [
        "core", "background", "collection-map", "dataset-map", "styled-map", "collections-selection", "scaling", "spatial-subsetting",
        "display-resolution", "crs", "datetime", "tilesets", "png", "jpeg",
    ].map { "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/\($0)" }
    /// OGC API Styles part 1, of which there is a draft only.
    public static let styles = [
        "http://www.opengis.net/spec/ogcapi-styles-1/0.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-styles-1/0.0/conf/html",
        "http://www.opengis.net/spec/ogcapi-styles-1/0.0/conf/mapbox-styles",
    ]

    public func json() -> JSONDocument { ["conformsTo": .strings(classes)] }
}
