import Synchronization

/// Encoded tiles in memory, bounded in bytes; those leave that are asked for least.
///
/// Safe from any thread and never waits for more than a dictionary look-up, so event loops may ask it directly.
public final class MemoryTier: Sendable {
    private let state: Mutex<AdmittedTiles>
    /// Bytes it may hold.
    public let capacity: Int

    /// - Parameter capacity: bytes.
    public init(capacity: Int) {
        precondition(capacity >= 0, "a cache cannot hold less than nothing")
        self.capacity = capacity
        state = Mutex(AdmittedTiles(capacity: capacity))
    }

    /// The tile, if this version of it is here; counts as a use.
    public func tile(for key: TileKey) -> EncodedTile? {
        state.withLock { $0.use(key) }
    }

    /// The tile in whatever version is here, as before a change of its data or style; no use.
    public func staleTile(for key: TileKey) -> EncodedTile? {
        state.withLock { $0.old(key) }
    }

    /// Whether a version of the tile is here; no use.
    public func contains(_ key: TileKey) -> Bool {
        state.withLock { $0.contains(key) }
    }

    /// Keeps the tile in place of its other versions, dropping others until the budget holds; a tile larger than an eighth of it
    /// is not kept.
    public func store(_ tile: EncodedTile, for key: TileKey) {
        guard tile.cost <= capacity / AdmittedTiles.entranceShare, !tile.isPassing else { return }
        state.withLock { $0.insert(tile, for: key) }
    }

    public var statistics: MemoryTierStatistics { state.withLock { $0.statistics } }
}

/// What a memory tier holds and how it fares.
public struct MemoryTierStatistics: Sendable, Equatable {
    public var tiles = 0
    public var bytes = 0
    public var hits = 0
    public var misses = 0
    /// Tiles that made room for others.
    public var evictions = 0
    /// Newcomers that were asked for less than what they would have replaced.
    public var turnedAway = 0

    public init() {}
}
