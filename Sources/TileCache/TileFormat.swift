/// What a tile is encoded as.
public enum TileFormat: Hashable, Sendable {
    /// Mapbox Vector Tile 2.1.
    case mvt
    /// PNG with `ratio` physical pixels a logical pixel: 1 or 2.
    case png(ratio: Int)

    public var mediaType: String {
        switch self {
        case .mvt: "application/vnd.mapbox-vector-tile"
        case .png: "image/png"
        }
    }
}
