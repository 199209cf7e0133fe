import AsyncHTTPClient
import Crypto
import Foundation
import Logging
import Synchronization
import TileCache
import Testing

@testable import MapService

/// Notices on their way to receivers that take them, or do not.
@Suite struct PurgeDeliveryTests {
    private static func settings(_ change: (inout PurgeSettings) -> Void = { _ in }) -> PurgeSettings {
        var settings = PurgeSettings()
        settings.firstPause = .milliseconds(20)
        settings.longestPause = .milliseconds(100)
        // On a busy machine an answer takes its time; what happens without one is a test of its own.
        settings.answerLimit = .seconds(600)
        settings.secret = Array("sixteen-or-more-characters".utf8)
        change(&settings)
        return settings
    }

    private static func receiver(_ port: Int, _ settings: PurgeSettings) -> PurgeReceiver {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return PurgeReceiver(address: "http://127.0.0.1:\(port)/purge?token=secret", run: "run", settings: settings, logger: logger)
    }

    static func tile(_ number: Int, map: String = "standard") -> PurgeNotice {
        PurgeNotice(
            map: map,
            subject: .tiles([DirtyTiles.Block(matrixSet: "w", level: 16, kind: .vector, rows: number..<number + 1, columns: 0..<1)]),
            reason: .change, dataVersion: UInt64(number))
    }

    /// Lets the receiver deliver for the time of `body`.
    private static func delivering<Value: Sendable>(
        _ receiver: PurgeReceiver, _ settings: PurgeSettings, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let client = PurgeCourier.client()
        let courier = PurgeCourier(client: client, settings: settings)
        let delivering = Task { await receiver.deliver(with: courier) { notice in ["/of/\(notice.map)"] } }
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        delivering.cancel()
        await delivering.value
        try await client.shutdown()
        return try result.get()
    }

    private static func versions(_ deliveries: [PurgeReceiverStub.Delivery]) throws -> [String] {
        try deliveries.map { try $0.document["dataVersion"] as? String ?? "" }
    }

    @Test func noticesArriveInTheirOrderSigned() async throws {
        let settings = Self.settings()
        let stub = PurgeReceiverStub()
        try await stub.listen { port in
            let receiver = Self.receiver(port, settings)
            for number in 1...20 { receiver.post(Self.tile(number)) }
            let got = try await Self.delivering(receiver, settings) { try await stub.deliveries { _ in receiver.statistics.delivered == 20 } }
            #expect(try Self.versions(got) == (1...20).map(String.init))
            #expect(Set(got.compactMap { $0.header("Webhook-Id") }).count == 20)
            for delivery in got {
                let (id, time) = (delivery.header("Webhook-Id") ?? "", delivery.header("Webhook-Timestamp") ?? "")
                let key = SymmetricKey(data: settings.secret)
                let signed = Data("\(id).\(time).".utf8) + Data(delivery.body)
                let code = Data(HMAC<SHA256>.authenticationCode(for: signed, using: key)).base64EncodedString()
                #expect(delivery.header("Webhook-Signature") == "v1,\(code)")
                let plain = HMAC<SHA256>.authenticationCode(for: delivery.body, using: key).map { String(format: "%02x", $0) }.joined()
                #expect(delivery.header("X-Hub-Signature-256") == "sha256=\(plain)")
                #expect(try delivery.document["id"] as? String == id)
                #expect(try delivery.document["paths"] as? [String] == ["/of/standard"])
                #expect(abs(Date.now.timeIntervalSince1970 - (Double(time) ?? 0)) < 300)
            }
            #expect(receiver.statistics.delivered == 20)
        }
    }

    /// Errors and an address elsewhere: tried again with the same id, and nothing else is sent meanwhile.
    @Test func whatIsNotTakenIsTriedAgainBeforeAnythingElse() async throws {
        let settings = Self.settings()
        let elsewhere = PurgeReceiverStub()
        try await elsewhere.listen { other in
            let stub = PurgeReceiverStub(answers: [
                .status(500), .status(404), .redirect("http://127.0.0.1:\(other)/purge"), .status(200), .status(503),
            ])
            try await stub.listen { port in
                let receiver = Self.receiver(port, settings)
                for number in 1...3 { receiver.post(Self.tile(number)) }
                let got = try await Self.delivering(receiver, settings) { try await stub.deliveries { _ in receiver.statistics.delivered == 3 } }
                #expect(try Self.versions(got) == ["1", "1", "1", "1", "2", "2", "3"])
                #expect(got.map { $0.header("Webhook-Id") } == ["run-1", "run-1", "run-1", "run-1", "run-2", "run-2", "run-3"])
                #expect(receiver.statistics.failures == 4)
                #expect(receiver.statistics.delivered == 3)
                #expect(!receiver.statistics.isFailing)
            }
        }
        #expect(elsewhere.deliveries.isEmpty)
    }

