import TileCache
import TileProduction
import Wording

extension SeedCommand {
    /// The store that `serve` answers from, behind a service that follows the data as that of `serve` does, so that the keys of its
    /// tiles are those of a server that is started later.
    ///
    /// - Throws: `TileStoreError`.
    func storeService(_ opened: Installation, _ library: MapLibrary, _ labels: LabelFiles) async throws -> TileService {
        let settings = TileStore.Settings(quota: storeQuota << 20, maker: opened.tileMaker(metatile: side))
        let store = try await TileStore(
            directory: opened.directory.tileDirectory, settings: settings, report: { Self.say($0.message.both) })
        return TileService(
            library: library, cache: MemoryTier(capacity: 0), store: store, workers: 1, queueLimit: 1, metatile: side, labels: labels,
            versions: opened.versionFiles(metatile: side))
    }
}
