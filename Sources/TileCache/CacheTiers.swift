/// The tiers of one cache under one journal: what is marked is marked in all of them.
public struct CacheTiers: Sendable {
    public let memory: MemoryTier
    /// `nil` where tiles are kept in memory alone.
    public let store: TileStore?

    /// - Parameter store: under the same journal as `memory`.
    public init(memory: MemoryTier, store: TileStore? = nil) {
        precondition(store.map { $0.journal === memory.journal } ?? true, "tiers of one cache share a journal")
        self.memory = memory
        self.store = store
    }

    /// To be taken before the data that a tile is made of, and handed over with the tile.
    public var generation: CacheGeneration { memory.generation }

    /// Keeps a tile unless a change has touched it since `generation`; never waits.
    public func store(_ tile: EncodedTile, for key: TileKey, generation: CacheGeneration) {
        memory.store(tile, for: key, generation: generation)
        store?.store(tile, for: key, generation: generation)
    }

    /// From here on no tile among `dirty` is given as fresh, nor is one that was begun before.
    ///
    /// To be called after the changed data are what new tiles are made of. Returns once the store has written it down with
    /// `notes`, in one transaction; nobody who asks for a tile waits for that.
    ///
    /// - Returns: the generation of tiles begun from now on.
    @discardableResult
    public func markStale(_ dirty: [DirtyTiles], notes: [String: String] = [:]) async -> CacheGeneration {
        let generation = memory.markStale(dirty)
        await store?.apply(.tiles(dirty), notes: notes, generation: generation)
        return generation
    }

    /// Removes every tile of a map, in the same manner.
    @discardableResult
    public func removeAll(map: String, notes: [String: String] = [:]) async -> CacheGeneration {
        let generation = memory.removeAll(map: map)
        await store?.apply(.map(map), notes: notes, generation: generation)
        return generation
    }

    /// What was said of the store under this name with the latest change; of a store that was closed since, by its file.
    public func note(for name: String) -> String? { store?.note(for: name) }
}
