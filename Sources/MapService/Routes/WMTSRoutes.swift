import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import SimpleFeatures
import TileCache
import TileProduction
import Tiling
import Wording

/// WMTS 1.0.0 in both encodings, and the forms that Tianditu's clients use.
struct WMTSRoutes {
    let service: ServiceContext
    let desks: FeatureDesks

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/wmts") { request, _ in
            try await answer(try Self.keyValuePairs(of: request), request)
        }
        router.get("/wmts/**") { request, _ in try await answer(try Self.restfulRequest(request), request) }
        router.get("/DataServer") { request, _ in
            try await answer(try WMTSRequest(dataServer: try Self.parameters(request)), request)
        }
        router.get("/{service}/wmts") { request, context in
            let name = try context.parameters.require("service")
            guard let tianditu = TiandituService(name) else {
                throw ProblemError.notFound(
                    zh: "没有服务 /\(name)/wmts；请用 /wmts，或 /vec_c/wmts 之类",
                    en: "/\(name)/wmts is no service; ask for /wmts, or /vec_c/wmts and the like")
            }
            return try await answer(try WMTSRequest(kvp: try Self.parameters(request), service: tianditu), request)
        }
    }

    private static func parameters(_ request: Request) throws(ServiceException) -> QueryParameters {
        do { return try request.parameters() } catch { throw ServiceException(error) }
    }

    /// What a request to `/wmts` asks for.
    static func keyValuePairs(of request: Request) throws(ServiceException) -> WMTSRequest {
        try WMTSRequest(kvp: try parameters(request))
    }

    /// What a request below `/wmts/` asks for.
    ///
    /// - Throws: `ServiceException`; `ProblemError` 404 where its path is no resource of WMTS.
    static func restfulRequest(_ request: Request) throws -> WMTSRequest {
        guard let wanted = try WMTSRequest(restfulPath: request.uri.path) else {
            throw ProblemError.notFound(
                zh: "\(request.uri.path) 不是 WMTS 资源；见 /wmts/1.0.0/WMTSCapabilities.xml",
                en: "\(request.uri.path) is no WMTS resource; see /wmts/1.0.0/WMTSCapabilities.xml")
        }
        return wanted
    }

    static func unknownLayer(_ layer: String, known: [String]) -> ServiceException {
        let known = known.sorted().joined(separator: ", ")
        return ServiceException(
            .invalidParameterValue, locator: "LAYER",
            .init(zh: "没有图层“\(layer)”；有：\(known)。", en: "There is no layer '\(layer)'; there is \(known)."))
    }

    private func archives(_ state: LibraryState) -> ArchiveWMTS {
        ArchiveWMTS(shelf: service.archives, settings: service.settings, sets: state.sets)
    }

    private func answer(_ wanted: WMTSRequest, _ request: Request) async throws -> Response {
        switch wanted {
        case .capabilities(let tianditu): return try capabilities(tianditu, request)
        case .tile(let tile): return try await self.tile(tile, request)
        case .featureInfo(let wanted): return try await featureInfo(wanted, request)
        }
    }

    // MARK: Tiles

    private func tile(_ wanted: WMTSTileRequest, _ request: Request) async throws -> Response {
        let state = service.library.state
        guard let named = WMTSLayers.map(named: wanted.layer, in: state) else {
            if let archive = service.archives.archive(named: wanted.layer) {
                return try await archives(state).tile(of: archive, wanted, request)
            }
            throw Self.unknownLayer(wanted.layer, known: state.maps.keys + service.archives.archives.map(\.name))
        }
        let map = try styled(named, wanted, state)
        let (set, _, address) = try wanted.resolve(in: state.sets, offered: map.definition.matrixSets)
        let format = Self.format(wanted.format, of: map)
        guard map.offers(format) else {
            let offered = map.offeredFormats.joined(separator: ", ")
            throw ServiceException(
                .invalidParameterValue, locator: "FORMAT",
                .init(
                    zh: "图层“\(wanted.layer)”不提供 \(format.mediaType)；可选：\(offered)。",
                    en: "Layer '\(wanted.layer)' is not offered as \(format.mediaType); choose from \(offered)."))
        }
        let made = TileService.Request(map: map.definition.id, matrixSet: set.id, address: address, format: format)
        return try TileRoutes.response(try await service.tiles.tile(made), of: made, for: request, caching: service.caching)
    }

    /// The map that draws a layer in the wanted style: itself, or one that shows it in another way.
    private func styled(_ map: LiveMap, _ wanted: WMTSTileRequest, _ state: LibraryState) throws(ServiceException) -> LiveMap {
        guard let style = wanted.style, style != map.definition.style, style != map.definition.id else { return map }
        let variants = PictureCatalogue(state: state).variants(of: map)
        if let found = variants.first(where: { $0.definition.id == style || $0.definition.style == style }) { return found }
        let known = (["default"] + variants.map(\.definition.id)).joined(separator: ", ")
        throw ServiceException(
            .invalidParameterValue, locator: "STYLE",
            .init(
                zh: "图层“\(wanted.layer)”没有样式“\(style.prefix(100))”；有：\(known)。",
                en: "Layer '\(wanted.layer)' has no style '\(style.prefix(100))'; it has \(known)."))
    }

    // MARK: What lies at a pixel

    private static let toleranceInPixels = 4.0
    private static let featuresOfALayer = 10

    private func featureInfo(_ wanted: WMTSFeatureInfoRequest, _ request: Request) async throws -> Response {
        let state = service.library.state
        guard let map = WMTSLayers.map(named: wanted.tile.layer, in: state) else {
            if service.archives.archive(named: wanted.tile.layer) != nil { throw ArchiveWMTS.withoutFeatures(wanted.tile.layer) }
            throw Self.unknownLayer(wanted.tile.layer, known: state.maps.keys + service.archives.archives.map(\.name))
        }
        let shown = try styled(map, wanted.tile, state)
        let (set, matrix, address) = try wanted.tile.resolve(in: state.sets, offered: map.definition.matrixSets)
        for (name, place) in [("I", wanted.column), ("J", wanted.row)] where place >= matrix.tileSize {
            throw ServiceException(
                .pointIJOutOfRange, locator: name,
                .init(
                    zh: "\(name) 为 \(place)；瓦片的像素号为 0 至 \(matrix.tileSize - 1)。",
                    en: "\(name) is \(place); pixels of a tile are 0 to \(matrix.tileSize - 1)."))
        }
        guard let view = PictureView(set: set, envelope: matrix.envelope(of: address), width: matrix.tileSize, height: matrix.tileSize) else {
            preconditionFailure("a tile is a picture of sensible size")
        }
        let desk = desks.next
        let pixel = (x: Double(wanted.column) + 0.5, y: Double(wanted.row) + 0.5)
        let question = try await PlaceQuestion(
            pixel: pixel, of: view, tolerance: Self.toleranceInPixels, limit: Self.featuresOfALayer, desk: desk)
        let layers = shown.layers.filter { $0.isShown(atLevel: view.nominalLevel) }
        let found = try await question?.ask(
            layers.reversed(), in: state, at: nil, registry: service.installation.registry, desk: desk) ?? []
        let crs = CRSIdentifier(set.crs) ?? .crs84
        return try await FeatureInfoAnswer(findings: found, crs: crs, desk: desk).response(in: wanted.format, for: request)
    }

    private static func format(_ wanted: WMTSTileFormat, of map: LiveMap) -> TileFormat {
        switch wanted {
        case .png: .png(ratio: 1)
        case .jpeg: .jpeg(ratio: 1)
        case .webp: .webp(ratio: 1)
        case .tiles: map.preferredFormat
        case .vectorTile: .mvt
        }
    }

    private func capabilities(_ tianditu: TiandituService?, _ request: Request) throws -> Response {
        let state = service.library.state
        if let tianditu, WMTSLayers.map(named: tianditu.layer, in: state) == nil {
            throw ServiceException(
                .invalidParameterValue, locator: "LAYER",
                .init(
                    zh: "没有服务“\(tianditu.name)”；有 vec_c、cva_c、img_c、cia_c、ibo_c，以及相应的 _w。",
                    en: "There is no service '\(tianditu.name)'; there is vec_c, cva_c, img_c, cia_c, ibo_c and the same with _w."))
        }
        let layers = WMTSLayers(service: service)
        let document = WMTSCapabilities(
            title: service.installation.city.name.zh + "标准作业图", baseURL: request.baseURL(service.settings),
            layers: layers.offered(in: state, for: tianditu), sets: state.sets.sets,
            profile: tianditu.map { .tianditu($0) } ?? .standard)
        return .tagged(document.xml(), type: WMTSCapabilities.mediaType, for: request)
    }
}

