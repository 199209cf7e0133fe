public import SimpleFeatures
public import Tiling

/// The metadata of one tileset (OGC 17-083r4 clause 7), of which lists show the short form.
public struct TileSetDocument: Hashable, Sendable {
    public enum DataType: String, Hashable, Sendable {
        case map
        case vector
    }

    public var title: String
    public var dataType: DataType
    public var set: TileMatrixSet
    /// Longitude and latitude on WGS 84.
    public var bounds: Envelope?
    /// One block a level that has tiles.
    public var limits: [TileMatrixLimits]
    /// `self`, `item` and the tiling scheme belong in it.
    public var links: [Link]
    /// Identifiers and schemas of the layers inside, in drawing order.
    public var layers: [Layer] = []
    /// Where a client may begin: CRS84, with the matrix to begin with.
    public var centre: Coordinate?
    public var centreMatrix: String?
    public var attribution: String?
    /// Media types that tiles come in.
    public var mediaTypes: [String] = []
    /// When the data changed last, RFC 3339.
    public var updated: String?
    /// The style that pictures are drawn in.
    public var style: JSONDocument?

    public struct Layer: Hashable, Sendable {
        public var id: String
        public var title: String?
        public var dimension: GeometryDimension?
        /// Sensitive fields are left out.
        public var schema: FeatureSchema?

        public init(id: String, title: String? = nil, dimension: GeometryDimension? = nil, schema: FeatureSchema? = nil) {
            self.id = id
            self.title = title
            self.dimension = dimension
            self.schema = schema
        }
    }

    public init(
        title: String, dataType: DataType, set: TileMatrixSet, bounds: Envelope?, limits: [TileMatrixLimits], links: [Link]
    ) {
        self.title = title
        self.dataType = dataType
        self.set = set
        self.bounds = bounds
        self.limits = limits
        self.links = links
    }

    /// What a list of tilesets shows of it.
    public func item() -> JSONDocument {
        [
            "title": .string(title), "dataType": .string(dataType.rawValue), "crs": .string(crs),
            "tileMatrixSetId": .string(set.id), "tileMatrixSetURI": set.uri.map { .string($0) }, "links": links.json(),
        ]
    }

    public func json() -> JSONDocument {
        [
            "title": .string(title), "dataType": .string(dataType.rawValue), "crs": .string(crs),
            "tileMatrixSetId": .string(set.id), "tileMatrixSetURI": set.uri.map { .string($0) },
            "tileMatrixSetLimits": limits.isEmpty ? nil : .array(limits.compactMap(json(of:))),
            "boundingBox": boundingBox, "centerPoint": centerPoint, "attribution": attribution.map { .string($0) },
            "mediaTypes": mediaTypes.isEmpty ? nil : .strings(mediaTypes), "updated": updated.map { .string($0) }, "style": style,
            "layers": layers.isEmpty ? nil : .array(layers.map(json(of:))),
            "links": links.json(),
        ]
    }

    private var crs: String { CRSIdentifier(set.crs)?.uri ?? set.crs }

    private var centerPoint: JSONDocument? {
        centre.map { centre in
            [
                "coordinates": .numbers([centre.x, centre.y]), "crs": .string(CRSIdentifier.crs84.uri),
                "tileMatrix": centreMatrix.map { .string($0) },
            ]
        }
    }

    private var boundingBox: JSONDocument? {
        guard let bounds, !bounds.isEmpty else { return nil }
        return [
            "lowerLeft": .numbers([bounds.minX, bounds.minY]), "upperRight": .numbers([bounds.maxX, bounds.maxY]),
            "crs": .string(CRSIdentifier.crs84.uri),
        ]
    }

    private func json(of limits: TileMatrixLimits) -> JSONDocument? {
        guard let matrix = set.matrix(level: limits.level) else { return nil }
        let rows = [limits.rows.lowerBound, limits.rows.upperBound].map(matrix.rowInDocuments).sorted()
        return [
            "tileMatrix": .string(matrix.id), "minTileRow": .integer(rows[0]), "maxTileRow": .integer(rows[1]),
            "minTileCol": .integer(limits.columns.lowerBound), "maxTileCol": .integer(limits.columns.upperBound),
        ]
    }

    private func json(of layer: Layer) -> JSONDocument {
        let schema = layer.schema.map { SchemaDocument(id: layer.id, title: layer.title ?? layer.id, schema: $0, dimension: nil, purpose: .schema).json() }
        let properties = schema.flatMap { $0["properties"] }
        return [
            "id": .string(layer.id), "title": layer.title.map { .string($0) }, "dataType": .string(dataType.rawValue),
            "geometryDimension": layer.dimension.map { .integer(Int($0.rawValue)) },
            "propertiesSchema": properties.map { ["type": "object", "properties": $0] },
        ]
    }
}

/// The tilesets of a collection or of the whole dataset.
public struct TileSetsDocument: Hashable, Sendable {
    public var tilesets: [TileSetDocument]
    public var links: [Link]

    public init(tilesets: [TileSetDocument], links: [Link]) {
        self.tilesets = tilesets
        self.links = links
    }

    public func json() -> JSONDocument {
        ["links": links.json(), "tilesets": .array(tilesets.map { $0.item() })]
    }
}

/// The tile matrix sets of a service, with a link to each definition.
public struct TileMatrixSetsDocument: Hashable, Sendable {
    public var sets: [TileMatrixSet]
    /// Without a slash at the end; definitions are at `/tileMatrixSets/{id}` under it.
    public var baseURL: String
    public var links: [Link]

    public init(sets: [TileMatrixSet], baseURL: String, links: [Link] = []) {
        self.sets = sets
        self.baseURL = baseURL
        self.links = links
    }

    public func json() -> JSONDocument {
        let items = sets.map { set -> JSONDocument in
            let href = "\(baseURL)/tileMatrixSets/\(PercentEncoding.encode(set.id))"
            return [
                "id": .string(set.id), "title": .string(set.title), "uri": set.uri.map { .string($0) },
                "crs": .string(CRSIdentifier(set.crs)?.uri ?? set.crs),
                "links": [Link(href: href, rel: "self", type: MediaType.json, title: set.title)].json(),
            ]
        }
        return ["tileMatrixSets": .array(items), "links": links.isEmpty ? nil : links.json()]
    }
}
