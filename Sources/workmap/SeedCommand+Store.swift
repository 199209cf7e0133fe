import FoundationEssentials
import Glibc
import TileCache
import TileProduction
import Wording

extension SeedCommand {
    /// The store that `serve` answers from, behind a service that follows the data as that of `serve` does, so that the keys of its
    /// tiles are those of a server that is started later.
    ///
    /// - Throws: `TileStoreError`.
    func storeService(_ opened: Installation, _ library: MapLibrary, _ labels: LabelFiles) async throws -> TileService {
        let settings = TileStore.Settings(quota: try quota(of: opened.directory.tileDirectory), maker: opened.tileMaker(metatile: side))
        let store = try await TileStore(
            directory: opened.directory.tileDirectory, settings: settings, report: { Self.say($0.message.both) })
        return TileService(
            library: library, cache: MemoryTier(capacity: 0), store: store, workers: 1, queueLimit: 1, metatile: side, labels: labels,
            versions: opened.versionFiles(metatile: side))
    }

    private static let usualQuota = 4096 << 20

    /// Bytes. What an operator does not name is never less than what is there: opening a store evicts what is beyond its quota.
    private func quota(of directory: String) throws -> Int {
        if let storeQuota { return storeQuota << 20 }
        guard FileManager.default.fileExists(atPath: directory) else { return Self.usualQuota }
        let sizes = try FileManager.default.contentsOfDirectory(atPath: directory).map { Self.size("\(directory)/\($0)") }
        return max(Self.usualQuota, sizes.reduce(0, +))
    }

    /// 0 for a file that is gone.
    private static func size(_ path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
