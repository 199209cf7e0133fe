import HTTPTypes
import Hummingbird
import OGCAPI

extension Request {
    /// The decoded query string.
    func parameters() throws(ParameterError) -> QueryParameters {
        try QueryParameters(uri.query ?? "")
    }

    /// Whether the client takes any of the media types (RFC 9110 section 12.5.1); no `Accept` takes everything.
    func accepts(_ types: [String]) -> Bool {
        guard let header = headers[.accept] else { return true }
        var taken: [Substring: Bool] = [:]
        for item in header.lowercased().split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let range = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            taken[Substring(range)] = weight > 0
        }
        return types.contains { type in
            let family = type.prefix { $0 != "/" } + "/*"
            return taken[Substring(type)] ?? taken[family] ?? taken["*/*"] ?? false
        }
    }

    /// How the world reaches this service, without a slash at the end: what `AddressMiddleware` has found out.
    ///
    /// - Parameter settings: say it where no middleware has run.
    func baseURL(_ settings: ServiceSettings) -> String {
        PublicAddress.current ?? settings.publicURL ?? "http://\(settings.host):\(settings.port)"
    }
}

extension Response {
    /// A JSON document with an entity tag of its content.
    static func json(_ document: [UInt8], type: String = "application/json", for request: Request) -> Response {
        tagged(document, type: type, for: request)
    }

    /// Bytes with an entity tag, or 304 when the client has them.
    ///
    /// - Parameter tag: in quotes; `nil` for one of the bytes alone.
    static func tagged(
        _ bytes: [UInt8], type: String, cacheControl: String = "no-cache", tag: String? = nil, for request: Request
    ) -> Response {
        let tag = tag ?? ContentTag.of(bytes)
        var headers: HTTPFields = [.contentType: type, .eTag: tag, .cacheControl: cacheControl]
        if request.headers[.ifNoneMatch].map({ ContentTag.matches($0, tag) }) == true {
            return Response(status: .notModified, headers: headers)
        }
        var body = bytes
        if bytes.count > 1000, TileResponse.acceptsGzip(request.headers[.acceptEncoding]), ContentTag.isText(type) {
            body = ContentTag.gzip(bytes)
            headers[.contentEncoding] = "gzip"
        }
        headers[.vary] = "Accept-Encoding"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
