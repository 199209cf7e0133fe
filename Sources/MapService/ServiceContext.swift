public import Logging
import TileCache
public import TileProduction

/// What every route needs: the maps, the tiles, the counters.
public struct ServiceContext: Sendable {
    public let installation: Installation
    public let library: MapLibrary
    public let tiles: TileService
    /// Archives that are served beside the maps, which go before where a name is the same.
    public let archives: ArchiveShelf
    public let metrics: Metrics
    public let settings: ServiceSettings
    public let logger: Logger
    /// What is said of tiles to caches between.
    let caching: CachingRules.Fields
    /// What is said of tiles under addresses that purge notices do not name: asked for each time, whatever an operator allows.
    let revalidating = CachingRules().fields()

    public init(
        installation: Installation, library: MapLibrary, tiles: TileService, metrics: Metrics,
        settings: ServiceSettings, logger: Logger, archives: ArchiveShelf? = nil
    ) {
        self.installation = installation
        self.library = library
        self.tiles = tiles
        self.archives = archives ?? ArchiveShelf(memory: MemoryTier(capacity: 0), logger: logger)
        self.metrics = metrics
        self.settings = settings
        self.logger = logger
        caching = settings.caching.fields()
    }
}
