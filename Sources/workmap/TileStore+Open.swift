import Logging
import MapService
import TileCache
import TileProduction

extension TileStore {
    /// The store of an installation beside its tier in memory; `nil` where none is wanted, or none can be had: a server
    /// without one is slower after a restart, and serves.
    static func open(
        for installation: Installation, settings: ServiceSettings, memory: MemoryTier, logger: Logger
    ) async -> TileStore? {
        guard settings.storeBytes > 0 else { return nil }
        do {
            return try await TileStore(
                directory: installation.directory.tileDirectory,
                settings: Settings(quota: settings.storeBytes, maker: installation.tileMaker(metatile: settings.metatile)),
                isInUse: { memory.contains($0) }
            ) { event in
                logger.log(level: event.isFault ? .error : .info, "\(event.message)")
            }
        } catch {
            logger.error("瓦片库不可用，服务不用它继续 / serving without the tile store", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
