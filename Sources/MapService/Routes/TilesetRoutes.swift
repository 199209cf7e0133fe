import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import TileCache
import TileProduction
import Tiling
import Wording

/// OGC API Tiles part 1: tilesets of the dataset, of each collection and of each style, and the tiles in them, row before
/// column.
struct TilesetRoutes {
    let service: ServiceContext
    let history: HistoricTiles
    let pictures: PictureDesk

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/tiles") { request, _ in try list(request, try dataset(.vector)) }
        // `/tiles/{set}` and below lie where XYZ does: `TileRoutes` asks here for what it does not know.
        add("/map/tiles", to: router) { _ in try dataset(.map) }
        add("/collections/{collection}/tiles", to: router) { try collection($0, .vector) }
        add("/collections/{collection}/map/tiles", to: router) { try collection($0, .map) }
        add("/styles/{style}/map/tiles", to: router) { try style($0) }
    }

    private func add(
        _ path: String, to router: Router<ServiceRequestContext>,
        of subject: @escaping @Sendable (ServiceRequestContext) throws -> TileSubject
    ) {
        router.get("\(path)") { request, context in try list(request, try subject(context)) }
        router.get("\(path)/{set}") { request, context in
            try tileset(request, try subject(context), try context.parameters.require("set"))
        }
        router.get("\(path)/{set}/{matrix}/{row}/{column}") { request, context in
            try await tile(
                request, try subject(context), try context.parameters.require("set"),
                matrix: try context.parameters.require("matrix"), row: try context.parameters.require("row"),
                column: try context.parameters.require("column"))
        }
    }

    // MARK: Subjects

    /// The map that stands for the dataset.
    static func standard(_ state: LibraryState) -> LiveMap? {
        state.maps["standard"] ?? state.maps.values.min { ($0.definition.order, $0.definition.id) < ($1.definition.order, $1.definition.id) }
    }

    func dataset(_ kind: TileSetDocument.DataType) throws -> TileSubject {
        guard let map = Self.standard(service.library.state) else {
            throw ProblemError.notFound(zh: "没有地图，因此没有瓦片", en: "there is no map, so there are no tiles")
        }
        return TileSubject(map: map, isWhole: true, path: "", kind: kind)
    }

    private func collection(_ context: ServiceRequestContext, _ kind: TileSetDocument.DataType) throws -> TileSubject {
        let id = PercentEncoding.decode(try context.parameters.require("collection")) ?? ""
        let state = service.library.state
        let maps = [Self.standard(state)].compactMap { $0 } + state.maps.values.sorted { $0.definition.id < $1.definition.id }
        guard let layer = state.layers[id], !layer.definition.isImagery,
            let part = maps.lazy.compactMap({ service.tiles.part(id, of: $0) }).first
        else {
            throw ProblemError.notFound(zh: "没有图层 \(id)；全部见 /collections", en: "there is no collection \(id); /collections lists them")
        }
        return TileSubject(map: part, isWhole: false, path: "/collections/\(PercentEncoding.encode(id))", kind: kind)
    }

    private func style(_ context: ServiceRequestContext) throws -> TileSubject {
        let map = try StyleDocuments.map(styled: try context.parameters.require("style"), service.library.state)
        return TileSubject(map: map, isWhole: true, path: "/styles/\(PercentEncoding.encode(map.definition.style))", kind: .map)
    }

    // MARK: Documents

    private func list(_ request: Request, _ subject: TileSubject) throws -> Response {
        let asked = try DocumentRequest(request, service.settings, knowing: subject.parameters)
        let subject = try subject.choosing(asked.parameters)
        let documents = TilesetDocuments(service: service, baseURL: asked.base, subject: subject)
        return asked.answer(documents.list(links: asked.links).json(), title: Self.title(subject), steps: Self.steps(subject, asked))
    }

    func tileset(_ request: Request, _ subject: TileSubject, _ id: String) throws -> Response {
        let tileJSON = Representation("tilejson", MediaType.json)
        let set = try matrixSet(id, of: subject)
        let forms: [Representation] = [.json, .html] + (set.id == TileRoutes.webMercator ? [tileJSON] : [])
        let asked = try DocumentRequest(request, service.settings, offering: forms, knowing: subject.parameters)
        let subject = try subject.choosing(asked.parameters)
        let documents = TilesetDocuments(service: service, baseURL: asked.base, subject: subject)
        if asked.given == tileJSON { return asked.finish(.json(documents.tileJSON().json().bytes(), for: request)) }
        return asked.answer(
            documents.document(set, links: asked.links).json(), title: Self.title(subject, set),
            steps: Self.steps(subject, asked) + [.init("瓦片集", "\(asked.base)\(subject.tiles)?f=html")])
    }

    private static func title(_ subject: TileSubject, _ set: TileMatrixSet? = nil) -> LocalisedText {
        let title = subject.map.definition.title
        let id = set.map { " \($0.id)" } ?? ""
        return subject.kind == .vector
            ? LocalisedText(zh: "\(title.zh)：矢量瓦片\(id)", en: "\(title.en): vector tiles\(id)")
            : LocalisedText(zh: "\(title.zh)：地图瓦片\(id)", en: "\(title.en): map tiles\(id)")
    }

    private static func steps(_ subject: TileSubject, _ asked: DocumentRequest) -> [HTMLPage.Step] {
        guard !subject.path.isEmpty else { return [] }
        return [.init(subject.map.definition.title.zh, "\(asked.base)\(subject.path)?f=html")]
    }

    private func matrixSet(_ id: String, of subject: TileSubject) throws -> TileMatrixSet {
        let offered = subject.map.definition.matrixSets
        guard let set = service.library.state.sets[id], offered.contains(set.id) else {
            let names = offered.joined(separator: ", ")
            throw ProblemError.notFound(zh: "此处没有瓦片矩阵集 \(id)；提供：\(names)", en: "there is no tile matrix set \(id) here; it is in \(names)")
        }
        return set
    }

    // MARK: Tiles

    func tile(
        _ request: Request, _ subject: TileSubject, _ id: String, matrix: String, row: String, column: String
    ) async throws -> Response {
        let set = try matrixSet(id, of: subject)
        let (columnText, ending) = Self.split(column)
        guard let grid = set.matrix(id: matrix), let row = Int(row), let column = Int(columnText), (0..<grid.matrixHeight).contains(row) else {
            throw ProblemError.notFound(
                zh: "\(set.id) 中没有瓦片 \(matrix)/\(row)/\(columnText)（级别/行/列）", en: "\(set.id) has no tile \(matrix)/\(row)/\(columnText) (matrix/row/column)")
        }
        let parameters = try request.parameters()
        let known = (subject.isWhole ? ["f", "datetime"] : ["f"]) + subject.parameters
        for item in parameters.items where !known.contains(item.name) && !["tk", "token", "access_token"].contains(item.name) {
            let names = known.joined(separator: ", ")
            throw ParameterError(.unknown, name: item.name, value: item.value, expected: .init(zh: "下列之一：\(names)", en: "one of \(names)"))
        }
        let wanted = TileService.Request(
            map: subject.map.definition.id, matrixSet: set.id,
            address: TileAddress(level: grid.level, row: grid.rowInDocuments(row), column: column),
            format: try format(subject, try ending ?? parameters.value("f"), request))
        let subject = try subject.choosing(parameters)
        if subject.kind == .map, let chosen = subject.chosen { return try await picture(of: chosen, wanted, subject, set, grid, request) }
        var tile = try await tile(wanted, subject, parameters)
        if let chosen = subject.chosen { tile = try tile.selecting(chosen) }
        var response = try TileRoutes.response(tile, of: wanted, for: request, caching: service.revalidating)
        response.headers[.vary] = tile.isGzip ? "Accept, Accept-Encoding" : "Accept"
        return response
    }

    private func tile(_ wanted: TileService.Request, _ subject: TileSubject, _ parameters: QueryParameters) async throws -> EncodedTile {
        guard subject.isWhole else { return try await service.tiles.tile(wanted, of: subject.map) }
        guard let text = try parameters.value("datetime") else { return try await service.tiles.tile(wanted) }
        return try await history.tile(wanted, at: try LayerMoment.instant(text))
    }

    /// Some collections of a map, drawn as a picture of the tile's box: choices are too many for a cache of tiles. Labels find their places
    /// inside it.
    private func picture(
        of chosen: [String], _ wanted: TileService.Request, _ subject: TileSubject, _ set: TileMatrixSet, _ grid: TileMatrix, _ request: Request
    ) async throws -> Response {
        let side = StandardGrid.tileSizeInPixels
        guard grid.isInside(wanted.address), let view = PictureView(set: set, envelope: grid.envelope(of: wanted.address), width: side, height: side) else {
            throw ProblemError.notFound(
                zh: "\(set.id) 第 \(grid.id) 级没有第 \(wanted.address.column) 列", en: "level \(grid.id) of \(set.id) has no column \(wanted.address.column)")
        }
        let parts: [PictureRequest.Part]
        do {
            parts = try PictureCatalogue(state: service.library.state).parts(chosen.map { ($0, subject.map.definition.id) })
        } catch { throw error.problem }
        let isOpaque = if case .jpeg = wanted.format { true } else { false }
        let order = PictureRequest(parts: parts, view: view, format: wanted.format, ground: isOpaque ? .style : .transparent)
        let moment = try request.parameters().value("datetime").map(LayerMoment.instant)
        return try await pictures.response(to: order, at: moment, for: request)
    }

    /// `12.png` is column 12 and the form `png`.
    private static func split(_ column: String) -> (String, ending: String?) {
        let parts = column.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : (column, nil)
    }

    /// What `f` calls a media type of tiles.
    static func name(of type: String) -> String {
        type == MediaType.vectorTile ? "mvt" : String(type.split(separator: "/").last ?? "png")
    }

    private func format(_ subject: TileSubject, _ f: String?, _ request: Request) throws -> TileFormat {
        let types = subject.kind == .vector ? [MediaType.vectorTile] : subject.map.offeredFormats.filter { $0 != MediaType.vectorTile }
        if let f {
            let spellings = ["pbf": "mvt", "jpg": "jpeg"]
            let wanted = spellings[f.lowercased()] ?? f.lowercased()
            guard types.contains(where: { Self.name(of: $0) == wanted || $0 == wanted }) else {
                let names = types.map(Self.name).joined(separator: ", ")
                throw ParameterError(.invalid, name: "f", value: f, expected: .init(zh: "下列之一：\(names)", en: "one of \(names)"))
            }
            return subject.kind == .vector ? .mvt : try PictureNegotiation(subject.map).format(parameter: wanted, accept: nil)
        }
        guard subject.kind == .vector else { return try PictureNegotiation(subject.map).format(parameter: nil, accept: request.headers[.accept]) }
        _ = try DocumentRequest.choose(among: [Representation("mvt", MediaType.vectorTile)], request, QueryParameters(items: []))
        return .mvt
    }
}
