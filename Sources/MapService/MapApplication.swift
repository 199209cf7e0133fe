public import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import TileCache
import TileProduction
import Tiling

/// The HTTP service: its router and what runs beside it.
public struct MapApplication: Sendable {
    /// What the header `Server` says.
    static let serverName = "workmap"

    private let context: ServiceContext
    private let desks: FeatureDesks
    private let jobs: JobDesk
    private let purge: PurgeDesk
    private let versions: VersionDesk
    private let history: HistoricTiles
    private let pictures: PictureDesk
    private let prints: PrintService
    private let legends = LegendShelf()
    private let scratch: ExportScratchRoom

    /// - Throws: when GEOS gives no context.
    public init(_ context: ServiceContext) throws {
        self.context = context
        desks = try FeatureDesks(context.installation, count: context.settings.workers)
        versions = VersionDesk(installation: context.installation)
        history = HistoricTiles(library: context.library)
        pictures = PictureDesk(
            pictures: PictureService(
                tiles: context.tiles, workers: context.settings.workers, queueLimit: context.settings.pictureQueueLimit,
                capacity: context.settings.pictureCacheBytes), history: history)
        scratch = ExportScratchRoom(directory: context.installation.directory.exportDirectory)
        prints = PrintService(
            library: context.library, installation: context.installation, queueLimit: context.settings.printQueueLimit)
        jobs = JobDesk(
            installation: context.installation, library: context.library, tiles: context.tiles, logger: context.logger)
        purge = PurgeDesk(settings: context.settings.purge, logger: context.logger)
    }

    /// Serves until SIGTERM or SIGINT; requests under way are finished first.
    public func run() async throws {
        try await application().runService()
    }

    /// The service with its socket, for whoever runs it in a group of their own.
    ///
    /// - Parameter onListening: told the port once connections are taken; the operating system chooses one for port 0.
    public func application(
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        var application = Self.application(
            router: router(), fastTiles: Self.fastTiles(context), settings: context.settings, logger: context.logger,
            onListening: onListening)
        application.addServices(
            Follower(library: context.library, desks: desks, logger: context.logger), ArchiveFollower(shelf: context.archives),
            JobService(desk: jobs, library: context.library, logger: context.logger))
        if purge.isNeeded {
            application.addServices(PurgeService(desk: purge, shelf: context.archives, tiles: context.tiles))
        }
        return application
    }

    /// Any router with its socket, tiles in memory answered before it.
    static func application(
        router: Router<ServiceRequestContext>, fastTiles: @escaping @Sendable () -> FastTileHandler, settings: ServiceSettings,
        logger: Logger, onListening: @escaping @Sendable (Int) async -> Void
    ) -> Application<RouterResponder<ServiceRequestContext>> {
        Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [fastTiles(), PatienceHandler(logger: logger)], idleTimeout: .seconds(75))),
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), serverName: serverName, backlog: 1024),
            onServerRunning: { channel in
                logger.info("listening", metadata: ["address": "\(channel.localAddress?.description ?? "?")"])
                await onListening(channel.localAddress?.port ?? settings.port)
            }, logger: logger)
    }

    /// The router alone, for tests without a socket.
    public func router() -> Router<ServiceRequestContext> {
        let router = Router(context: ServiceRequestContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: PreflightMiddleware())
        router.add(middleware: AnsweringMiddleware(metrics: context.metrics))
        router.add(middleware: AddressMiddleware(context.settings))
        OperationRoutes(service: context, purge: purge).add(to: router)
        CommonRoutes(service: context).add(to: router)
        CollectionRoutes(service: context).add(to: router)
        let features = FeatureRoutes(service: context, desks: desks, scratch: scratch)
        features.add(to: router)
        ExportRoutes(features: features).add(to: router)
        VersionRoutes(service: context, desk: versions).add(to: router)
        SearchRoutes(service: context, desks: desks).add(to: router)
        TileRoutes(service: context, history: history, pictures: pictures).add(to: router)
        TilesetRoutes(service: context, history: history, pictures: pictures).add(to: router)
        TMSRoutes(service: context, desks: desks).add(to: router)
        ChangeRoutes(service: context).add(to: router)
        ArchiveRoutes(shelf: context.archives, settings: context.settings).add(to: router)
        let styles = StyleRoutes(service: context)
        styles.add(to: router)
        ArcGISRoutes(
            service: context, maps: EsriMaps(service: context, desks: desks), symbols: EsriSymbols(service: context, shelf: legends), styles: styles
        ).add(to: router)
        StyleDocumentRoutes(service: context).add(to: router)
        LegendRoutes(service: context, shelf: legends).add(to: router)
        WMTSRoutes(service: context, desks: desks).add(to: router)
        WMSRoutes(service: context, pictures: pictures, desks: desks, legends: legends).add(to: router)
        ArcGISQueryRoutes(service: context, desks: desks).add(to: router)
        ArcGISPictureRoutes(service: context, pictures: pictures, desks: desks).add(to: router)
        MapRoutes(service: context, pictures: pictures, desks: desks).add(to: router)
        StaticMapRoutes(service: context, pictures: pictures, desks: desks).add(to: router)
        PrintRoutes(prints: prints).add(to: router)
        JobRoutes(desk: jobs, gate: AdminGate(token: context.settings.adminToken)).add(to: router)
        PortalRoutes(service: context).add(to: router)
        return router
    }

    private static func fastTiles(_ context: ServiceContext) -> @Sendable () -> FastTileHandler {
        let (tiles, archives, library) = (context.tiles, context.archives, context.library)
        let metrics = context.metrics
        let caching = context.settings.caching
        return {
            FastTileHandler(metrics: metrics, caching: caching) { path in
                guard library.state.maps[path.map] != nil else { return archives.cached(path) }
                return tiles.cached(TileService.Request(path))
            }
        }
    }
}

/// Keeps the library in step with its registry while the service runs.
struct Follower: Service, CustomStringConvertible {
    let library: MapLibrary
    let desks: FeatureDesks
    let logger: Logger

    /// What the log of the service group calls it: never its contents.
    var description: String { "Follower" }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            async let prepared: Void = prepareDesks()
            let (styles, registry) = (StyleLog(logger: logger), RegistryLog(logger: logger))
            styles.tell(library.state.styleFailures)
            registry.tell(library.state)
            await library.follow(every: .milliseconds(100)) { state in
                styles.tell(state.styleFailures)
                registry.tell(state)
            } onFailure: { error in
                registry.tell(error)
            }
            await prepared
        }
    }

    /// A layer whose CRS cannot be carried says so again to whoever asks for it.
    private func prepareDesks() async {
        do {
            try await desks.prepare(for: library.state.layersInOrder)
        } catch {
            logger.error("queries cannot be prepared", metadata: ["error": "\(error)"])
        }
    }
}
