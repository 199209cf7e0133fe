import Hummingbird
import OGCAPI
import Wording

/// What is refused before a route looks at it, and what no route takes.
enum RequestLimits {
    /// Bytes of a request target; a query string within it has its own, smaller limit.
    static let targetBytes = 20_000

    /// - Throws: 414 for a target that no client of this service has reason to send.
    static func check(_ request: Request) throws {
        guard request.uri.description.utf8.count <= targetBytes else {
            throw ProblemError(
                414, .requestTooLong,
                .init(
                    zh: "地址长 \(request.uri.description.utf8.count) 字节，至多读 \(targetBytes) 字节；较长的多边形请用 POST 放在请求体中发送",
                    en: "the address has \(request.uri.description.utf8.count) bytes; at most \(targetBytes) are read. Send a long polygon as the body of a POST"
                ))
        }
    }

    /// Whether the client expects OWS exception reports instead of problem documents.
    static func speaksOWS(_ request: Request) -> Bool {
        let parts = request.uri.path.split(separator: "/")
        return parts.first == "wmts" || parts.first == "DataServer" || (parts.count == 2 && parts[1] == "wmts" && parts[0].contains("_"))
    }

    /// Whether the client expects the exception reports of WMS.
    static func speaksWMS(_ request: Request) -> Bool { request.uri.path == "/wms" }

    /// Whether the client expects the exception reports of WFS.
    static func speaksWFS(_ request: Request) -> Bool { request.uri.path == "/wfs" }

    /// Nothing lies under this address, or nothing takes this method.
    static func unrouted(_ request: Request, _ editable: EditableLayers) -> ProblemDocument {
        guard request.method == .get || request.method == .head else {
            return ProblemDocument(
                title: .init(zh: "不支持此方法", en: "Method not allowed"), status: 405,
                detail: .init(
                    zh: "\(request.uri.path.prefix(200)) 不支持 \(request.method.rawValue)；请用 \(allowed(request, editable))",
                    en: "\(request.method.rawValue) is not taken at \(request.uri.path.prefix(200)); ask with \(allowed(request, editable))"))
        }
        return ProblemDocument(
            title: .notFound, status: 404,
            detail: .init(
                zh: "\(request.uri.path.prefix(200)) 处没有内容；请从 /（门户）、/collections、/tiles/{map}.json 或 /wmts?SERVICE=WMTS&REQUEST=GetCapabilities 开始",
                en: "there is nothing at \(request.uri.path.prefix(200)); begin at / (portal), /collections, /tiles/{map}.json or /wmts?SERVICE=WMTS&REQUEST=GetCapabilities"
            ))
    }

    static func allowed(_ request: Request, _ editable: EditableLayers) -> String {
        if let methods = editable.methods(at: request.uri.path) { return methods.allowed }
        let parts = request.uri.path.split(separator: "/")
        let takesAreas = parts.count == 3 && parts[0] == "collections" && (parts[2] == "items" || parts[2] == "export")
        return takesAreas || speaksWFS(request) ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS"
    }
}
