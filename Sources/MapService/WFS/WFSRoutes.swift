import FeatureStore
import HTTPTypes
import Hummingbird
import Markup
import OGCAPI
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// WFS 2.0.0 at `/wfs`, to read from: key-value pairs by GET and POST, XML by POST.
struct WFSRoutes {
    let service: ServiceContext
    let desks: FeatureDesks

    /// Of a request that comes as a body: what a filter of a hundred thousand positions takes.
    static let bodyLimit = MarkupLimits().bytes

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/wfs") { request, _ in
            try await answering {
                let parameters = try request.parameters()
                return try await answer(try WFSRequest(kvp: parameters), parameters, request)
            }
        }
        router.post("/wfs") { request, _ in
            try await answering { try await answer(try await Self.sent(request), nil, request) }
        }
    }

    private func answering(_ work: () async throws -> Response) async throws -> Response {
        do {
            return try await work()
        } catch {
            guard let exception = WFSFailure.exception(for: error) else { throw error }
            return WFSFailure.response(exception)
        }
    }

    /// The request in a body: XML, or the key-value pairs of a form.
    private static func sent(_ request: Request) async throws -> WFSRequest {
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: bodyLimit).readableBytesView)
        } catch {
            throw ServiceException(
                .operationParsingFailed, .init(zh: "请求体至多 \(bodyLimit) 字节", en: "The body of a request has at most \(bodyLimit) bytes."), status: 413)
        }
        if request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true {
            return try WFSRequest(kvp: try QueryParameters(String(decoding: body, as: UTF8.self), limits: .init(bytes: bodyLimit)))
        }
        return try WFSRequest(xml: try MarkupReader.read(body))
    }

    /// - Parameter parameters: of a request that can be asked again for another page.
    private func answer(_ wanted: WFSRequest, _ parameters: QueryParameters?, _ request: Request) async throws -> Response {
        let state = service.library.state
        let documents = WFSDocuments(service: service, state: state, baseURL: request.baseURL(service.settings))
        func page(_ query: WFSQuery, _ desk: FeatureDesk) async throws -> WFSPage {
            WFSPage(
                query: query, chosen: try await WFSSelection(query, in: state, desk: desk), desk: desk, documents: documents, parameters: parameters,
                cap: service.settings.exportSquareKilometres)
        }
        switch wanted {
        case .capabilities(let wanted):
            return .tagged(try documents.capabilities(wanted), type: WFSCapabilities.mediaType, for: request)
        case .types(let names):
            return .tagged(try documents.schema(names).xml(), type: WFSFormat.gml.rawValue, for: request)
        case .storedQueries: return .tagged(documents.storedQueries.list(), type: WFSCapabilities.mediaType, for: request)
        case .storedQueryDescriptions(let ids):
            return .tagged(try documents.storedQueryDescriptions(ids), type: WFSCapabilities.mediaType, for: request)
        case .features(let query): return try await page(query, desks.next).features(for: request)
        case .values(let query, let reference): return try await page(query, desks.next).values(reference, for: request)
        case .feature(let id, let crs, let format):
            let chosen = try WFSSelection(resource: id, in: state)
            return try await WFSFeature(chosen: chosen, resource: id, desk: desks.next, registry: service.installation.registry, documents: documents)
                .response(crs, format, for: request)
        }
    }
}
