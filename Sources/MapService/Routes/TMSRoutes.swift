import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileCache
import TileProduction
import Tiling
import Wording

/// Tiles whose rows count upward (Tile Map Service 1.0.0): `/tms/1.0.0/{map}/{z}/{x}/{y}.png` in Web Mercator,
/// `/tms/1.0.0/{map}@{set}/…` in the map's other matrix sets.
struct TMSRoutes {
    let service: ServiceContext
    let desks: FeatureDesks

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/tms") { request, _ in
            Response.tagged(try await document(request).services(), type: TileMapService.mediaType, for: request)
        }
        router.get("/tms/1.0.0") { request, _ in
            Response.tagged(try await document(request).xml(), type: TileMapService.mediaType, for: request)
        }
        router.get("/tms/1.0.0/{map}") { request, context in
            let map = try await map(context)
            return Response.tagged(try await document(request).xml(of: map), type: TileMapService.mediaType, for: request)
        }
        router.get("/tms/1.0.0/{map}/{z}/{x}/{y}") { request, context in try await tile(request, context) }
    }

    /// Whether the client expects the errors of this protocol.
    static func isAddressed(_ request: Request) -> Bool { request.uri.path == "/tms" || request.uri.path.hasPrefix("/tms/") }

    private func document(_ request: Request) async throws -> TileMapService {
        let (state, city) = (service.library.state, service.installation.city)
        var maps: [TileMapService.TileMap] = []
        for map in state.maps.values.sorted(by: { $0.definition.id < $1.definition.id }) {
            for set in map.definition.matrixSets.compactMap({ state.sets[$0] }) { maps.append(try await tileMap(map, set)) }
        }
        return TileMapService(
            title: city.name.zh + "标准作业图", abstract: "Standard work map of \(city.name.en)", baseURL: request.baseURL(service.settings), maps: maps)
    }

    private func tileMap(_ map: LiveMap, _ set: TileMatrixSet) async throws -> TileMapService.TileMap {
        let bounds = MapDocuments(service: service, baseURL: "").bounds(of: map)
        let format = Self.format(of: map)
        let isUsual = set.id == TileRoutes.webMercator
        return TileMapService.TileMap(
            id: isUsual ? map.definition.id : "\(map.definition.id)@\(set.id)",
            title: isUsual ? map.definition.title.zh : "\(map.definition.title.zh)（\(set.title)）", abstract: map.definition.title.en, set: set,
            bounds: try await desks.next.envelope(bounds, from: .cgcs2000, to: try CRS(set.crs)),
            mediaType: format.mediaType, ending: format == .jpeg(ratio: 1) ? "jpg" : "png")
    }

    /// What the map's document says its tiles are; a tile is sent in another format where its address has another ending.
    static func format(of map: LiveMap) -> TileFormat {
        map.isImagery && map.offers(.jpeg(ratio: 1)) ? .jpeg(ratio: 1) : .png(ratio: 1)
    }

    private func map(_ context: ServiceRequestContext) async throws -> TileMapService.TileMap {
        let name = PercentEncoding.decode(try context.parameters.require("map")) ?? ""
        let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
        let state = service.library.state
        let setName = parts.count > 1 ? parts[1] : TileRoutes.webMercator
        guard let id = parts.first, let map = state.maps[id], map.definition.matrixSets.contains(setName), let set = state.sets[setName] else {
            throw ProblemError.notFound(
                zh: "没有瓦片地图“\(name)”；全部见 /tms/1.0.0", en: "there is no tile map '\(name)'; /tms/1.0.0 lists them")
        }
        return try await tileMap(map, set)
    }

    private func tile(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let map = try await map(context)
        let id = String(map.id.prefix { $0 != "@" })
        let place = try ["z", "x", "y"].map { try context.parameters.require($0) }.joined(separator: "/")
        guard let path = TilePath(target: "/tiles/\(id)/\(place)"), let address = map.address(level: path.level, x: path.column, y: path.row) else {
            throw ProblemError.notFound(
                zh: "\(request.uri.path) 不是瓦片：请用 /tms/1.0.0/{map}/{z}/{x}/{y}.png，z 自 0 起，y 自南向北，范围见 /tms/1.0.0/\(map.id)",
                en: "\(request.uri.path) is no tile: ask for /tms/1.0.0/{map}/{z}/{x}/{y}.png, z from 0 and y from south to north, as /tms/1.0.0/\(map.id) says")
        }
        let wanted = TileService.Request(map: id, matrixSet: map.set.id, address: address, format: path.format)
        return try TileRoutes.response(try await service.tiles.tile(wanted), of: wanted, for: request, caching: service.revalidating)
    }
}
