import HTTPTypes
import Hummingbird

/// Finds out how the world reached the service, before any route builds an address; inside `AnsweringMiddleware`, which words
/// the refusal.
struct AddressMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    let address: PublicAddress

    init(_ settings: ServiceSettings) {
        address = PublicAddress(settings: settings)
    }

    @concurrent
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        // Whoever watches the service asks by number, and gets no document with an address in it.
        if Self.isWatched(request.uri.path) { return try await next(request, context) }
        let base = try address.base(of: request, peer: { context.remoteAddress?.ipAddress })
        return try await PublicAddress.$current.withValue(base) { try await next(request, context) }
    }

    private static func isWatched(_ path: String) -> Bool { path.hasPrefix("/health/") || path == "/metrics" }
}
