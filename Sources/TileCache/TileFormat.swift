/// What a tile is encoded as; `ratio` is physical pixels a logical pixel: 1 or 2.
public enum TileFormat: Hashable, Sendable {
    /// Mapbox Vector Tile 2.1.
    case mvt
    case png(ratio: Int)
    case jpeg(ratio: Int)
    case webp(ratio: Int)
    /// Whichever suits each tile: JPEG where it is opaque, PNG where something shows through. Only ever asked for; a
    /// finished tile is one or the other.
    case mixed(ratio: Int)

    public var mediaType: String {
        switch self {
        case .mvt: "application/vnd.mapbox-vector-tile"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .webp: "image/webp"
        case .mixed: "image/vnd.jpeg-png"
        }
    }

    /// `nil` for vector tiles, which have no pixels.
    public var ratio: Int? {
        switch self {
        case .mvt: nil
        case .png(let ratio), .jpeg(let ratio), .webp(let ratio), .mixed(let ratio): ratio
        }
    }
}
