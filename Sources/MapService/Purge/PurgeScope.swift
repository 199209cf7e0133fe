import TileCache
import Tiling

/// What a purge notice is about, as the names that a cache knows: few, and every tile of the change has one of them.
///
/// Exact as long as the exact names are few; then whole squares, whole levels, whole kinds, so that a large change costs a cache
/// more tiles and the notice no more bytes.
struct PurgeScope {
    /// What one request to a CDN takes (Fastly: 256 keys).
    static let keyLimit = 256
    /// Blocks that a notice names one by one; beyond, those of one level are told as the one around them all.
    static let blockLimit = 500

    /// Blocks of a change, at most `blockLimit` or one for each level, set and kind.
    static func bounded(_ blocks: [DirtyTiles.Block]) -> [DirtyTiles.Block] {
        guard blocks.count > blockLimit else { return blocks }
        struct Place: Hashable {
            let matrixSet: String
            let level: Int
            let kind: DirtyTiles.Kind
        }
        var around: [Place: DirtyTiles.Block] = [:]
        for block in blocks {
            let place = Place(matrixSet: block.matrixSet, level: block.level, kind: block.kind)
            guard var joined = around[place] else {
                around[place] = block
                continue
            }
            joined.rows = min(joined.rows.lowerBound, block.rows.lowerBound)..<max(joined.rows.upperBound, block.rows.upperBound)
            joined.columns =
                min(joined.columns.lowerBound, block.columns.lowerBound)..<max(joined.columns.upperBound, block.columns.upperBound)
            around[place] = joined
        }
        return around.values.sorted { ($0.kind.rawValue, $0.matrixSet, $0.level) < ($1.kind.rawValue, $1.matrixSet, $1.level) }
    }

    /// The names to purge for these tiles of a map.
    static func keys(map: String, blocks: [DirtyTiles.Block]) -> [String] {
        let tiles = blocks.reduce(0) { $0 + $1.count }
        if tiles <= keyLimit { return blocks.flatMap { tileKeys(map, $0) } }
        // Squares at least partly inside; more than can be would be more than the limit too.
        if blocks.reduce(0, { $0 + squareCount($1) }) <= keyLimit { return distinct(blocks.flatMap { squareKeys(map, $0) }) }
        let levels = distinct(blocks.map { SurrogateKeys(map: map, kind: $0.kind).level($0.matrixSet, $0.level) })
        return levels.count <= keyLimit ? levels : distinct(blocks.map { SurrogateKeys(map: map, kind: $0.kind).ofKind })
    }

    private static func tileKeys(_ map: String, _ block: DirtyTiles.Block) -> [String] {
        let keys = SurrogateKeys(map: map, kind: block.kind)
        return block.rows.flatMap { row in
            block.columns.map { keys.tile(block.matrixSet, TileAddress(level: block.level, row: row, column: $0)) }
        }
    }

    private static func squareKeys(_ map: String, _ block: DirtyTiles.Block) -> [String] {
        let keys = SurrogateKeys(map: map, kind: block.kind)
        return squares(block.rows).flatMap { row in
            squares(block.columns).map { keys.square(block.matrixSet, block.level, row: row, column: $0) }
        }
    }

    private static func squareCount(_ block: DirtyTiles.Block) -> Int { squares(block.rows).count * squares(block.columns).count }

    private static func squares(_ range: Range<Int>) -> Range<Int> {
        guard !range.isEmpty else { return 0..<0 }
        return range.lowerBound / SurrogateKeys.squareSide..<(range.upperBound - 1) / SurrogateKeys.squareSide + 1
    }

    /// In the order of their first places.
    private static func distinct(_ keys: [String]) -> [String] {
        var seen: Set<String> = []
        return keys.filter { seen.insert($0).inserted }
    }
}
