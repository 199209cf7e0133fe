import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Synchronization
import Tiling

@testable import MapService

/// Someone who is told of purges: a small server on the loopback interface that notes what it gets and answers as it is bid.
final class PurgeReceiverStub: Sendable {
    struct Delivery: Sendable {
        var headers: HTTPFields
        var body: [UInt8]

        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
        var document: [String: Any] {
            get throws {
                guard let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
                    throw UnexpectedBody(text: String(decoding: body, as: UTF8.self))
                }
                return object
            }
        }
    }

    enum Answer: Sendable {
        case status(Int)
        case redirect(String)
        /// Nothing for so long that nobody waits for it.
        case silence
    }

    private struct State {
        var deliveries: [Delivery] = []
        var answers: [Answer] = []
    }

    private let state: Mutex<State>

    /// - Parameter answers: to the first deliveries; 204 to all after them.
    init(answers: [Answer] = []) { state = Mutex(State(answers: answers)) }

    var deliveries: [Delivery] { state.withLock { $0.deliveries } }

    /// Deliveries as soon as they satisfy, for at most a minute.
    func deliveries(when holds: ([Delivery]) throws -> Bool) async throws -> [Delivery] {
        for _ in 0..<3_000 {
            let now = deliveries
            if try holds(now) { return now }
            try await Task.sleep(for: .milliseconds(20))
        }
        return deliveries
    }

    /// Listens for the time of `body`, which gets the port.
    func listen<Value: Sendable>(
        port: Int = 0, _ body: @Sendable (Int) async throws -> Value
    ) async throws -> Value {
        let router = Router()
        router.post("/**") { [self] request, _ in
            let bytes = try await request.body.collect(upTo: 4 << 20)
            return try await answer(Delivery(headers: request.headers, body: Array(bytes.readableBytesView)))
        }
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        let told = logger
        return try await LoopbackServer.run(
            { onListening in
                Application(
                    router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
                    onServerRunning: { await onListening($0.localAddress?.port ?? 0) }, logger: told)
            }, logger: logger
        ) { port, _ in try await body(port) }
    }

    private func answer(_ delivery: Delivery) async throws -> Response {
        let answer = state.withLock { state in
            state.deliveries.append(delivery)
            return state.answers.isEmpty ? Answer.status(204) : state.answers.removeFirst()
        }
        switch answer {
        case .status(let code): return Response(status: .init(code: code))
        case .redirect(let address): return Response(status: .found, headers: [.location: address])
        case .silence:
            try await Task.sleep(for: .seconds(3))
            return Response(status: .noContent)
        }
    }
}
