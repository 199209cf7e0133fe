import FeatureStore
import Foundation
import HTTPTypes
import Hummingbird
import OGCAPI
import Portrayal
import Reprojection
import SimpleFeatures
import TileCache
import TileProduction
import Tiling
import Wording

/// WMS 1.1.1 and 1.3.0 at `/wms`.
struct WMSRoutes {
    let service: ServiceContext
    let pictures: PictureDesk
    let desks: FeatureDesks
    let legends: LegendShelf

    private static let limits = WMSRequest.Limits(side: PictureView.sideLimit)

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/wms") { request, _ in try await answer(request) }
    }

    private func answer(_ request: Request) async throws -> Response {
        let parameters: QueryParameters
        do { parameters = try request.parameters() } catch { return WMSFailure(ServiceException(error), .v130).response() }
        let version = WMSVersion(of: parameters)
        do {
            let crs = PictureCRS.offered(in: service.library.state.sets).map(\.identifier)
            return try await answer(
                try WMSRequest(kvp: parameters, version: version, crs: crs, limits: Self.limits), version, request)
        } catch let error as ServiceException {
            return WMSFailure(error, version, parameters).response()
        } catch let error as PictureCatalogue.Refusal {
            return WMSFailure(Self.exception(error, in: service.library.state), version, parameters).response()
        } catch let error as ParameterError {
            // What is refused further in is the time.
            let exception = error.name == "datetime"
                ? ServiceException(.invalidDimensionValue, locator: "TIME", error.message) : ServiceException(error)
            return WMSFailure(exception, version, parameters).response()
        }
    }

    private func answer(_ wanted: WMSRequest, _ version: WMSVersion, _ request: Request) async throws -> Response {
        switch wanted {
        case .capabilities:
            let document = WMSDocuments(service: service, baseURL: request.baseURL(service.settings)).capabilities(version)
            return .tagged(document.xml(), type: document.mediaType, for: request)
        case .map(let wanted): return try await map(wanted, request)
        case .featureInfo(let wanted): return try await featureInfo(wanted, request)
        case .legend(let wanted): return try await legend(wanted, request)
        case .styles(let names): return try styles(names, request)
        }
    }

    private static func exception(_ refusal: PictureCatalogue.Refusal, in state: LibraryState) -> ServiceException {
        switch refusal {
        case .noLayer(let name):
            let known = PictureCatalogue(state: state).names.joined(separator: ", ")
            return ServiceException(
                .layerNotDefined, locator: "LAYERS",
                .init(zh: "没有图层“\(name.prefix(100))”；有：\(known)。", en: "There is no layer '\(name.prefix(100))'; there is \(known)."))
        case .noStyle(let style, let layer, let known):
            let known = known.joined(separator: ", ")
            return ServiceException(
                .styleNotDefined, locator: "STYLES",
                .init(zh: "图层“\(layer)”没有样式“\(style.prefix(100))”；有：\(known)。", en: "Layer '\(layer)' has no style '\(style.prefix(100))'; it has \(known)."))
        }
    }

    // MARK: GetMap

    private func map(_ wanted: WMSMapRequest, _ request: Request) async throws -> Response {
        let (order, _) = try pictureRequest(wanted)
        return try await pictures.response(to: order, at: try wanted.time.map(LayerMoment.instant), for: request)
    }

    /// What is to be drawn.
    private func pictureRequest(_ wanted: WMSMapRequest) throws -> (PictureRequest, PictureCRS) {
        let state = service.library.state
        guard let crs = PictureCRS(wanted.crs, in: state.sets) else { preconditionFailure("the reader takes offered CRSs only") }
        let ratio = min(max((wanted.dotsPerInch ?? Self.usualDotsPerInch) / Self.usualDotsPerInch, PictureView.ratios.lowerBound), PictureView.ratios.upperBound)
        guard let view = PictureView(set: crs.set, envelope: crs.plane(wanted.envelope), width: wanted.width, height: wanted.height, ratio: ratio) else {
            throw ServiceException(
                ParameterError(
                    .invalid, name: "BBOX", value: nil,
                    expected: .init(zh: "\(wanted.crs.wmsName) 中大小合理的矩形", en: "a box of sensible size in \(wanted.crs.wmsName)")))
        }
        let ground: PictureRequest.Ground =
            if wanted.isTransparent && wanted.format != .jpeg {
                .transparent
            } else if let colour = wanted.background, colour != Self.usualBackground {
                .colour(colour[0], colour[1], colour[2])
            } else {
                .style
            }
        let parts = try PictureCatalogue(state: state).parts(wanted.layers)
        return (PictureRequest(parts: parts, view: view, format: wanted.format.tileFormat, ground: ground), crs)
    }

    /// WMS' own default, which OWSLib, ArcGIS and others send with every request: nobody's wish for a white map.
    private static let usualBackground: [UInt8] = [255, 255, 255]

    /// At which symbols have the size that styles give them.
    private static let usualDotsPerInch = 96.0

    // MARK: GetFeatureInfo

    private func featureInfo(_ wanted: WMSFeatureInfoRequest, _ request: Request) async throws -> Response {
        let (order, crs) = try pictureRequest(wanted.map)
        let state = service.library.state
        let catalogue = PictureCatalogue(state: state)
        var layers: [LiveLayer] = []
        for name in wanted.queryLayers {
            guard wanted.map.layers.contains(where: { $0.name == name }) else {
                throw ServiceException(
                    .layerNotDefined, locator: "QUERY_LAYERS",
                    .init(zh: "QUERY_LAYERS 的“\(name.prefix(100))”不在 LAYERS 之中。", en: "'\(name.prefix(100))' of QUERY_LAYERS is not among LAYERS."))
            }
            guard let entry = catalogue.entry(name) else { throw PictureCatalogue.Refusal.noLayer(name) }
            let open = catalogue.layers(entry).filter { $0.definition.isServedByFeature }
            if case .layer(let layer, _) = entry, open.isEmpty {
                throw ServiceException(
                    .layerNotQueryable, locator: "QUERY_LAYERS",
                    .init(
                        zh: "图层“\(name)”属 \(layer.definition.access.rawValue) 级，仅以汇总数或影像上图，不可点查。",
                        en: "Layer '\(name)' is shown as aggregates or images only and cannot be queried."))
            }
            layers += open.filter { layer in
                layer.isShown(atLevel: order.view.nominalLevel) && !layers.contains { $0.definition.id == layer.definition.id }
            }
        }
        let desk = desks.next
        let pixel = (x: Double(wanted.column) + 0.5, y: Double(wanted.row) + 0.5)
        let question = try await PlaceQuestion(
            pixel: pixel, of: order.view, tolerance: wanted.toleranceInPixels, limit: wanted.featureCount, desk: desk)
        let time = wanted.map.time
        let found = try await question?.ask(
            layers.reversed(), in: state, at: time, registry: service.installation.registry, desk: desk) ?? []
        let answer = FeatureInfoAnswer(findings: found, crs: crs.identifier, desk: desk)
        return try await answer.response(in: wanted.format, for: request)
    }

    // MARK: Legends and styles

    private func legend(_ wanted: WMSLegendRequest, _ request: Request) async throws -> Response {
        let state = service.library.state
        let catalogue = PictureCatalogue(state: state)
        guard let part = try catalogue.parts([(wanted.layer, wanted.style)]).first, let map = state.maps[part.map], let style = map.style else {
            throw PictureCatalogue.Refusal.noLayer(wanted.layer)
        }
        let shown = part.layers.map(map.narrowed) ?? map
        let level = wanted.scaleDenominator.map { denominator in
            min(max(StandardScale.level(ofDenominator: denominator), LegendOrder.levels.lowerBound), LegendOrder.levels.upperBound)
        }
        let order = LegendOrder(
            form: .png, style: style, layers: shown.layers.map(\.definition.id), level: level,
            language: wanted.language.flatMap { .init(rawValue: $0) })
        let png = try await legends.legend(order, of: shown, in: style, service: service)
        guard wanted.format != .png else { return .tagged(png, type: wanted.format.rawValue, for: request) }
        return .tagged(try PictureDesk.converted(png: png, to: wanted.format), type: wanted.format.rawValue, for: request)
    }

    private func styles(_ names: [String], _ request: Request) throws -> Response {
        let catalogue = PictureCatalogue(state: service.library.state)
        let documents = WMSDocuments(service: service, baseURL: request.baseURL(service.settings))
        let layers = try names.map { name in
            guard let entry = catalogue.entry(name) else { throw PictureCatalogue.Refusal.noLayer(name) }
            return StyledLayerDescriptor.Layer(name: name, styles: documents.styles(of: entry))
        }
        return .tagged(StyledLayerDescriptor(layers: layers).xml(), type: StyledLayerDescriptor.mediaType, for: request)
    }
}

extension WMSPictureFormat {
    var tileFormat: TileFormat {
        switch self {
        case .png: .png(ratio: 1)
        case .jpeg: .jpeg(ratio: 1)
        case .webp: .webp(ratio: 1)
        }
    }
}

/// Scales and the levels that plans and styles speak of.
enum StandardScale {
    /// Of level 0: one 256 px tile round the equator.
    static let coarsestDenominator =
        2 * StandardGrid.webMercatorHalfWorldInMetres / Double(StandardGrid.tileSizeInPixels) / StandardGrid.renderingPixelSizeInMetres

    static func denominator(ofLevel level: Double) -> Double { coarsestDenominator / exp2(level) }

    static func level(ofDenominator denominator: Double) -> Int {
        Int(min(max(log2(coarsestDenominator / denominator), -1), 30).rounded())
    }
}
