import Compression
import HTTPTypes
import Hummingbird
import OGCAPI
import TileCache
import TileProduction
import Tiling
import Wording

/// Tiles by XYZ, and the TileJSON that leads to them.
struct TileRoutes {
    let service: ServiceContext
    let history: HistoricTiles
    let pictures: PictureDesk

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/tiles/{map}") { request, context in try tileJSON(request, context) }
        router.get("/tiles/{map}/{z}/{x}/{y}") { request, context in
            let name = try context.parameters.require("map")
            guard isMatrixSet(name) else { return try await tile(request, context) }
            // Below a matrix set rows come first, as OGC API Tiles has them.
            return try await tilesets.tile(
                request, try tilesets.dataset(.vector), name, matrix: try context.parameters.require("z"),
                row: try context.parameters.require("x"), column: try context.parameters.require("y"))
        }
    }

    private var tilesets: TilesetRoutes { TilesetRoutes(service: service, history: history, pictures: pictures) }

    /// Whether the name is a matrix set's, and neither a map's nor an archive's.
    private func isMatrixSet(_ name: String) -> Bool {
        let state = service.library.state
        return state.sets[name] != nil && state.maps[name] == nil && service.archives.archive(named: name) == nil
    }

    private var archives: ArchiveRoutes { ArchiveRoutes(shelf: service.archives, settings: service.settings) }

    private func tile(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        if try TileOutline.isWanted(try request.parameters()) { return try await outlined(request) }
        if let bare = TilePath(target: request.uri.path + ".png") { return try await negotiated(bare, request) }
        guard let path = TilePath(target: request.uri.path) else {
            throw ProblemError.notFound(
                zh: "\(request.uri.path) 不是瓦片；请用 /tiles/{map}/{z}/{x}/{y}.png、@2x.png、.jpg、.webp 或 .mvt，各数为整数",
                en: "\(request.uri.path) is no tile; ask for /tiles/{map}/{z}/{x}/{y}.png, @2x.png, .jpg, .webp or .mvt with whole numbers")
        }
        if service.library.state.maps[path.map] == nil, let answer = try await archives.tile(path, request) {
            if try request.parameters().value("datetime") != nil { throw Self.archiveWithoutHistory(path.map) }
            return answer
        }
        let wanted = TileService.Request(path)
        return try Self.response(try await tile(wanted, for: request), of: wanted, for: request, caching: service.caching)
    }

    /// The tile as it is now with its outline, of a live map.
    private func outlined(_ request: Request) async throws -> Response {
        guard let path = TilePath(target: request.uri.path) ?? TilePath(target: request.uri.path + ".png"), service.library.state.maps[path.map] != nil else {
            throw ProblemError.notFound(
                zh: "debug 只用于地图的瓦片 /tiles/{map}/{z}/{x}/{y}.png", en: "debug is for the tiles of maps, /tiles/{map}/{z}/{x}/{y}.png")
        }
        var wanted = TileService.Request(path)
        let ratio = try TileOutline.ratio(of: path.format)
        wanted.format = .png(ratio: ratio)
        let tile = try await tile(wanted, for: request)
        return try TileOutline.response(png: tile.body, address: "\(path.level)/\(path.column)/\(path.row)", ratio: ratio)
    }

    /// An address without an ending: the format is the one of `format=`, else the best that `Accept` takes.
    private func negotiated(_ path: TilePath, _ request: Request) async throws -> Response {
        let map = service.library.state.maps[path.map]
        let format = try PictureNegotiation(map).format(
            parameter: request.uri.queryParameters["format"].map(String.init), accept: request.headers[.accept])
        var wanted = TileService.Request(path)
        wanted.format = format
        let tile = try await tile(wanted, for: request)
        var response = try Self.response(tile, of: wanted, for: request, caching: service.caching)
        response.headers[.vary] = tile.isGzip ? "Accept, Accept-Encoding" : "Accept"
        return response
    }

    /// The tile as it is now, or as of the time that `datetime` names.
    private func tile(_ wanted: TileService.Request, for request: Request) async throws -> EncodedTile {
        guard let text = try request.parameters().value("datetime") else { return try await service.tiles.tile(wanted) }
        return try await history.tile(wanted, at: try LayerMoment.instant(text))
    }

    private static func archiveWithoutHistory(_ name: String) -> ProblemError {
        .notFound(
            zh: "瓦片档案 \(name) 不保留历史；请去掉 datetime，或请求登记库中的地图",
            en: "the archive \(name) keeps no history; leave out datetime, or ask for a map of the registry")
    }

    /// The XYZ door speaks Web Mercator only.
    static let webMercator = "w"

    /// The tile as this client takes it.
    static func response(
        _ tile: EncodedTile, of wanted: TileService.Request, for request: Request, caching: CachingRules.Fields
    ) throws -> Response {
        let keys = caching.keys(of: wanted)
        if TileResponse.isUnchanged(tile, ifNoneMatch: request.headers[.ifNoneMatch]) {
            var headers = TileResponse.headers(of: tile, bodyLength: 0, sendsGzip: false, caching: caching, keys: keys)
            headers[.contentLength] = nil
            return Response(status: .notModified, headers: headers)
        }
        let sendsGzip = tile.isGzip && TileResponse.acceptsGzip(request.headers[.acceptEncoding])
        let body =
            tile.isGzip && !sendsGzip
            ? try Decompressor().decompress(tile.body, format: .gzip, limit: 1 << 30) : tile.body
        return Response(
            status: TileResponse.status(of: tile),
            headers: TileResponse.headers(of: tile, bodyLength: body.count, sendsGzip: sendsGzip, caching: caching, keys: keys),
            body: tile.body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// Which way rows count in the document's tiles.
    private static func scheme(_ request: Request) throws(ParameterError) -> TileJSONDocument.Scheme {
        guard let text = try request.parameters().value("scheme") else { return .xyz }
        guard let scheme = TileJSONDocument.Scheme(rawValue: text.lowercased()) else {
            throw ParameterError(.invalid, name: "scheme", value: text, expected: .init(zh: "xyz 或 tms", en: "xyz or tms"))
        }
        return scheme
    }

    private func tileJSON(_ request: Request, _ context: ServiceRequestContext) throws -> Response {
        let name = try context.parameters.require("map")
        if isMatrixSet(name) { return try tilesets.tileset(request, try tilesets.dataset(.vector), name) }
        guard name.hasSuffix(".json"), let map = service.library.state.maps[String(name.dropLast(5))] else {
            if let answer = archives.tileJSON(name, request) { return answer }
            let known = service.library.state.maps.keys.sorted().map { "/tiles/\($0).json" }.joined(separator: ", ")
            throw ProblemError.notFound(
                zh: "没有 /tiles/\(name)；有：\(known)", en: "there is no /tiles/\(name); there is \(known)")
        }
        let document = MapDocuments(service: service, baseURL: request.baseURL(service.settings)).tileJSON(of: map, scheme: try Self.scheme(request))
        return .json(document.json().bytes(), for: request)
    }
}
