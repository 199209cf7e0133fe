import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Portrayal
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Maps of any place and size (OGC API - Maps part 1): of everything, of a collection, of a style.
struct MapRoutes {
    let service: ServiceContext
    let pictures: PictureDesk
    let desks: FeatureDesks

    /// The CRS of pictures that name none.
    private static let usualCRS = CRSIdentifier(authority: "EPSG", code: "3857")
    /// The map that `/map` shows.
    private static let usualMap = "standard"

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/map") { request, _ in
            try await answer(request) { query in
                query.collections.isEmpty ? [(Self.usualMap, nil)] : query.collections.map { ($0, nil) }
            }
        }
        router.get("/collections/{collection}/map") { request, context in
            let collection = try name("collection", context)
            return try await answer(request) { _ in [(collection, nil)] }
        }
        router.get("/styles/{style}/map") { request, context in
            let map = try map(style: try name("style", context))
            return try await answer(request) { query in
                query.collections.isEmpty ? [(map, nil)] : query.collections.map { ($0, map) }
            }
        }
        router.get("/collections/{collection}/styles/{style}/map") { request, context in
            let (collection, map) = (try name("collection", context), try map(style: try name("style", context)))
            return try await answer(request) { _ in [(collection, map)] }
        }
    }

    private func name(_ parameter: String, _ context: ServiceRequestContext) throws -> String {
        PercentEncoding.decode(try context.parameters.require(parameter)) ?? ""
    }

    private func map(style id: String) throws -> String {
        let maps = service.library.state.maps.values.sorted { $0.definition.id < $1.definition.id }
        guard let map = maps.first(where: { $0.definition.style == id }) else {
            throw ProblemError.notFound(zh: "没有地图采用样式 \(id)；全部见 /styles", en: "no map is drawn in a style called \(id); /styles lists them")
        }
        return map.definition.id
    }

    private func answer(
        _ request: Request, layers: (MapQuery) -> [(name: String, style: String?)]
    ) async throws -> Response {
        let state = service.library.state
        let offered = PictureCRS.offered(in: state.sets).map(\.identifier)
        let query = try MapQuery(try request.parameters(), offered: offered, sideLimit: PictureView.sideLimit)
        let catalogue = PictureCatalogue(state: state)
        let wanted = layers(query)
        let parts: [PictureRequest.Part]
        do { parts = try catalogue.parts(wanted) } catch { throw error.problem }
        let format = try query.format ?? Self.format(accepted: request)
        let shown = wanted.compactMap { catalogue.entry($0.name) }.flatMap(catalogue.layers)
        let (crs, view) = try await view(query, showing: shown, in: state)
        let order = PictureRequest(parts: parts, view: view, format: format.tileFormat, ground: try Self.ground(query, format))
        var response = try await pictures.response(to: order, at: try query.datetime.map(LayerMoment.instant), for: request)
        let box = crs.box(view.envelope)
        let corners = crs.identifier.isNorthFirst == true
            ? [box.minY, box.minX, box.maxY, box.maxX] : [box.minX, box.minY, box.maxX, box.maxY]
        response.headers[TileResponse.name("Content-Crs")] = "<\(crs.identifier.uri)>"
        response.headers[TileResponse.name("Content-Bbox")] = corners.map { "\($0)" }.joined(separator: ",")
        return response
    }

    /// What the query shows, in the plane of its CRS.
    private func view(
        _ query: MapQuery, showing layers: [LiveLayer], in state: LibraryState
    ) async throws -> (PictureCRS, PictureView) {
        guard let crs = PictureCRS(query.crs ?? Self.usualCRS, in: state.sets) else {
            preconditionFailure("the reader takes offered CRSs only")
        }
        let plane = try CRS(crs.set.crs)
        let box: Envelope
        let desk = desks.next
        switch query.place {
        case .box(let wanted, let from):
            let own = from == crs.identifier
            box = own ? crs.plane(wanted) : try await desk.envelope(wanted, from: try from.system(), to: plane)
        case .centre(let wanted, let from):
            guard case .point(let c)? = try await desk.carry(.point(wanted), try from.system(), plane), c.isFinite else {
                throw ParameterError(
                    .invalid, name: "center", value: nil,
                    expected: .init(zh: "\(plane.id) 适用区域内的位置", en: "a position inside the area of \(plane.id)"))
            }
            box = Envelope(minX: c.x, minY: c.y, maxX: c.x, maxY: c.y)
        case nil:
            let all = layers.reduce(into: Envelope.empty) { $0.formUnion($1.envelope(crs: ServedCRSs.datumTwin(of: crs.set.crs))) }
            box = all.isEmpty
                ? try await desk.envelope(service.installation.city.box, from: .cgcs2000, to: plane)
                : Self.withSize(all, metresPerUnit: crs.set.metresPerUnit)
        }
        let frame = try query.frame(around: box, metresPerUnit: crs.set.metresPerUnit, sideLimit: PictureView.sideLimit)
        guard let view = PictureView(set: crs.set, envelope: frame.envelope, width: frame.width, height: frame.height) else {
            throw ParameterError(
                .invalid, name: "bbox", value: nil,
                expected: .init(zh: "大小合理的矩形，且每边至多 \(PictureView.sideLimit) 像素", en: "a box of sensible size on at most \(PictureView.sideLimit) pixels a side"))
        }
        return (crs, view)
    }

    /// A single point has an envelope without a size: its surroundings are shown.
    private static func withSize(_ box: Envelope, metresPerUnit: Double) -> Envelope {
        guard box.width == 0 || box.height == 0 else { return box }
        let margin = surroundingsInMetres / metresPerUnit
        return Envelope(minX: box.minX - margin, minY: box.minY - margin, maxX: box.maxX + margin, maxY: box.maxY + margin)
    }

    private static let surroundingsInMetres = 100.0

    private static func format(accepted request: Request) throws -> WMSPictureFormat {
        guard let format = WMSPictureFormat.allCases.first(where: { request.accepts([$0.rawValue]) }) else {
            throw ProblemError.notAcceptable(
                zh: "地图以 image/png、image/jpeg、image/webp 提供，而 Accept 均未包含", en: "maps are given as image/png, image/jpeg and image/webp, none of which the Accept header takes")
        }
        return format
    }

    private static func ground(_ query: MapQuery, _ format: WMSPictureFormat) throws(ParameterError) -> PictureRequest.Ground {
        if let text = query.background {
            guard let colour = colour(text) else {
                throw ParameterError(.invalid, name: "bgcolor", value: text, expected: .init(zh: "颜色名或 0xRRGGBB", en: "a colour's name or 0xRRGGBB"))
            }
            return colour
        }
        return query.isTransparent == true && format != .jpeg ? .transparent : .style
    }

    private static func colour(_ text: String) -> PictureRequest.Ground? {
        let plain = text.lowercased().hasPrefix("0x") ? "#" + text.dropFirst(2) : text
        guard let colour = StyleColour(css: plain) else { return nil }
        func byte(_ channel: Double) -> UInt8 { UInt8((min(max(channel, 0), 1) * 255).rounded()) }
        return .colour(byte(colour.red), byte(colour.green), byte(colour.blue))
    }
}

extension PictureCatalogue.Refusal {
    /// What clients of an OGC API are told.
    var problem: ProblemError {
        switch self {
        case .noLayer(let name):
            ProblemError.notFound(zh: "没有图层或地图 \(name.prefix(100))；图层见 /collections", en: "there is no layer or map \(name.prefix(100)); /collections lists the layers")
        case .noStyle(let style, let layer, let known):
            ProblemError.notFound(
                zh: "\(layer) 没有样式 \(style.prefix(100))；有：\(known.joined(separator: ", "))",
                en: "\(layer) has no style \(style.prefix(100)); it has \(known.joined(separator: ", "))")
        }
    }
}
