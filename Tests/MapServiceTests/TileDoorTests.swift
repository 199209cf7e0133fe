import NIOCore
import NIOEmbedded
import Testing
import TileCache

@testable import MapService

/// The door alone on a channel that only records: what it answers and what it lets pass.
@Suite struct TileDoorTests {
    private static let tile = EncodedTile(
        format: .mvt, body: Array("a tile".utf8), isGzip: true, leftOut: ["too-small": 3, "density": 2], dataVersion: 7)
    private static let target = "/tiles/standard/3/6/3.mvt"

    private let metrics = Metrics()
    private let exchange = TileExchange()
    private let channel: EmbeddedChannel

    init() throws {
        let door = TileDoor(exchange: exchange, metrics: metrics) { path in
            path == TilePath(target: Self.target) ? Self.tile : nil
        }
        channel = EmbeddedChannel(handler: door)
    }

    private static func request(_ target: String, _ fields: String = "Accept-Encoding: gzip\r\n") -> ByteBuffer {
        ByteBuffer(string: "GET \(target) HTTP/1.1\r\nHost: map.example\r\n\(fields)\r\n")
    }

    private func answer() throws -> String? { try channel.readOutbound(as: ByteBuffer.self).map { String(buffer: $0) } }

    private func passed() throws -> String? { try channel.readInbound(as: ByteBuffer.self).map { String(buffer: $0) } }

    @Test func aTileInMemoryIsAnsweredAtOnce() throws {
        for _ in 1...3 {
            try channel.writeInbound(Self.request(Self.target))
            let text = try #require(try answer())
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.hasSuffix("\r\n\r\na tile"))
            for field in [
                "Content-Length: 6", "Content-Encoding: gzip", "Vary: Accept-Encoding", "ETag: \(Self.tile.entityTag)",
                "X-Data-Version: 7", "X-Tile-Left-Out: density=2, too-small=3", "Content-Type: application/vnd.mapbox-vector-tile",
            ] { #expect(text.contains("\r\n\(field)\r\n")) }
            #expect(try passed() == nil)
        }
        #expect(metrics.exposition(readings: []).contains(#"workmap_requests_total{route="tile-hit",status="200"} 3"#))
    }

    @Test func aKnownTagIsAnsweredWithoutABody() throws {
        try channel.writeInbound(Self.request(Self.target, "Accept-Encoding: gzip\r\nIf-None-Match: \(Self.tile.entityTag)\r\n"))
        let text = try #require(try answer())
        #expect(text.hasPrefix("HTTP/1.1 304 Not Modified\r\n") && text.hasSuffix("\r\n\r\n"))
        #expect(!text.contains("Content-Length"))
    }

    @Test func aClientThatTakesNoGzipIsLeftToTheRouter() throws {
        let request = Self.request(Self.target, "")
        try channel.writeInbound(request)
        #expect(try passed() == String(buffer: request))
        #expect(try answer() == nil)
    }

    /// The decoder would refuse it with a bare status.
    @Test func chineseThatIsNotEscapedIsRefusedInWords() throws {
        try channel.writeInbound(Self.request("/search?q=道滘"))
        let text = try #require(try answer())
        #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n") && text.contains("\r\nContent-Type: application/problem+json\r\n"))
        let body = try #require(text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] })
        #expect(text.contains("\r\nContent-Length: \(body.utf8.count)\r\n"))
        #expect(body.contains("请按 UTF-8 作百分号编码") && body.contains("percent-encode them as UTF-8"))
        #expect(try passed() == nil)
        try channel.writeInbound(Self.request(Self.target))
        #expect(try answer()?.hasPrefix("HTTP/1.1 200 OK\r\n") == true, "the connection goes on")
    }

    /// While the router works on a request nothing may overtake its response.
    @Test func nothingOvertakesARequestThatWasPassedOn() throws {
        let other = Self.request("/collections")
        try channel.writeInbound(other)
        #expect(try passed() == String(buffer: other))
        #expect(!exchange.isQuiet)
        try channel.writeInbound(Self.request(Self.target))
        #expect(try answer() == nil)
        #expect(try passed() != nil)
    }

    @Test func afterTheRoutersResponseTheDoorAnswersAgain() throws {
        try channel.writeInbound(Self.request("/collections"))
        #expect(try passed() != nil)
        exchange.isQuiet = true
        try channel.writeInbound(Self.request(Self.target))
        #expect(try answer()?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
    }

    /// Half a request, or two at once: the connection is the decoder's from then on.
    @Test(arguments: ["GET /tiles/standard/3/6/3.mvt HT", "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"])
    func aConnectionThatIsNotPlainIsLeftAlone(text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
        #expect(try passed() == text)
        exchange.isQuiet = true
        try channel.writeInbound(Self.request(Self.target))
        #expect(try answer() == nil)
        #expect(try passed() != nil)
    }
}