    /// However often it takes on a busy machine: the same notice until it is taken, and then the next.
    @Test func aReceiverThatSaysNothingIsAskedAgain() async throws {
        let settings = Self.settings { $0.answerLimit = .seconds(1) }
        let stub = PurgeReceiverStub(answers: [.silence])
        try await stub.listen { port in
            let receiver = Self.receiver(port, settings)
            for number in 1...2 { receiver.post(Self.tile(number)) }
            let got = try await Self.delivering(receiver, settings) {
                try await stub.deliveries { _ in receiver.statistics.delivered == 2 }
            }
            let versions = try Self.versions(got)
            #expect(versions.count >= 3)
            #expect(versions == versions.sorted() && Set(versions) == ["1", "2"])
            #expect(versions.filter { $0 == "1" }.count >= 2)
            #expect(receiver.statistics.failures >= 1)
        }
    }

    /// Nobody listens; more happens than is kept; then somebody does.
    @Test func aReceiverThatWasGoneIsToldAllThatMatters() async throws {
        let settings = Self.settings { $0.queueLimit = 10 }
        // A port that was free a moment ago, and is again.
        let port = try await PurgeReceiverStub().listen { $0 }
        let receiver = Self.receiver(port, settings)
        receiver.post(Self.tile(1))
        try await Self.delivering(receiver, settings) {
            for _ in 0..<3_000 where receiver.statistics.failures < 3 { try await Task.sleep(for: .milliseconds(20)) }
            #expect(receiver.statistics.isFailing)
            for number in 2...50 { receiver.post(Self.tile(number, map: number % 2 == 0 ? "standard" : "grey")) }
            #expect(receiver.statistics.waiting <= 11)
            #expect(receiver.statistics.overflows >= 1)
            let stub = PurgeReceiverStub()
            try await stub.listen(port: port) { _ in
                let got = try await stub.deliveries { _ in receiver.statistics.waiting == 0 }
                #expect(try Self.versions(got) == ["1", "50", "49"])
                #expect(try got.map { try $0.document["type"] as? String } == ["tiles.changed", "map.changed", "map.changed"])
                #expect(try got.map { try $0.document["keys"] as? [String] } == [["standard/vector/w/16/1/0"], ["standard"], ["grey"]])
                #expect(try got[1].document["reason"] as? String == "overflow")
            }
            #expect(receiver.statistics.delivered == 3)
            #expect(receiver.statistics.absorbed == 47)
        }
    }

    @Test func withoutASecretNothingIsSigned() async throws {
        let settings = Self.settings { $0.secret = [] }
        let stub = PurgeReceiverStub()
        try await stub.listen { port in
            let receiver = Self.receiver(port, settings)
            receiver.post(Self.tile(1))
            let got = try await Self.delivering(receiver, settings) { try await stub.deliveries { _ in receiver.statistics.delivered == 1 } }
            #expect(got.first?.header("Webhook-Id") == "run-1")
            #expect(got.first?.header("Webhook-Signature") == nil)
            #expect(got.first?.header("X-Hub-Signature-256") == nil)
        }
    }

    /// RFC 4231, case 2; and Standard Webhooks' way of joining, computed with another program.
    @Test func signaturesAreThoseOfTheStandards() {
        let fields = WebhookSignature(key: Array("Jefe".utf8)).fields(id: "msg", timestamp: 1_700_000_000, body: Array("what do ya want for nothing?".utf8))
        #expect(fields[1].name == "X-Hub-Signature-256")
        #expect(fields[1].value == "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(fields[0].name == "Webhook-Signature")
        #expect(fields[0].value == "v1,f9cG4+ctSx1JtBNmDbI9Wlp+MbDXlZQn47aR4Hxknpc=")
    }

    @Test(arguments: [
        ("https://u:p@cdn.example:8443/purge/x?token=1#a", "https://cdn.example:8443/purge/x"), ("http://127.0.0.1:9/", "http://127.0.0.1:9/"),
    ])
    func theLogDoesNotSayWhatIsSecretInAnAddress(address: String, name: String) {
        #expect(PurgeReceiver.name(of: address) == name)
    }
}
