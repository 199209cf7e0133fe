import Synchronization

/// Encoded tiles in memory, bounded in bytes; those leave that are asked for least.
///
/// Safe from any thread and never waits for more than a dictionary look-up, so event loops may ask it directly.
public final class MemoryTier: Sendable {
    private let state: Mutex<AdmittedTiles>
    /// Bytes it may hold.
    public let capacity: Int
    public let journal: DirtyJournal

    /// - Parameters:
    ///   - capacity: bytes.
    ///   - journal: shared with the other tiers of the same cache.
    public init(capacity: Int, journal: DirtyJournal = DirtyJournal()) {
        precondition(capacity >= 0, "a cache cannot hold less than nothing")
        self.capacity = capacity
        self.journal = journal
        state = Mutex(AdmittedTiles(capacity: capacity, journal: journal))
    }

    /// To be taken before the data that a tile is made of, and handed over with the tile.
    public var generation: CacheGeneration { journal.generation }

    /// The tile, if it is here and no change has touched it; counts as a use.
    public func tile(for key: TileKey) -> EncodedTile? {
        state.withLock { $0.use(key) }
    }

    /// The tile as it was before a change of its data or style, or as it is; no use.
    public func staleTile(for key: TileKey) -> EncodedTile? {
        state.withLock { $0.old(key) }
    }

    /// Whether a version of the tile is here; no use.
    public func contains(_ key: TileKey) -> Bool {
        state.withLock { $0.contains(key) }
    }

    /// Keeps the tile, dropping others until the budget holds; a tile larger than an eighth of it is not kept.
    ///
    /// - Parameter generation: as it was before the tile was begun. A tile that a change has touched since is refused.
    /// - Returns: whether it is kept for now.
    @discardableResult
    public func store(_ tile: EncodedTile, for key: TileKey, generation: CacheGeneration) -> Bool {
        guard tile.cost <= capacity / AdmittedTiles.entranceShare, !tile.isPassing else { return false }
        return state.withLock { $0.insert(tile, for: key, begun: generation) }
    }

    /// Keeps a tile that has just been made of the data as they are now.
    public func store(_ tile: EncodedTile, for key: TileKey) {
        store(tile, for: key, generation: generation)
    }

    /// From here on no tile among `dirty` that is here, or was begun before, is given as fresh.
    ///
    /// - Returns: the generation of tiles begun from now on.
    @discardableResult
    public func markStale(_ dirty: [DirtyTiles]) -> CacheGeneration {
        let generation = journal.add(StaleMark(dirty))
        settle()
        return generation
    }

    /// Drops every tile of a map; those begun before are refused.
    ///
    /// - Returns: the generation of tiles begun from now on.
    @discardableResult
    public func removeAll(map: String) -> CacheGeneration {
        let generation = journal.add(StaleMark(map: map))
        removeAll { $0.map == map }
        return generation
    }

    /// Drops every tile that `isUnwanted` names.
    public func removeAll(where isUnwanted: (TileKey) -> Bool) {
        state.withLock { $0.removeAll(where: isUnwanted) }
    }

    /// Looks all tiles over for what the journal has marked, a few at a time, so that nobody waits for it.
    ///
    /// A tile asked for before its turn is looked over then.
    func settle() {
        var start = 0
        while state.withLock({ tiles in
            tiles.check(start..<start + Self.settledAtOnce)
            return start + Self.settledAtOnce < tiles.slotCount
        }) { start += Self.settledAtOnce }
    }

    private static let settledAtOnce = 512

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
    /// Tiles that a change had touched while they were made.
    public var refused = 0

    public init() {}
}
