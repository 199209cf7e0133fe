/// The tiers of one cache: what is kept is kept in all of them.
public struct CacheTiers: Sendable {
    public let memory: MemoryTier
    /// `nil` where tiles are kept in memory alone.
    public let store: TileStore?

    public init(memory: MemoryTier, store: TileStore? = nil) {
        self.memory = memory
        self.store = store
    }

    /// Keeps a tile; never waits.
    public func store(_ tile: EncodedTile, for key: TileKey) {
        memory.store(tile, for: key)
        store?.store(tile, for: key)
    }
}