/// The maps as WMTS layers. Tianditu's names for base maps, labels and boundaries lead to the standard map, the
/// imagery, the labels and the boundaries.
struct WMTSLayers {
    let service: ServiceContext

    /// `cva` are the labels over a vector map, `cia` those over imagery; ours have a halo that carries both.
    private static let tiandituNames = [
        "vec": "standard", "cva": "standard-labels", "img": "image", "cia": "standard-labels", "ibo": "standard-boundary",
    ]

    static func map(named name: String, in state: LibraryState) -> LiveMap? {
        state.maps[name] ?? tiandituNames[name].flatMap { state.maps[$0] }
    }

    func offered(in state: LibraryState, for tianditu: TiandituService?) -> [WMTSCapabilities.Layer] {
        if let tianditu, let map = Self.map(named: tianditu.layer, in: state) {
            return [layer(map, id: tianditu.layer, state)]
        }
        let archives = ArchiveWMTS(shelf: service.archives, settings: service.settings, sets: state.sets).layers(except: Set(state.maps.keys))
        return state.maps.values.sorted { $0.definition.id < $1.definition.id }.map { layer($0, id: $0.definition.id, state) } + archives
    }

    private func layer(_ map: LiveMap, id: String, _ state: LibraryState) -> WMTSCapabilities.Layer {
        let documents = MapDocuments(service: service, baseURL: "")
        let bounds = documents.bounds(of: map)
        let sets = map.definition.matrixSets.compactMap { state.sets[$0] }.map { set in
            WMTSCapabilities.SetLink(id: set.id, limits: Self.limits(of: map, in: set))
        }
        let variants = PictureCatalogue(state: state).variants(of: map).map(\.definition)
        var layer = WMTSCapabilities.Layer(
            id: id, title: map.definition.title.zh, bounds: bounds,
            styles: [.init(id: "default", title: map.definition.title.zh)] + variants.map { .init(id: $0.id, title: $0.title.zh) },
            formats: formats(of: map), sets: sets)
        if map.layers.contains(where: { $0.definition.isServedByFeature && $0.record != nil }) {
            layer.infoFormats = FeatureInfoFormat.allCases
        }
        layer.abstract = map.definition.title.en
        return layer
    }

