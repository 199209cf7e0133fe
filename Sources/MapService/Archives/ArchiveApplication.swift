public import Hummingbird
public import Logging
import NIOPosix
import ServiceLifecycle
public import TileCache
public import Tiling

/// A service of archives alone: no data directory, no registry, nothing is made.
public struct ArchiveApplication: Sendable {
    private let shelf: ArchiveShelf
    private let memory: MemoryTier
    private let settings: ServiceSettings
    private let metrics = Metrics()
    private let logger: Logger
    private let purge: PurgeDesk
    private let sets: TileMatrixSetRegistry

    /// - Parameters:
    ///   - memory: where the shelf keeps tiles.
    ///   - sets: what WMTS says of the grids; Web Mercator is among them.
    public init(
        shelf: ArchiveShelf, memory: MemoryTier, settings: ServiceSettings, sets: TileMatrixSetRegistry, logger: Logger
    ) {
        precondition(sets[TileRoutes.webMercator] != nil, "archives are in Web Mercator")
        self.sets = sets
        self.shelf = shelf
        self.memory = memory
        self.settings = settings
        self.logger = logger
        purge = PurgeDesk(settings: settings.purge, logger: logger)
    }

    /// Serves until SIGTERM or SIGINT.
    public func run() async throws { try await application().runService() }

    /// The service with its socket.
    ///
    /// - Parameter onListening: told the port once connections are taken.
    public func application(
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let (shelf, caching) = (shelf, settings.caching)
        var application = MapApplication.application(
            router: router(), fastTiles: { [metrics] in FastTileHandler(metrics: metrics, caching: caching) { shelf.cached($0) } },
            settings: settings, logger: logger, onListening: onListening)
        application.addServices(ArchiveFollower(shelf: shelf))
        if purge.isNeeded { application.addServices(PurgeService(desk: purge, shelf: shelf, tiles: nil)) }
        return application
    }

    /// The router alone, for tests without a socket.
    func router() -> Router<ServiceRequestContext> {
        let router = Router(context: ServiceRequestContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: PreflightMiddleware(editable: .none))
        router.add(middleware: AnsweringMiddleware(metrics: metrics, editable: .none))
        router.add(middleware: AddressMiddleware(settings))
        let routes = ArchiveRoutes(shelf: shelf, settings: settings)
        routes.add(to: router)
        routes.addTiles(to: router)
        ArchiveWMTS(shelf: shelf, settings: settings, sets: sets).add(to: router)
        router.get("/health/live") { request, _ in Response.json(Array(#"{"status":"live"}"#.utf8), for: request) }
        router.get("/health/ready") { request, _ in
            Response.json(Array(#"{"status":"ready"}"#.utf8), for: request)
        }
        router.get("/metrics") { _, _ in exposition() }
        return router
    }

    private func exposition() -> Response {
        let cache = memory.statistics
        let text = metrics.exposition(readings: [
            .gauge("cache_tiles", "Tiles in memory.", cache.tiles), .gauge("cache_bytes", "Bytes of tiles in memory.", cache.bytes),
            .counter("cache_hits", "Tiles found in memory.", cache.hits),
            .counter("cache_misses", "Tiles not found in memory.", cache.misses),
            .gauge("archives", "Archives served.", shelf.archives.count),
            .gauge("archives_refused", "Archives that cannot be served.", shelf.refusedFiles.count),
        ] + purge.readings)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

/// Keeps the shelf in step with its files while the service runs.
struct ArchiveFollower: Service, CustomStringConvertible {
    let shelf: ArchiveShelf

    var description: String { "ArchiveFollower" }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await NIOThreadPool.singleton.runIfActive { shelf.refresh() }
                    try await Task.sleep(for: .seconds(1))
                } catch {
                    // Both only end early when the service does.
                    return
                }
            }
        }
    }
}
