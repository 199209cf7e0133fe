public import SimpleFeatures

/// A tile matrix set (OGC 17-083r4): a ladder of grids over one CRS.
///
/// Internally east comes first: `pointOfOrigin` is the top left corner as x, y whatever the CRS's own order is.
public struct TileMatrixSet: Hashable, Sendable {
    /// The identifier used in URLs and files, such as `w` or `c`.
    public var id: String
    public var title: String
    /// The registered definition, when there is one.
    public var uri: String?
    /// The CRS that the grid is drawn in, such as `EPSG:3857`.
    public var crs: String
    /// Whether documents give this CRS's ordinates north (or latitude) first.
    public var isNorthFirst: Bool
    /// Metres per CRS unit: 1 for projected CRSs in metres, 111319.49079327358 for degrees on the GRS 80 and
    /// WGS 84 semi-major axis.
    public var metresPerUnit: Double
    /// From coarse to fine; `level` ascends by one.
    public var matrices: [TileMatrix]
    /// The axes' names as the set's document lists them; empty when it lists none.
    public var orderedAxes: [String] = []
    /// The registered scale ladder that the set follows, when there is one.
    public var wellKnownScaleSet: String?
    /// What people should know about the set, when its document says it.
    public var summary: String?

    public init(
        id: String, title: String, uri: String? = nil, crs: String, isNorthFirst: Bool, metresPerUnit: Double,
        matrices: [TileMatrix]
    ) {
        self.id = id
        self.title = title
        self.uri = uri
        self.crs = crs
        self.isNorthFirst = isNorthFirst
        self.metresPerUnit = metresPerUnit
        self.matrices = matrices
    }

    /// The matrix with this identifier, compared exactly.
    public func matrix(id: String) -> TileMatrix? {
        matrices.first { $0.id == id }
    }

    /// The matrix of one level, or `nil` where the set has none.
    public func matrix(level: Int) -> TileMatrix? {
        guard let first = matrices.first, level >= first.level, level < first.level + matrices.count else { return nil }
        return matrices[level - first.level]
    }
}

/// One grid of tiles of a tile matrix set.
public struct TileMatrix: Hashable, Sendable {
    /// The identifier in documents and requests, such as `12`.
    public var id: String
    /// The place of the matrix in its set, counted as the identifiers count.
    public var level: Int
    /// CRS units a pixel.
    public var cellSize: Double
    /// The top left corner of row 0, column 0; x, y.
    public var pointOfOrigin: Coordinate
    /// Pixels a tile is wide, and high.
    public var tileSize: Int
    /// Columns.
    public var matrixWidth: Int
    /// Rows.
    public var matrixHeight: Int
    /// As the set's document states it: cell size in metres / 0.28 mm.
    public var scaleDenominator: Double
    /// Rows of merged tiles; empty for a grid whose tiles are all alike.
    public var variableMatrixWidths: [VariableMatrixWidth] = []
    /// From which corner the set's document counts rows; `TileAddress` counts from the top in any case.
    public var cornerOfOrigin = CornerOfOrigin.topLeft

    public init(
        id: String, level: Int, cellSize: Double, pointOfOrigin: Coordinate, tileSize: Int, matrixWidth: Int,
        matrixHeight: Int, scaleDenominator: Double
    ) {
        self.id = id
        self.level = level
        self.cellSize = cellSize
        self.pointOfOrigin = pointOfOrigin
        self.tileSize = tileSize
        self.matrixWidth = matrixWidth
        self.matrixHeight = matrixHeight
        self.scaleDenominator = scaleDenominator
    }

    /// The width and height of one tile in CRS units.
    @inlinable
    public var tileSpan: Double { cellSize * Double(tileSize) }
}
