import Synchronization

/// Encoded tiles in memory, bounded in bytes; the least recently used leave first.
///
/// Safe from any thread and never waits for more than a dictionary look-up, so event loops may ask it directly.
public final class MemoryTier: Sendable {
    private let state: Mutex<LeastRecentlyUsed>
    /// Bytes it may hold.
    public let capacity: Int

    public init(capacity: Int) {
        precondition(capacity >= 0, "a cache cannot hold less than nothing")
        self.capacity = capacity
        state = Mutex(LeastRecentlyUsed())
    }

    /// The tile, if it is here; counts as a use.
    public func tile(for key: TileKey) -> EncodedTile? {
        state.withLock { $0.use(key) }
    }

    /// Keeps the tile, dropping others until the budget holds; a tile larger than an eighth of it is not kept.
    public func store(_ tile: EncodedTile, for key: TileKey) {
        guard tile.cost <= capacity / 8 else { return }
        state.withLock {
            $0.insert(tile, for: key)
            while $0.bytes > capacity { $0.dropOldest() }
        }
    }

    /// Drops every tile that `isStale` names.
    public func removeAll(where isStale: (TileKey) -> Bool) {
        state.withLock { $0.removeAll(where: isStale) }
    }

    /// Tiles and bytes held, hits and misses so far.
    public var statistics: MemoryTierStatistics {
        state.withLock {
            MemoryTierStatistics(tiles: $0.count, bytes: $0.bytes, hits: $0.hits, misses: $0.misses)
        }
    }
}

/// What a memory tier holds and how it fares.
public struct MemoryTierStatistics: Sendable, Equatable {
    public var tiles: Int
    public var bytes: Int
    public var hits: Int
    public var misses: Int
}
