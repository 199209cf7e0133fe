import Synchronization

/// What is to be written, in the order in which it came: a tile that was handed over before a change is written before it,
/// and so marked by it.
final class WriteQueue: Sendable {
    struct PendingTile: Sendable {
        var key: TileKey
        var tile: EncodedTile
    }

    /// A change, to be written together with what it says of the store.
    struct PendingMark: Sendable {
        enum Extent: Sendable {
            case tiles([DirtyTiles])
            /// All of a map is removed; of every map for `nil`.
            case map(String?)
            /// Everything is stale.
            case everything
        }

        var extent: Extent
        var notes: [String: String]
        var generation: CacheGeneration
    }

    enum Item: Sendable {
        case tile(PendingTile)
        case mark(PendingMark)
    }

    enum Reception {
        case taken(isFirst: Bool)
        case full
        case outdated
    }

    private struct Contents {
        var items: [Item] = []
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

    /// Takes a tile unless there is no room, or a change has touched it since `generation`; never waits.
    func add(_ tile: PendingTile, begun generation: CacheGeneration, journal: DirtyJournal) -> Reception {
        contents.withLock { contents in
            // Under the lock: a change after this look is written after the tile.
            if journal.isOutdated(tile.key, since: generation) { return .outdated }
            let cost = tile.tile.cost
            guard contents.bytes + cost <= byteLimit, contents.items.count - contents.start < countLimit else { return .full }
            contents.bytes += cost
            contents.items.append(.tile(tile))
            defer { contents.isWatched = true }
            return .taken(isFirst: !contents.isWatched)
        }
    }

    /// A change always finds room.
    func add(_ mark: PendingMark) {
        contents.withLock { $0.items.append(.mark(mark)) }
    }

    /// The next items, about `bytes` of them; none when there is nothing left, after which the next tile is a first one.
    func take(bytes: Int, count: Int) -> [Item] {
        contents.withLock { contents in
            var (end, taken) = (contents.start, 0)
            while end < contents.items.count, end - contents.start < count, taken < bytes {
                if case .tile(let tile) = contents.items[end] { taken += tile.tile.cost }
                end += 1
            }
            let items = Array(contents.items[contents.start..<end])
            contents.bytes -= taken
            contents.start = end
            if end == contents.items.count {
                contents.items.removeAll(keepingCapacity: true)
                contents.start = 0
            }
            if items.isEmpty { contents.isWatched = false }
            return items
        }
    }
}
