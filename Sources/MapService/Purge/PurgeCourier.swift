import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Carries one delivery to one receiver, once.
struct PurgeCourier: Sendable {
    enum Outcome: Sendable, Equatable {
        case delivered
        /// Why not, for the log.
        case failed(String)
    }

    let client: HTTPClient
    let settings: PurgeSettings

    /// One address is one receiver: where it sends elsewhere, that is a failure, for a signed notice goes nowhere else.
    static func client() -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(30))
        // Tries are counted and spaced by whoever has the queue.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func carry(_ body: [UInt8], id: String, to receiver: String) async -> Outcome {
        let timestamp = Int(Date.now.timeIntervalSince1970)
        var request = HTTPClientRequest(url: receiver)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: MapApplication.serverName)
        request.headers.add(name: "Webhook-Id", value: id)
        request.headers.add(name: "Webhook-Timestamp", value: String(timestamp))
        if !settings.secret.isEmpty {
            for field in WebhookSignature(key: settings.secret).fields(id: id, timestamp: timestamp, body: body) {
                request.headers.add(name: field.name, value: field.value)
            }
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            // The head of the answer is all that counts; what follows it is not waited for.
            let answer = try await client.execute(request, timeout: TimeAmount(settings.answerLimit))
            return (200..<300).contains(answer.status.code) ? .delivered : .failed("HTTP \(answer.status.code)")
        } catch {
            return .failed("\(error)")
        }
    }
}
