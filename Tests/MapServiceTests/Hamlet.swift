import DemoCity
import FeatureStore
import Foundation
import Logging
import TestSupport
import TileCache
import TileProduction
import Tiling

@testable import MapService

/// A hamlet of the demo city, made and imported once for every suite of this process, with a service over it.
enum Hamlet {
    static let service = Task { try await make() }

    /// Somewhere in its middle: longitude and latitude.
    static let centre = (longitude: 113.6845, latitude: 22.9940)

    /// A client of the router, without a socket.
    static func client() async throws -> RouterClient {
        try RouterClient(await service.value)
    }

    /// A service of its own over the same data, so that its counters count nothing else.
    static func freshService(archives: ArchiveShelf? = nil) async throws -> ServiceContext {
        let shared = try await service.value
        return context(shared.installation, shared.library, archives: archives)
    }

    static func context(
        _ installation: Installation, _ library: MapLibrary, queueLimit: Int = 256, metatile: Int? = nil, archives: ArchiveShelf? = nil,
        memory: MemoryTier = MemoryTier(capacity: 64 << 20), store: TileStore? = nil, change: (inout ServiceSettings) -> Void = { _ in }
    ) -> ServiceContext {
        var settings = ServiceSettings()
        settings.port = 0
        settings.publicURL = "https://map.example"
        change(&settings)
        let tiles = TileService(
            library: library, cache: memory, store: store, workers: 2, queueLimit: queueLimit,
            metatile: metatile ?? settings.metatile,
            // On a busy machine the new tile may take its time; what is given when it does is a test of its own.
            patience: .seconds(600))
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return ServiceContext(
            installation: installation, library: library, tiles: tiles, metrics: Metrics(), settings: settings, logger: logger,
            archives: archives)
    }

    /// How many features the file that the layer was imported from holds, counted in the file.
    static func generatedCount(of layer: String) async throws -> Int {
        let directory = try await service.value.installation.directory.path + "/demo"
        let manifest = try JSONDecoder().decode(DemoManifest.self, from: Data(contentsOf: URL(filePath: directory + "/manifest.json")))
        var count = 0
        for source in manifest.sources where source.layer == layer {
            for reader in try FeatureFile.open(path: "\(directory)/\(source.file)", options: ReaderOptions(layer: source.sourceLayer)) {
                while try reader.next() != nil { count += 1 }
            }
        }
        return count
    }

    private static func make() async throws -> ServiceContext {
        let installation = try Installation(data: ScratchDirectory.make("hamlet"), share: repository)
        let directory = installation.directory.path + "/demo"
        let manifest = try DemoCity.generate(
            scale: .hamlet, seed: 441_900, tables: installation.share.tiles + "/demo", into: directory,
            policy: installation.policy)
        for source in manifest.sources {
            var request = LayerImportRequest(
                layer: source.layer, files: ["\(directory)/\(source.file)"],
                readerOptions: ReaderOptions(layer: source.sourceLayer))
            request.title = source.title
            request.crs = source.crs
            _ = try await installation.importLayer(request)
        }
        let library = try installation.library()
        try await library.prepareAll()
        return context(installation, library)
    }

    static let repository = Repository.path

    /// The matrix sets that ship with the program.
    static func sets() throws -> TileMatrixSetRegistry { try TileMatrixSetRegistry(directory: repository + "/Tiles/matrix-sets") }
}
