import HTTPTypes
import Hummingbird

/// Says what an address takes (RFC 9110 section 9.3.7), also to a browser that asks whether a page of another origin may ask
/// (Fetch standard, CORS-preflight).
///
/// Everything served is open to everybody, so every origin may; credentials are never involved but for the token of whoever
/// changes features, which no browser adds by itself.
struct PreflightMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    let editable: EditableLayers

    private static let headers = "Content-Type, If-None-Match, Accept, Range, If-Range, If-Match"
    private static let headersOfChanges = headers + ", Authorization, Content-Crs, If-Unmodified-Since, Prefer"

    @concurrent
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method == .options else { return try await next(request, context) }
        let methods = editable.methods(at: request.uri.path)
        var headers: HTTPFields = [TileResponse.allowOrigin: "*", .allow: RequestLimits.allowed(request, editable)]
        for (name, value) in methods?.accepts ?? [] { headers[TileResponse.name(name)] = value }
        // Only a preflight names the method that is to follow; to any other question the draft of part 4 has 200 as the answer.
        let isPreflight = request.headers[.accessControlRequestMethod] != nil
        if !isPreflight, methods != nil { return Response(status: .ok, headers: headers) }
        headers[.accessControlAllowMethods] = methods?.allowed ?? "GET, HEAD, POST, OPTIONS"
        headers[.accessControlAllowHeaders] = methods == nil ? Self.headers : Self.headersOfChanges
        headers[.accessControlMaxAge] = "86400"
        return Response(status: .noContent, headers: headers)
    }
}
