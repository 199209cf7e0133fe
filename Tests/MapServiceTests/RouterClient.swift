import Compression
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

@testable import MapService

/// Asks the router as a connection would, without a socket.
struct RouterClient: Sendable {
    let service: ServiceContext
    private let asker: RouterAsker

    init(_ service: ServiceContext) throws {
        self.service = service
        asker = RouterAsker(try MapApplication(service).router())
    }

    /// - Parameter target: path and query as they travel, percent-encoded.
    func ask(
        _ target: String, _ method: HTTPRequest.Method = .get, headers: HTTPFields = [:], body: String = ""
    ) async throws -> Answer {
        try await asker.ask(target, method, headers: headers, body: body)
    }
}

/// Asks any router.
struct RouterAsker: Sendable {
    private let responder: any HTTPResponder<ServiceRequestContext>

    init(_ router: Router<ServiceRequestContext>) { responder = router.buildResponder() }

    /// - Parameter target: path and query as they travel, percent-encoded.
    func ask(
        _ target: String, _ method: HTTPRequest.Method = .get, headers: HTTPFields = [:], body: String = ""
    ) async throws -> Answer {
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "map.example", path: target, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(string: body)))
        // The server names every request before the router sees it; incident numbers are these names.
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        logger[metadataKey: "hb.request.id"] = "request-of-a-test"
        let context = ServiceRequestContext(
            source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: logger))
        let response = try await responder.respond(to: request, context: context)
        let collected = CollectingWriter()
        try await response.body.write(collected)
        return Answer(status: response.status.code, headers: response.headers, body: collected.bytes)
    }
}

/// What came back.
struct Answer: Sendable {
    var status: Int
    var headers: HTTPFields
    var body: [UInt8]

    var type: String { headers[.contentType] ?? "" }
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object.
    func json() throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            throw UnexpectedBody(text: String(text.prefix(200)))
        }
        return object
    }

    /// The features of a collection.
    func features() throws -> [[String: Any]] {
        guard let features = try json()["features"] as? [[String: Any]] else {
            throw UnexpectedBody(text: String(text.prefix(200)))
        }
        return features
    }

    func unpacked() throws -> [UInt8] {
        headers[.contentEncoding] == "gzip" ? try Decompressor().decompress(body, format: .gzip, limit: 1 << 26) : body
    }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

struct UnexpectedBody: Error {
    var text: String
}

private final class CollectingWriter: ResponseBodyWriter, Sendable {
    private let collected = Mutex<[UInt8]>([])

    var bytes: [UInt8] { collected.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        collected.withLock { $0 += Array(buffer.readableBytesView) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
