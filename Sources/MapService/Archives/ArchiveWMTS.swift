import Hummingbird
import OGCAPI
import TileArchives
import TileCache
import Tiling
import Wording

/// Archives as layers of WMTS 1.0.0, beside live maps or without them.
struct ArchiveWMTS {
    let shelf: ArchiveShelf
    let settings: ServiceSettings
    /// The matrix sets of the service; archives are in Web Mercator.
    let sets: TileMatrixSetRegistry

    /// The addresses of WMTS, where there are no live maps.
    func add(to router: Router<ServiceRequestContext>) {
        router.get("/wmts") { request, _ in try await answer(try WMTSRoutes.keyValuePairs(of: request), request) }
        router.get("/wmts/**") { request, _ in try await answer(try WMTSRoutes.restfulRequest(request), request) }
    }

    private func answer(_ wanted: WMTSRequest, _ request: Request) async throws -> Response {
        switch wanted {
        case .capabilities: return capabilities(request)
        case .tile(let tile):
            guard let archive = shelf.archive(named: tile.layer) else {
                throw WMTSRoutes.unknownLayer(tile.layer, known: shelf.archives.map(\.name))
            }
            return try await self.tile(of: archive, tile, request)
        case .featureInfo(let wanted):
            guard shelf.archive(named: wanted.tile.layer) != nil else {
                throw WMTSRoutes.unknownLayer(wanted.tile.layer, known: shelf.archives.map(\.name))
            }
            throw Self.withoutFeatures(wanted.tile.layer)
        }
    }

    /// What lies at a pixel cannot be told of tiles alone.
    static func withoutFeatures(_ layer: String) -> ServiceException {
        ServiceException(
            .operationNotSupported, locator: "REQUEST",
            .init(zh: "图层“\(layer)”是瓦片档案，不可点查。", en: "Layer '\(layer)' is an archive of tiles and cannot be queried."))
    }

    private func capabilities(_ request: Request) -> Response {
        let document = WMTSCapabilities(
            title: "瓦片档案 Tile archives", baseURL: request.baseURL(settings), layers: layers(except: []), sets: sets.sets)
        return .tagged(document.xml(), type: WMTSCapabilities.mediaType, for: request)
    }

    /// - Parameter names: of live maps, which go before archives of the same name.
    func layers(except names: Set<String>) -> [WMTSCapabilities.Layer] {
        shelf.archives.filter { !names.contains($0.name) }.map(\.wmtsLayer)
    }

    /// - Throws: `ServiceException` for a style, set, place or format that the archive does not have.
    func tile(of archive: ServedArchive, _ wanted: WMTSTileRequest, _ request: Request) async throws -> Response {
        if let style = wanted.style {
            throw ServiceException(
                .invalidParameterValue, locator: "STYLE",
                .init(
                    zh: "图层“\(wanted.layer)”没有样式“\(style)”；有 default。", en: "Layer '\(wanted.layer)' has no style '\(style)'; it has default."))
        }
        let (_, _, address) = try wanted.resolve(in: sets, offered: [TileRoutes.webMercator], limits: archive.limits)
        guard wanted.format == archive.wmtsFormat || wanted.format == .tiles else {
            throw ServiceException(
                .invalidParameterValue, locator: "FORMAT",
                .init(
                    zh: "图层“\(wanted.layer)”只提供 \(archive.format.mediaType)。",
                    en: "Layer '\(wanted.layer)' is offered as \(archive.format.mediaType) only."))
        }
        return try await ArchiveRoutes(shelf: shelf, settings: settings).tile(of: archive, address, request)
    }
}
