import TileCache
import Tiling

/// The names that one tile has in a cache in front of the service, and by which it is purged, from the narrowest to the widest.
struct SurrogateKeys {
    /// Tiles along the side of the squares that have one name.
    static let squareSide = 16

    private let map: String
    private let kind: DirtyTiles.Kind

    init(map: String, kind: DirtyTiles.Kind) {
        self.map = map
        self.kind = kind
    }

    /// Everything of the map.
    var ofMap: String { map }

    /// All its pictures, or all its vector tiles.
    var ofKind: String { "\(map)/\(kind.rawValue)" }

    func level(_ set: String, _ level: Int) -> String { "\(ofKind)/\(set)/\(level)" }

    /// Of the square of tiles that `squareRow` and `squareColumn` count.
    func square(_ set: String, _ level: Int, row squareRow: Int, column squareColumn: Int) -> String {
        "\(self.level(set, level))/square/\(squareRow)/\(squareColumn)"
    }

    /// Of one tile, whatever it is encoded as.
    func tile(_ set: String, _ address: TileAddress) -> String {
        "\(level(set, address.level))/\(address.row)/\(address.column)"
    }

    /// All names of one tile.
    func all(_ set: String, _ address: TileAddress) -> [String] {
        [
            tile(set, address),
            square(set, address.level, row: address.row / Self.squareSide, column: address.column / Self.squareSide),
            level(set, address.level), ofKind, ofMap,
        ]
    }
}
