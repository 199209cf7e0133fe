import Tiling

/// What one change makes stale, ready to be asked about single tiles.
struct StaleMark: Sendable {
    /// A rectangle of one ladder is looked for among those of this ladder alone.
    private struct Ladder: Hashable {
        var map: String
        var matrixSet: String
        var level: Int
        var kind: DirtyTiles.Kind
    }

    private struct Rectangle {
        var rows: Range<Int>
        var columns: Range<Int>
    }

    private let rectangles: [Ladder: [Rectangle]]
    /// Maps of which no tile is left.
    private let maps: Set<String>
    private let isOfEverything: Bool
    /// What it holds on to, for bounds.
    let blockCount: Int

    init(_ dirty: [DirtyTiles]) {
        var rectangles: [Ladder: [Rectangle]] = [:]
        for tiles in dirty {
            for block in tiles.blocks {
                let ladder = Ladder(map: tiles.map, matrixSet: block.matrixSet, level: block.level, kind: block.kind)
                rectangles[ladder, default: []].append(Rectangle(rows: block.rows, columns: block.columns))
            }
        }
        self.rectangles = rectangles
        maps = []
        isOfEverything = false
        blockCount = dirty.reduce(0) { $0 + $1.blocks.count }
    }

    /// All tiles of a map, or of every map for `nil`.
    init(map: String?) {
        rectangles = [:]
        maps = map.map { [$0] } ?? []
        isOfEverything = map == nil
        blockCount = 1
    }

    func contains(_ key: TileKey) -> Bool {
        if isOfEverything || maps.contains(key.map) { return true }
        let address = key.address
        let ladder = Ladder(map: key.map, matrixSet: key.matrixSet, level: address.level, kind: .init(key.format))
        return rectangles[ladder]?.contains {
            $0.columns.contains(address.column) && $0.rows.contains(address.row)
        } ?? false
    }
}
