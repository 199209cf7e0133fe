import HTTPTypes
import Hummingbird
import Logging
import OGCAPI
import Tiling

/// Around every routed request: errors become problem documents, headers that all responses share are set, the
/// request is counted and logged.
struct AnsweringMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    let metrics: Metrics
    let editable: EditableLayers

    /// What is said about a refusal is said in both, in this order (RFC 9110 section 8.5).
    private static let languages = "zh, en"

    @concurrent
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do {
            try RequestLimits.check(request)
            response = try await next(request, context)
        } catch {
            response = answer(error, request, context)
        }
        response.headers[TileResponse.allowOrigin] = "*"
        response.headers[TileResponse.exposeHeaders] = TileResponse.exposed
        // Hummingbird calls the place where nothing lies by this name.
        let route = context.endpointPath.flatMap { $0 == "NotFound" ? nil : $0 } ?? "unrouted"
        let elapsed = start.duration(to: .now).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        metrics.record(
            route: route, status: response.status.code, bytes: response.body.contentLength ?? 0, seconds: seconds)
        context.logger.debug(
            "request", metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
                "ms": "\((seconds * 10_000).rounded() / 10)",
            ])
        return response
    }

    private func answer(_ error: any Error, _ request: Request, _ context: Context) -> Response {
        if let exception = error as? ServiceException { return report(exception) }
        let incident = context.id
        var (document, isOurs) = ErrorTable.problem(for: error, incident: incident)
        // Routes word their own refusals; a bare 404 is the router's.
        if (error as? HTTPError)?.status == .notFound { document = RequestLimits.unrouted(request, editable) }
        if isOurs {
            context.logger.error(
                "request failed", metadata: ["incident": "\(incident)", "path": "\(request.uri.path)", "error": "\(error)"])
        }
        var response: Response
        if RequestLimits.speaksOWS(request), document.status != 405 {
            response = report(ServiceException(document))
        } else if TMSRoutes.isAddressed(request), document.status != 405 {
            response = Response(
                status: .init(code: document.status), headers: [.contentType: TileMapService.mediaType, .contentLanguage: Self.languages],
                body: .init(byteBuffer: ByteBuffer(bytes: TileMapService.error(document))))
        } else if RequestLimits.speaksWMS(request), document.status != 405 {
            response = WMSFailure(ServiceException(document), of: request).response()
        } else if RequestLimits.speaksWFS(request), document.status != 405 {
            response = WFSFailure.response(ServiceException(document))
        } else {
            response = Response(
                status: .init(code: document.status),
                headers: [.contentType: ProblemDocument.mediaType, .contentLanguage: Self.languages],
                body: .init(byteBuffer: ByteBuffer(bytes: document.json().bytes())))
        }
        if document.status == 503 { response.headers[.retryAfter] = "1" }
        if document.status == 405 { response.headers[.allow] = RequestLimits.allowed(request, editable) }
        if document.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        for field in (error as? ProblemError)?.headers ?? [:] { response.headers[field.name] = field.value }
        return response
    }

    private func report(_ exception: ServiceException) -> Response {
        Response(
            status: .init(code: exception.status), headers: [.contentType: ServiceException.mediaType, .contentLanguage: Self.languages],
            body: .init(byteBuffer: ByteBuffer(bytes: exception.xml())))
    }
}
