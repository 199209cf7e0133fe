public import SimpleFeatures
public import Tiling

/// What an archive says about itself.
public struct ImageryMetadata: Hashable, Sendable, Codable {
    /// One matrix set with tiles.
    public struct MatrixSet: Hashable, Sendable, Codable {
        public var id: String
        public var firstLevel: Int
        /// The finest: beyond it tiles are enlarged.
        public var lastLevel: Int
        /// Of the last level: origin x and y, cell size. A set that was redefined since is another.
        var grid: [Double]

        init(_ plan: PyramidPlan) {
            id = plan.target.set.id
            firstLevel = plan.firstLevel
            lastLevel = plan.nativeLevel
            grid = Self.grid(of: plan.target.set, level: plan.nativeLevel)
        }

        static func grid(of set: TileMatrixSet, level: Int) -> [Double] {
            guard let matrix = set.matrix(level: level) else { return [] }
            return [matrix.pointOfOrigin.x, matrix.pointOfOrigin.y, matrix.cellSize]
        }

        /// Whether the archive's tiles are those of this set as it is now.
        public func isOf(_ set: TileMatrixSet) -> Bool { id == set.id && grid == Self.grid(of: set, level: lastLevel) }
    }

    public var sets: [MatrixSet]
    /// Longitude and latitude: west, south, east, north.
    private var bounds: [Double]
    public var sheets: Int
    public var tiles: Int

    init(sets: [MatrixSet], envelope: Envelope, sheets: Int, tiles: Int) {
        self.sets = sets
        self.sheets = sheets
        self.tiles = tiles
        bounds = [envelope.minX, envelope.minY, envelope.maxX, envelope.maxY]
    }

    /// Of all sheets, CGCS2000 longitude and latitude.
    public var envelope: Envelope {
        bounds.count == 4 ? Envelope(minX: bounds[0], minY: bounds[1], maxX: bounds[2], maxY: bounds[3]) : .empty
    }
}
