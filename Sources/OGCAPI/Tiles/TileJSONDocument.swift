public import SimpleFeatures
public import Tiling

/// What a MapLibre client reads about a source of tiles (TileJSON 3.0.0).
public struct TileJSONDocument: Hashable, Sendable {
    /// One layer inside the vector tiles.
    public struct VectorLayer: Hashable, Sendable {
        public var id: String
        public var description: String?
        public var minimumZoom: Int?
        public var maximumZoom: Int?
        /// Property names with what they are, in order.
        public var fields: [FieldDescription]

        public init(id: String, description: String? = nil, zooms: ClosedRange<Int>? = nil, fields: [FieldDescription]) {
            self.id = id
            self.description = description
            minimumZoom = zooms?.lowerBound
            maximumZoom = zooms?.upperBound
            self.fields = fields
        }
    }

    public struct FieldDescription: Hashable, Sendable {
        public var name: String
        public var description: String

        public init(name: String, description: String) {
            self.name = name
            self.description = description
        }
    }

    /// Which way rows count: down from the north, or up from the south.
    public enum Scheme: String, Hashable, Sendable {
        case xyz
        case tms
    }

    public var name: String
    public var description: String?
    public var scheme = Scheme.xyz
    public var attribution: String?
    /// Changes with the data.
    public var version: String?
    /// URL templates with `{z}`, `{x}`, `{y}`.
    public var tiles: [String]
    /// `nil` for raster tiles, for which the member is left out.
    public var vectorLayers: [VectorLayer]?
    /// Longitude and latitude on WGS 84.
    public var bounds: Envelope?
    /// Longitude, latitude.
    public var centre: Coordinate?
    public var centreZoom: Int = 0
    public var zooms: ClosedRange<Int>
    /// What tiles leave out and other statistics, as further members.
    public var members: [JSONDocument.Member] = []

    public init(name: String, tiles: [String], zooms: ClosedRange<Int>, bounds: Envelope? = nil, vectorLayers: [VectorLayer]? = nil) {
        self.name = name
        self.tiles = tiles
        self.zooms = zooms
        self.bounds = bounds
        self.vectorLayers = vectorLayers
        centre = bounds.flatMap { $0.isEmpty ? nil : $0.centre }
        centreZoom = zooms.lowerBound
    }

    public func json() -> JSONDocument {
        let box = bounds.flatMap { $0.isEmpty ? nil : $0 }
        let document: JSONDocument = [
            "tilejson": "3.0.0", "name": .string(name), "description": description.map { .string($0) },
            "attribution": attribution.map { .string($0) }, "version": version.map { .string($0) }, "scheme": .string(scheme.rawValue),
            "tiles": .strings(tiles), "minzoom": .integer(zooms.lowerBound), "maxzoom": .integer(zooms.upperBound),
            "bounds": box.map { .numbers([$0.minX, $0.minY, $0.maxX, $0.maxY]) },
            "center": centre.map { .numbers([$0.x, $0.y, Double(centreZoom)]) },
            "vector_layers": vectorLayers.map { .array($0.map(Self.json(of:))) },
        ]
        return document.appending(members)
    }

    private static func json(of layer: VectorLayer) -> JSONDocument {
        [
            "id": .string(layer.id), "description": layer.description.map { .string($0) },
            "minzoom": layer.minimumZoom.map { .integer($0) }, "maxzoom": layer.maximumZoom.map { .integer($0) },
            "fields": .object(layer.fields.map { JSONDocument.Member(name: $0.name, value: .string($0.description)) }),
        ]
    }
}
