import HTTPTypes
import Hummingbird

/// Answers a browser's question whether a page of another origin may ask (Fetch standard, CORS-preflight).
///
/// Everything served is open to everybody, so every origin may; credentials are never involved.
struct PreflightMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    @concurrent
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method == .options else { return try await next(request, context) }
        return Response(
            status: .noContent,
            headers: [
                TileResponse.allowOrigin: "*", .accessControlAllowMethods: "GET, HEAD, POST, OPTIONS",
                .accessControlAllowHeaders: "Content-Type, If-None-Match, Accept, Range, If-Range, If-Match", .accessControlMaxAge: "86400",
            ])
    }
}
