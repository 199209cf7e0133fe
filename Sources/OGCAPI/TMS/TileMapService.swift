public import SimpleFeatures
public import Tiling
internal import Wording

/// The resources of a tile map service (OSGeo, Tile Map Service Specification 1.0.0), whose rows count upward.
///
/// Levels count from 0 whatever the matrix set calls its first, as the profiles of the specification do.
public struct TileMapService: Hashable, Sendable {
    public static let mediaType = "text/xml"

    /// One map in one matrix set.
    public struct TileMap: Hashable, Sendable {
        /// In addresses.
        public var id: String
        public var title: String
        public var abstract: String?
        public var set: TileMatrixSet
        /// Where there is data, in the set's CRS, east first.
        public var bounds: Envelope
        /// Of the tiles.
        public var mediaType: String
        /// Of a tile's address, without a dot.
        public var ending: String

        public init(id: String, title: String, abstract: String? = nil, set: TileMatrixSet, bounds: Envelope, mediaType: String, ending: String) {
            self.id = id
            self.title = title
            self.abstract = abstract
            self.set = set
            self.bounds = bounds
            self.mediaType = mediaType
            self.ending = ending
        }

        /// The matrices whose rows begin at one southern edge, from coarse to fine: rows that count upward have one origin.
        public var matrices: [TileMatrix] {
            guard let south = set.matrices.last?.envelope.minY else { return [] }
            return set.matrices.filter { abs($0.envelope.minY - south) < $0.cellSize / 2 }
        }

        /// The tile as matrix sets address it; `nil` for a level or tile that there is not.
        ///
        /// - Parameters:
        ///   - level: from 0.
        ///   - x: column from the west.
        ///   - y: row from the south.
        public func address(level: Int, x: Int, y: Int) -> TileAddress? {
            guard matrices.indices.contains(level) else { return nil }
            let matrix = matrices[level]
            let address = TileAddress(level: matrix.level, row: matrix.matrixHeight - 1 - y, column: x)
            return matrix.isInside(address) ? address : nil
        }

        /// As the specification names them; `local` for a set that it does not know.
        fileprivate var profile: String {
            switch self.set.id {
            case "w", "WebMercatorQuad": "global-mercator"
            case "WorldCRS84Quad": "global-geodetic"
            default: "local"
            }
        }

        fileprivate var srs: String { self.set.crs.hasPrefix("OGC:CRS84") ? "EPSG:4326" : self.set.crs }
    }

    public var title: String
    public var abstract: String?
    /// Scheme, host and path without a slash at the end.
    public var baseURL: String
    public var maps: [TileMap]

    public init(title: String, abstract: String? = nil, baseURL: String, maps: [TileMap]) {
        self.title = title
        self.abstract = abstract
        self.baseURL = baseURL
        self.maps = maps
    }

    private var url: String { "\(baseURL)/tms/1.0.0" }

    /// The list of services, which has one.
    public func services() -> [UInt8] {
        XMLText("Services", [], [XMLText("TileMapService", [("title", title), ("version", "1.0.0"), ("href", url + "/")])]).document()
    }

    /// The service with its maps.
    public func xml() -> [UInt8] {
        let maps = maps.map { map in
            XMLText("TileMap", [("title", map.title), ("srs", map.srs), ("profile", map.profile), ("href", "\(url)/\(PercentEncoding.encode(map.id))")])
        }
        return XMLText(
            "TileMapService", [("version", "1.0.0"), ("services", "\(baseURL)/tms/")],
            [XMLText("Title", text: title), XMLText("Abstract", text: abstract ?? title), XMLText("TileMaps", [], maps)]
        ).document()
    }

    /// One map with its levels.
    public func xml(of map: TileMap) -> [UInt8] {
        let address = "\(url)/\(PercentEncoding.encode(map.id))"
        let matrices = map.matrices
        let origin = matrices.last?.envelope
        let tileSize = matrices.first?.tileSize ?? 256
        let sets = matrices.enumerated().map { order, matrix in
            XMLText("TileSet", [("href", "\(address)/\(order)"), ("units-per-pixel", "\(matrix.cellSize)"), ("order", "\(order)")])
        }
        let box = map.bounds
        return XMLText(
            "TileMap", [("version", "1.0.0"), ("tilemapservice", url + "/")],
            [
                XMLText("Title", text: map.title), XMLText("Abstract", text: map.abstract ?? map.title), XMLText("SRS", text: map.srs),
                XMLText("BoundingBox", [("minx", "\(box.minX)"), ("miny", "\(box.minY)"), ("maxx", "\(box.maxX)"), ("maxy", "\(box.maxY)")]),
                XMLText("Origin", [("x", "\(origin?.minX ?? 0)"), ("y", "\(origin?.minY ?? 0)")]),
                XMLText("TileFormat", [("width", "\(tileSize)"), ("height", "\(tileSize)"), ("mime-type", map.mediaType), ("extension", map.ending)]),
                XMLText("TileSets", [("profile", map.profile)], sets),
            ]
        ).document()
    }

    /// What the specification's clients are told where another client gets the problem document.
    public static func error(_ problem: ProblemDocument) -> [UInt8] {
        XMLText("TileMapServerError", [], [XMLText("Message", text: (problem.detail ?? problem.title).both)]).document()
    }
}
