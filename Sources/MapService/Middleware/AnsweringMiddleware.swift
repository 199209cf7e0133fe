import HTTPTypes
import Hummingbird
import Logging
import OGCAPI
import Tiling

/// Around every routed request: errors become problem documents, headers that all responses share are set, the
/// request is counted and logged.
struct AnsweringMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let metrics: Metrics

    @concurrent
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = answer(error, request, context)
        }
        response.headers[TileResponse.allowOrigin] = "*"
        response.headers[TileResponse.exposeHeaders] = TileResponse.exposed
        let route = context.endpointPath ?? "unrouted"
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
        let incident = context.id
        if let exception = error as? ServiceException {
            return Response(
                status: .init(code: exception.code.status), headers: [.contentType: ServiceException.mediaType],
                body: .init(byteBuffer: ByteBuffer(bytes: exception.xml())))
        }
        let (document, isOurs) = ErrorTable.problem(for: error, incident: incident)
        if isOurs {
            context.logger.error(
                "request failed", metadata: ["incident": "\(incident)", "path": "\(request.uri.path)", "error": "\(error)"])
        }
        var headers: HTTPFields = [.contentType: ProblemDocument.mediaType]
        if document.status == 503 { headers[.retryAfter] = "1" }
        return Response(
            status: .init(code: document.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: document.json().bytes())))
    }
}
