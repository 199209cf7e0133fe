import ArcGISREST
import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Portrayal
import TileCache
import TileProduction
import Tiling
import Wording

/// ArcGIS REST's documents, tiles and resources. What is asked of features and pictures has routes of its own beside these:
/// `export`, `identify`, `find` and `{layerId}/query`.
struct ArcGISRoutes {
    let service: ServiceContext
    let maps: EsriMaps
    let symbols: EsriSymbols
    let styles: StyleRoutes

    static let root = "/arcgis/rest"

    func add(to router: Router<ServiceRequestContext>) {
        router.get("\(Self.root)/info") { request, _ in try await EsriAnswer.document(request) { _ in EsriServerDocument.info } }
        router.get("\(Self.root)/services") { request, _ in try await EsriAnswer.document(request) { _ in services() } }
        let map = "\(Self.root)/services/{map}/MapServer"
        router.get("\(map)") { request, context in
            try await EsriAnswer.document(request) { _ in try await mapService(context).json() }
        }
        router.get("\(map)/layers") { request, context in
            try await EsriAnswer.document(request) { _ in try await mapService(context).layersDocument() }
        }
        router.get("\(map)/legend") { request, context in
            try await EsriAnswer.document(request) { _ in try await legend(context) }
        }
        router.get("\(map)/{layer}") { request, context in
            try await EsriAnswer.document(request) { _ in try await layer(context) }
        }
        router.get("\(map)/tile/{z}/{y}/{x}") { request, context in try await picture(request, context) }
        addVectorTiles(to: router)
    }

    private func addVectorTiles(to router: Router<ServiceRequestContext>) {
        let vector = "\(Self.root)/services/{map}/VectorTileServer"
        router.get("\(vector)") { request, context in
            try await EsriAnswer.document(request) { _ in try await maps.vectorTiles(vectorService(context)).json() }
        }
        router.get("\(vector)/tile/{z}/{y}/{x}") { request, context in try await vectorTile(request, context) }
        for path in ["resources/styles", "resources/styles/root.json"] {
            router.get("\(vector)/\(path)") { request, context in try style(request, context) }
        }
        router.get("\(vector)/resources/sprites/{file}") { request, context in
            let style = try style(of: vectorService(context))
            let file = try context.parameters.require("file")
            guard file.hasPrefix("sprite") else { throw ProblemError.notFound(zh: "\(file) 不是图标集", en: "\(file) is no sprite") }
            return try styles.sprite(style.id + file.dropFirst("sprite".count), for: request)
        }
        router.get("\(vector)/resources/fonts/{stack}/{range}") { request, context in try await styles.glyphRange(request, context) }
    }

    // MARK: Documents

    private func services() -> JSONDocument {
        let entries = maps.all().flatMap { served in
            [EsriServerDocument.Entry(name: served.name, kind: .map)]
                + (served.map.isImagery ? [] : [EsriServerDocument.Entry(name: served.name, kind: .vectorTiles)])
        }
        return EsriServerDocument(services: entries).json()
    }

    private func served(_ context: ServiceRequestContext) throws -> EsriMaps.Served {
        try maps.served(PercentEncoding.decode(try context.parameters.require("map")) ?? "")
    }

    private func vectorService(_ context: ServiceRequestContext) throws -> EsriMaps.Served {
        let served = try served(context)
        guard !served.map.isImagery else {
            throw EsriError(404, .init(zh: "影像“\(served.name)”没有矢量瓦片；请用 MapServer", en: "the imagery '\(served.name)' has no vector tiles; take MapServer"))
        }
        return served
    }

    private func mapService(_ context: ServiceRequestContext) async throws -> EsriMapService {
        let served = try served(context)
        return try await maps.mapService(served, renderers: try await symbols.renderers(of: served.map))
    }

    private func layer(_ context: ServiceRequestContext) async throws -> JSONDocument {
        let served = try served(context)
        let wanted = try EsriMaps.layer(try context.parameters.require("layer"), of: served.map)
        let document = try await mapService(context)
        guard let layer = document.layers.first(where: { $0.id == wanted.id }) else { preconditionFailure("a numbered layer is in its service") }
        return layer.json(document.tiles, copyright: document.copyright)
    }

    private func legend(_ context: ServiceRequestContext) async throws -> JSONDocument {
        let served = try served(context)
        let document = try await maps.mapService(served, renderers: [:])
        return try await symbols.legend(document.layers, EsriMaps.layers(of: served.map), of: served.map).json()
    }

    // MARK: Tiles

    /// Level, row and column, in this order.
    private func address(_ context: ServiceRequestContext, ending: String = "") throws -> TileAddress {
        let parts = try ["z", "y", "x"].map { try context.parameters.require($0) }
        let last = parts[2].hasSuffix(ending) ? String(parts[2].dropLast(ending.count)) : ""
        guard let level = Self.number(parts[0]), let row = Self.number(parts[1]), let column = Self.number(last) else {
            throw ProblemError.notFound(
                zh: "tile/\(parts.joined(separator: "/")) 不是瓦片；请用 tile/{级别}/{行}/{列}\(ending)，各数为整数",
                en: "tile/\(parts.joined(separator: "/")) is no tile; ask for tile/{level}/{row}/{column}\(ending) with whole numbers")
        }
        return TileAddress(level: level, row: row, column: column)
    }

    private static func number(_ text: String) -> Int? {
        text.utf8.count <= 9 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    private func picture(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let served = try tileService(try served(context))
        return try await tile(served, try address(context), served.map.preferredFormat, request)
    }

    private func vectorTile(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        try await tile(try tileService(try vectorService(context)), try address(context, ending: ".pbf"), .mvt, request)
    }

    private func tileService(_ served: @autoclosure () throws -> EsriMaps.Served) throws -> EsriMaps.Served {
        // Clients of tiles look at the status alone.
        do { return try served() } catch let error as EsriError { throw ProblemError(404, .notFound, error.message) }
    }

    private func tile(_ served: EsriMaps.Served, _ address: TileAddress, _ format: TileFormat, _ request: Request) async throws -> Response {
        let wanted = TileService.Request(map: served.map.definition.id, matrixSet: served.set.id, address: address, format: format)
        return try TileRoutes.response(try await service.tiles.tile(wanted), of: wanted, for: request, caching: service.revalidating)
    }

    // MARK: Resources

    private func style(of served: EsriMaps.Served) throws -> LiveStyle {
        guard let style = served.map.style else {
            throw ProblemError.notFound(zh: "地图 \(served.map.definition.id) 没有可用的样式", en: "the map \(served.map.definition.id) has no usable style")
        }
        return style
    }

    private func style(_ request: Request, _ context: ServiceRequestContext) throws -> Response {
        let served = try tileService(try vectorService(context))
        let url = "\(request.baseURL(service.settings))\(Self.root)/services/\(PercentEncoding.encode(served.name))/VectorTileServer"
        let style = Array(try style(of: served).document.forVectorTileServer(url).description.utf8)
        let callback: EsriCallback?
        do {
            callback = try request.parameters().value(caseInsensitive: "callback").flatMap { $0.isEmpty ? nil : try EsriCallback($0) }
        } catch let error as EsriError {
            throw ProblemError(400, .init(zh: "请求有误", en: "Bad request"), error.message)
        }
        return ArcGISAnswer.response(style, type: MediaType.json, callback, request)
    }
}
