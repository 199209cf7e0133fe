import Hummingbird
import OGCAPI

/// What is refused before a route looks at it, and what no route takes.
enum RequestLimits {
    /// Bytes of a request target; a query string within it has its own, smaller limit.
    static let targetBytes = 20_000

    /// - Throws: 414 for a target that no client of this service has reason to send.
    static func check(_ request: Request) throws {
        guard request.uri.description.utf8.count <= targetBytes else {
            throw ProblemError(
                414, "Request too long",
                "the address has \(request.uri.description.utf8.count) bytes; at most \(targetBytes) are read. Send a long polygon as the body of a POST")
        }
    }

    /// Whether the client expects OWS exception reports instead of problem documents.
    static func speaksOWS(_ request: Request) -> Bool {
        let parts = request.uri.path.split(separator: "/")
        return parts.first == "wmts" || parts.first == "DataServer" || (parts.count == 2 && parts[1] == "wmts" && parts[0].contains("_"))
    }

    /// Nothing lies under this address, or nothing takes this method.
    static func unrouted(_ request: Request) -> ProblemDocument {
        guard request.method == .get || request.method == .head else {
            return ProblemDocument(
                title: "Method not allowed", status: 405,
                detail: "\(request.method.rawValue) is not taken at \(request.uri.path.prefix(200)); ask with \(allowed(request))")
        }
        return ProblemDocument(
            title: "Not found", status: 404,
            detail: "there is nothing at \(request.uri.path.prefix(200)); begin at / (portal), /collections, /tiles/{map}.json or /wmts?SERVICE=WMTS&REQUEST=GetCapabilities")
    }

    static func allowed(_ request: Request) -> String {
        let parts = request.uri.path.split(separator: "/")
        let takesAreas = parts.count == 3 && parts[0] == "collections" && parts[2] == "items"
        return takesAreas ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS"
    }
}
