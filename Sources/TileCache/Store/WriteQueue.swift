import Synchronization

/// Tiles that are to be written, in the order in which they came.
final class WriteQueue: Sendable {
    struct PendingTile: Sendable {
        var key: TileKey
        var tile: EncodedTile
    }

    enum Reception {
        case taken(isFirst: Bool)
        case full
    }

    private struct Contents {
        var tiles: [PendingTile] = []
        var start = 0
        var bytes = 0
        var isWatched = false
    }

    private let contents = Mutex(Contents())
    private let byteLimit: Int
    private let countLimit: Int

    init(byteLimit: Int, countLimit: Int) {
        self.byteLimit = byteLimit
        self.countLimit = countLimit
    }

    /// Takes a tile unless there is no room; never waits.
    func add(_ tile: PendingTile) -> Reception {
        contents.withLock { contents in
            let cost = tile.tile.cost
            guard contents.bytes + cost <= byteLimit, contents.tiles.count - contents.start < countLimit else { return .full }
            contents.bytes += cost
            contents.tiles.append(tile)
            defer { contents.isWatched = true }
            return .taken(isFirst: !contents.isWatched)
        }
    }

    /// The next tiles, about `bytes` of them; none when there is nothing left, after which the next tile is a first one.
    func take(bytes: Int, count: Int) -> [PendingTile] {
        contents.withLock { contents in
            var (end, taken) = (contents.start, 0)
            while end < contents.tiles.count, end - contents.start < count, taken < bytes {
                taken += contents.tiles[end].tile.cost
                end += 1
            }
            let tiles = Array(contents.tiles[contents.start..<end])
            contents.bytes -= taken
            contents.start = end
            if end == contents.tiles.count {
                contents.tiles.removeAll(keepingCapacity: true)
                contents.start = 0
            }
            if tiles.isEmpty { contents.isWatched = false }
            return tiles
        }
    }
}
