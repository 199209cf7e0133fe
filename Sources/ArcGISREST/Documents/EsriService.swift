public import SimpleFeatures
public import Tiling

/// What there is (`/arcgis/rest/services`, `/arcgis/rest/info`).
public struct EsriServerDocument: Hashable, Sendable {
    /// The version of ArcGIS Server whose documents these follow: clients switch features on by it.
    public static let version = 10.91

    public struct Entry: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable {
            case map = "MapServer"
            case vectorTiles = "VectorTileServer"
        }

        public var name: String
        public var kind: Kind

        public init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    public var services: [Entry]

    public init(services: [Entry]) {
        self.services = services
    }

    public func json() -> JSONDocument {
        [
            "currentVersion": .number(Self.version), "folders": .array([]),
            "services": .array(services.map { ["name": .string($0.name), "type": .string($0.kind.rawValue)] }),
        ]
    }

    /// What clients ask before anything else: whether a token is needed.
    public static let info: JSONDocument = [
        "currentVersion": .number(version), "fullVersion": "10.9.1", "soapUrl": nil, "authInfo": ["isTokenBasedSecurity": false],
    ]
}

/// A map whose tiles are a cache of their own and whose layers can be asked (`MapServer`).
public struct EsriMapService: Hashable, Sendable {
    public var name: String
    public var title: String
    public var description: String
    public var copyright: String
    public var tiles: EsriTileInfo
    /// In the tiles' CRS, east first.
    public var fullExtent: Envelope
    public var initialExtent: Envelope
    /// The topmost first.
    public var layers: [EsriLayer]

    /// Pixels of a side of the largest picture that `export` draws.
    public static let largestImage = 4096
    /// Features of one answer to a query.
    public static let largestAnswer = 2000
    /// Features of one answer to a query for a tile.
    public static let largestTile = 8000
    static let capabilities = "Map,Query,Data"
    static let queryFormats = "JSON, geoJSON, PBF"

    public init(name: String, title: String, description: String, copyright: String, tiles: EsriTileInfo, fullExtent: Envelope, initialExtent: Envelope, layers: [EsriLayer]) {
        self.name = name
        self.title = title
        self.description = description
        self.copyright = copyright
        self.tiles = tiles
        self.fullExtent = fullExtent
        self.initialExtent = initialExtent
        self.layers = layers
    }

    public func json() -> JSONDocument {
        let scales = tiles.matrices.map(tiles.scale)
        return [
            "currentVersion": .number(EsriServerDocument.version), "serviceDescription": .string(description), "mapName": .string(title),
            "description": .string(description), "copyrightText": .string(copyright), "supportsDynamicLayers": false,
            "layers": .array(layers.map { $0.entry() }), "tables": .array([]), "spatialReference": EsriSpatialReference.json(tiles.crs),
            "singleFusedMapCache": true, "tileInfo": tiles.json(), "initialExtent": tiles.extent(initialExtent), "fullExtent": tiles.extent(fullExtent),
            "minScale": scales.first.map { .number($0) }, "maxScale": scales.last.map { .number($0) }, "units": .string(tiles.units),
            "supportedImageFormatTypes": "PNG32,PNG24,PNG,JPG", "documentInfo": documentInfo, "capabilities": .string(Self.capabilities),
            "supportedQueryFormats": .string(Self.queryFormats), "exportTilesAllowed": false, "supportsDatumTransformation": false,
            "maxRecordCount": .integer(Self.largestAnswer), "maxImageHeight": .integer(Self.largestImage), "maxImageWidth": .integer(Self.largestImage),
            "supportedExtensions": "",
        ]
    }

    private var documentInfo: JSONDocument {
        ["Title": .string(title), "Author": "", "Comments": .string(description), "Subject": "", "Category": "", "Keywords": "", "AntialiasingMode": "None", "TextAntialiasingMode": "Force"]
    }

    /// All layers with everything that is said of each (`/layers`).
    public func layersDocument() -> JSONDocument {
        ["layers": .array(layers.map { $0.json(tiles, copyright: copyright) }), "tables": .array([])]
    }
}

/// Vector tiles of a map (`VectorTileServer`).
public struct EsriVectorTileService: Hashable, Sendable {
    public var name: String
    public var copyright: String
    /// Of 512 pixels a tile, which is what clients of vector tiles compute with.
    public var tiles: EsriTileInfo
    public var fullExtent: Envelope
    public var initialExtent: Envelope

    public static let tileSize = 512

    public init(name: String, copyright: String, tiles: EsriTileInfo, fullExtent: Envelope, initialExtent: Envelope) {
        self.name = name
        self.copyright = copyright
        self.tiles = tiles
        self.fullExtent = fullExtent
        self.initialExtent = initialExtent
    }

    public func json() -> JSONDocument {
        let scales = tiles.matrices.map(tiles.scale)
        return [
            "currentVersion": .number(EsriServerDocument.version), "name": .string(name), "copyrightText": .string(copyright), "capabilities": "TilesOnly",
            // No `tileMap`: every tile is there, and an empty one is told as empty.
            "type": "indexedFlat", "defaultStyles": "resources/styles", "tiles": ["tile/{z}/{y}/{x}.pbf"], "exportTilesAllowed": false,
            "initialExtent": tiles.extent(initialExtent), "fullExtent": tiles.extent(fullExtent), "minScale": scales.first.map { .number($0) },
            "maxScale": scales.last.map { .number($0) }, "tileInfo": tiles.json(), "maxzoom": .integer(tiles.lastLevel),
            "resourceInfo": ["styleVersion": 8, "tileCompression": "gzip", "cacheInfo": ["storageInfo": ["packetSize": 128, "storageFormat": "compactV2"]]],
        ]
    }
}
