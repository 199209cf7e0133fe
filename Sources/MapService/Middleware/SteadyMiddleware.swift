import FeatureStore
import HTTPTypes
import Hummingbird
import TileProduction

/// Lets a request for what a layer holds begin anew where the layer was changed while it was read, so that nobody who reads is
/// disturbed by those who write.
struct SteadyMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    let library: MapLibrary

    /// How often one request may begin.
    private static let attempts = 8

    @concurrent
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        // What is sent with a request can be read once.
        guard request.method == .get || request.method == .head else { return try await next(request, context) }
        return try await Self.steadily(library) { try await next(request, context) }
    }

    static func steadily<Value>(_ library: MapLibrary, _ body: () async throws -> Value) async throws -> Value {
        for _ in 1..<attempts {
            do {
                return try await body()
            } catch let error as RegistryError where error.code == .versionChanged {
                try await library.catchUp()
            }
        }
        return try await body()
    }
}
