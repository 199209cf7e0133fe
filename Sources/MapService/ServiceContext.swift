public import Logging
public import TileProduction

/// What every route needs: the maps, the tiles, the counters.
public struct ServiceContext: Sendable {
    public let installation: Installation
    public let library: MapLibrary
    public let tiles: TileService
    public let metrics: Metrics
    public let settings: ServiceSettings
    public let logger: Logger
    /// What is said of tiles to caches between.
    let caching: CachingRules.Fields

    public init(
        installation: Installation, library: MapLibrary, tiles: TileService, metrics: Metrics,
        settings: ServiceSettings, logger: Logger
    ) {
        self.installation = installation
        self.library = library
        self.tiles = tiles
        self.metrics = metrics
        self.settings = settings
        self.logger = logger
        caching = settings.caching.fields()
    }
}
