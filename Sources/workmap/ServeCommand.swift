import ArgumentParser
import Foundation
import Logging
import MapService
import Reprojection
import TileCache
import TileProduction
import Tiling

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "启动地图服务 Serve the maps of a data directory, and archives of tiles.",
        discussion: """
            Archives, PMTiles and MBTiles, are served by themselves: those named with --archive, which need no data directory, and \
            every one in the folder archives/ of the data directory, as /tiles/{name}/{z}/{x}/{y}, /tiles/{name}.json, \
            layers of /wmts and /archives/{file}. A file that is replaced is noticed while the service runs.
            """)

    @Option(help: "监听地址 The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "端口 The port.")
    var port = 8080

    @Option(help: "内存瓦片缓存(MB) Megabytes of tiles kept in memory.")
    var cache = 512

    @Option(help: "磁盘瓦片库上限(MB)，0 为不用 Megabytes of tiles kept on disk under DATA/tiles; 0 for none.")
    var storeQuota = 4096

    @Option(help: "代理可直接应答的秒数 Seconds for which a proxy or CDN may answer without asking (s-maxage).")
    var sharedMaxAge = 0

    @Option(help: "其后边用旧瓦片边更新的秒数 Seconds after that in which it may answer with what it has while it asks.")
    var staleWhileRevalidate = 0

    @Option(help: "其后服务不应答时用旧瓦片的秒数 Seconds after that in which it may do so where the service does not answer.")
    var staleIfError = 0

    @Option(help: "制图线程数 Threads that make tiles; one a core by default.")
    var workers: Int?

    @Option(help: "元瓦片边长 Tiles along the side of a raster job.")
    var metatile = 4

    @Option(help: "对外地址 How the world reaches this service, such as https://map.example.gov.cn.")
    var publicURL: String?

    @Option(help: "可信的反向代理 Addresses of reverse proxies whose Forwarded and X-Forwarded-* fields are believed, such as 127.0.0.1,10.0.0.0/8.")
    var trustProxy: String?

    @Option(help: "接受的主机名 Host names under which documents may be asked for, with commas between; any by default.")
    var allowedHosts: String?

    @Option(help: "基础图层每次导出的面积上限(平方公里)，0 为不限 Square kilometres of a base layer that one request may export; 0 for no limit.")
    var exportCap = 25.0

    @Option(help: "门户前端库目录 Where maplibre-gl.js lies; .assets beside the program's data by default.")
    var assets: String?

    @Option(help: "瓦片档案 Archives to serve, with commas between; no --data is needed for them.")
    var archive: String?

    @Option(help: "管理令牌文件 A file with the token that opens /admin to others than this machine; readable by its owner alone.")
    var adminTokenFile: String?

    @Option(help: "可经 HTTP 编辑的图层，以逗号分隔，all 为全部；须有管理令牌 Layers whose features may be changed over HTTP with the admin token, commas between, or all; none by default.")
    var writable: String?

    @Flag(help: "改动要素须带 If-Match Refuse changes over HTTP that do not say which state of the feature they mean (428).")
    var requireIfMatch = false

    @Flag(help: "逐条记录请求 Log every request.")
    var verbose = false

    @OptionGroup var purge: PurgeOptions

    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is 0 to 65535, not \(port)") }
        guard cache >= 0 else { throw ValidationError("--cache is not negative") }
        guard storeQuota == 0 || storeQuota >= 16 else { throw ValidationError("--store-quota is 0 or at least 16, not \(storeQuota)") }
        guard sharedMaxAge >= 0, staleWhileRevalidate >= 0, staleIfError >= 0 else {
            throw ValidationError("--shared-max-age, --stale-while-revalidate and --stale-if-error are not negative")
        }
        guard (1...16).contains(metatile) else { throw ValidationError("--metatile is 1 to 16, not \(metatile)") }
        guard archive != nil || installation.data != nil else {
            throw ValidationError("say what is served: --data DIR, or --archive FILE[,FILE]")
        }
        guard exportCap >= 0, exportCap.isFinite else { throw ValidationError("--export-cap is 0 or more square kilometres, not \(exportCap)") }
        _ = try proxies()
        _ = try editing()
        if let publicURL, !Self.isAddress(publicURL) {
            throw ValidationError("--public-url is written https://HOST[:PORT][/PATH], not \"\(publicURL)\"")
        }
        if let workers, workers < 1 { throw ValidationError("--workers is 1 or more, not \(workers)") }
    }

    func run() async throws {
        var logger = Logger(label: "workmap")
        logger.logLevel = verbose ? .debug : .info
        if installation.data == nil { return try await serveArchives(logger) }
        let installation = try installation.open()
        logger.info("\(installation.policy.statement)")
        let settings = try settings(installation)
        let library = try installation.library()
        let memory = MemoryTier(capacity: settings.cacheBytes)
        let archives = try shelf(folder: installation.directory.path + "/archives", memory, logger)
        let store = await TileStore.open(for: installation, settings: settings, memory: memory, logger: logger)
        let tiles = TileService(
            library: library, cache: memory, store: store, workers: settings.workers,
            queueLimit: settings.queueLimit, metatile: settings.metatile, labels: LabelFiles(directory: installation.directory.labelDirectory),
            versions: store == nil ? nil : installation.versionFiles(metatile: settings.metatile))
        try await library.refresh()
        let context = ServiceContext(
            installation: installation, library: library, tiles: tiles, metrics: Metrics(), settings: settings,
            logger: logger, archives: archives)
        logger.info(
            "serving", metadata: [
                "data": "\(installation.directory.path)", "share": "\(installation.share.path)",
                "workers": "\(settings.workers)", "cacheMB": "\(cache)", "storeMB": "\(store == nil ? 0 : storeQuota)",
                "writable": "\(writable ?? "none")", "maps": "\(library.state.maps.keys.sorted().joined(separator: ","))",
            ])
        try await MapApplication(context).run()
        await tiles.close()
    }

    private static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    }

    /// Nobody opens his data to everybody by leaving something out.
    private func editing() throws -> EditSettings {
        var editing = EditSettings()
        editing.demandsIfMatch = requireIfMatch
        guard let writable else {
            guard !requireIfMatch else { throw ValidationError("--require-if-match says how layers are changed; name them with --writable") }
            return editing
        }
        guard let layers = EditSettings.Layers(writable) else { throw ValidationError("--writable takes ids of layers with commas between, or all") }
        guard adminTokenFile != nil else { throw ValidationError("--writable needs --admin-token-file: whoever changes features sends that token") }
        guard installation.data != nil else { throw ValidationError("--writable is for the layers of a data directory; name it with --data") }
        editing.layers = layers
        return editing
    }

    private func proxies() throws -> [AddressRange] {
        try Self.list(trustProxy).map { text in
            guard let range = AddressRange(text) else {
                throw ValidationError("--trust-proxy takes addresses and ranges such as 127.0.0.1,10.0.0.0/8,::1, not \"\(text)\"")
            }
            return range
        }
    }

    /// Every document would carry what is wrong with it.
    private static func isAddress(_ text: String) -> Bool {
        guard let url = URL(string: text), let scheme = url.scheme, let host = url.host() else { return false }
        return ["http", "https"].contains(scheme) && !host.isEmpty && url.query() == nil && url.fragment() == nil && url.user() == nil
    }

    /// A service of archives alone.
    private func serveArchives(_ logger: Logger) async throws {
        let settings = try settings()
        let memory = MemoryTier(capacity: settings.cacheBytes)
        let shelf = try shelf(folder: nil, memory, logger)
        let sets = try TileMatrixSetRegistry(directory: ShareDirectory(installation.share).tiles + "/matrix-sets")
        try await ArchiveApplication(shelf: shelf, memory: memory, settings: settings, sets: sets, logger: logger).run()
    }

    /// - Throws: where an archive that was named cannot be served.
    private func shelf(folder: String?, _ memory: MemoryTier, _ logger: Logger) throws -> ArchiveShelf {
        let files = archive.map { $0.split(separator: ",").map(String.init) } ?? []
        let shelf = ArchiveShelf(files: files, folder: folder, memory: memory, logger: logger)
        shelf.refresh()
        let refused = shelf.refusedFiles.filter(files.contains)
        guard refused.isEmpty else { throw ValidationError("\(refused.joined(separator: ", ")) cannot be served; the log says why") }
        return shelf
    }

    private func settings(_ installation: Installation) throws -> ServiceSettings {
        var settings = try settings()
        settings.adminToken = try adminTokenFile.map(ProtectedFile.secret)
        let standard = installation.share.path + "/.assets"
        settings.assets = assets ?? (FileManager.default.fileExists(atPath: standard) ? standard : nil)
        return settings
    }

    private func settings() throws -> ServiceSettings {
        var settings = ServiceSettings()
        settings.host = host
        settings.port = port
        settings.cacheBytes = cache << 20
        settings.storeBytes = storeQuota << 20
        settings.caching.sharedMaxAge = sharedMaxAge
        settings.caching.staleWhileRevalidate = staleWhileRevalidate
        settings.caching.staleIfError = staleIfError
        settings.workers = workers ?? ProcessInfo.processInfo.activeProcessorCount
        settings.metatile = metatile
        settings.publicURL = publicURL
        settings.trustedProxies = try proxies()
        settings.allowedHosts = Set(Self.list(allowedHosts).map { $0.lowercased() })
        settings.editing = try editing()
        settings.exportSquareKilometres = exportCap > 0 ? exportCap : nil
        try purge.apply(to: &settings)
        return settings
    }
}
