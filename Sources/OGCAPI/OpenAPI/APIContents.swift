public import SimpleFeatures
public import Tiling
internal import Wording

/// What a service has at the moment, as far as its API's description names it.
public struct APIContents: Hashable, Sendable {
    public struct Collection: Hashable, Sendable {
        public var id: String
        public var title: String
        /// Of the features, sensitive fields left out; `nil` where features are not given one by one.
        public var schema: FeatureSchema?

        public init(id: String, title: String, schema: FeatureSchema?) {
            self.id = id
            self.title = title
            self.schema = schema
        }
    }

    public var collections: [Collection] = []
    /// CRSs for `crs` and `bbox-crs`.
    public var crs: [CRSIdentifier] = [.crs84]
    public var defaultLimit = 10
    public var maximumLimit = 10_000
    /// File formats of pages of features besides GeoJSON and HTML.
    public var fileFormats: [Representation] = []
    public var matrixSets: [String] = []
    public var styles: [String] = []
    /// Media types that pictures are offered in.
    public var pictureTypes: [String] = [MediaType.png]
    /// CRSs of maps of any place, and how many pixels such a map may have a side; none for a service without them.
    public var mapCRS: [CRSIdentifier] = []
    public var longestMapSide = 1
    /// Maps that static maps and prints are made of.
    public var maps: [String] = []
    /// Longitude and latitude of a place where there is something to see, for examples.
    public var centre: Coordinate?
    /// `nil` for a service that prints nothing.
    public var print: Print?

    public init() {}

    /// Every operation of OGC API Common, Features, Tiles, Maps and Styles that such a service has, and its static maps and prints.
    public var operations: [APIOperation] {
        commonOperations + collectionOperations + collections.flatMap(itemOperations) + tileOperations
            + (mapCRS.isEmpty ? [] : mapOperations) + styleOperations + sheetOperations
    }

    /// Collections whose features are given one by one.
    var featureCollections: [Collection] { collections.filter { $0.schema != nil } }
}

extension APIParameter {
    static func f(_ names: [String] = ["json", "html"]) -> APIParameter {
        APIParameter(
            "f", .init(zh: "所要的形式，先于 Accept", en: "The wanted form; outdoes Accept"), schema: ["type": "string", "enum": .strings(names)])
    }

    static func id(_ name: String, _ zh: String, _ en: String, among ids: [String]) -> APIParameter {
        APIParameter(
            name, in: .path, .init(zh: zh, en: en), schema: ["type": "string", "enum": ids.isEmpty ? nil : .strings(ids)])
    }
}