    /// Where the set's tiles show something of the map, lines and labels that reach over the edges included; none where that
    /// is not known.
    static func limits(of map: LiveMap, in set: TileMatrixSet) -> [TileMatrixLimits] {
        let plane = ServedCRSs.datumTwin(of: set.crs)
        var box = Envelope.empty
        for layer in map.layers {
            if let images = layer.imageryEnvelope {
                guard plane == "EPSG:4490" else { return [] }
                box.formUnion(images)
            }
            box.formUnion(layer.envelope(crs: plane))
        }
        guard !box.isEmpty else { return [] }
        return set.matrices.compactMap { matrix in
            let reach = matrix.cellSize * reachInPixels
            return matrix.addresses(
                intersecting: Envelope(minX: box.minX - reach, minY: box.minY - reach, maxX: box.maxX + reach, maxY: box.maxY + reach))
        }
    }

    /// Half the length of the longest label, or more.
    private static let reachInPixels = 128.0

    /// The first is what clients take that do not choose.
    private func formats(of map: LiveMap) -> [WMTSTileFormat] {
        let pictures: [WMTSTileFormat] = map.isImagery ? [.jpeg, .png, .webp] : [.png, .jpeg, .webp]
        let offered = pictures.filter { format in
            switch format {
            case .jpeg: map.offers(.jpeg(ratio: 1))
            case .webp: map.offers(.webp(ratio: 1))
            default: true
            }
        }
        return map.isImagery ? offered : offered + [.vectorTile]
    }
}
