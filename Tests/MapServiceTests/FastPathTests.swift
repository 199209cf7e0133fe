import Foundation
import HTTPTypes
import NIOCore
import Testing
import TileCache
import TileProduction

@testable import MapService

@Suite struct TilePathTests {
    @Test(arguments: [
        ("/tiles/standard/16/53463/28464.png", TileFormat.png(ratio: 1)), ("/tiles/standard/16/53463/28464@2x.png", .png(ratio: 2)),
        ("/tiles/standard/16/53463/28464.mvt", .mvt), ("/tiles/standard/16/53463/28464.pbf", .mvt),
        ("/tiles/standard/16/53463/28464.jpg", .jpeg(ratio: 1)), ("/tiles/standard/16/53463/28464@2x.webp", .webp(ratio: 2)),
    ]) func readsTheFormsOfATile(target: String, format: TileFormat) {
        let path = TilePath(target: target)
        #expect(path == TilePath(map: "standard", level: 16, column: 53463, row: 28464, format: format))
    }

    @Test(arguments: [
        "", "/", "/tiles/", "/tiles/standard.json", "/tiles/standard/1/2", "/tiles/standard/1/2/3", "/tiles/standard/1/2/3.gif",
        "/tiles/standard/1/2/3.png?x=1", "/tiles/standard//2/3.png", "/tiles/standard/-1/2/3.png", "/tiles/standard/1/2/12345678901.png",
        "/tiles/a%20b/1/2/3.png", "/tiles/standard/1/2/3.pngx", "/tiles/standard/1/2/3@3x.png", "/tilesx/standard/1/2/3.png",
    ]) func leavesEverythingElseToTheRouter(target: String) {
        #expect(TilePath(target: target) == nil)
    }
}

@Suite struct DateStampTests {
    /// The first is the standard's own example; the others are at the seams of days, leap years and centuries.
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
    ]) func writesTheTimeAsHTTPDoes(seconds: Int, text: String) {
        #expect(DateStamp.text(secondsSince1970: seconds) == text)
    }

    @Test func nowIsNow() {
        var stamp = DateStamp()
        let now = stamp.now()
        let after = Int(Date().timeIntervalSince1970)
        #expect(((after - 5)...after).map(DateStamp.text).contains(now))
    }
}

/// Real connections to 127.0.0.1: tiles from memory are answered before the router, in the order of the requests.
@Suite struct FastPathTests {
    private static let png = "/tiles/standard/16/53463/28464.png"
    private static let mvt = "/tiles/standard/16/53463/28464.mvt"

    private static func get(_ target: String, _ headers: String = "", method: String = "GET") -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: map.example\r\n\(headers)\r\n"
    }

    @Test func pipelinedRequestsAreAnsweredInOrderByWhicheverPath() async throws {
        let service = try await Hamlet.freshService()
        let routed = try RouterClient(service)
        let picture = try await routed.ask(Self.png)
        let vector = try await routed.ask(Self.mvt, headers: [.acceptEncoding: "gzip"])
        let tag = try #require(picture.headers[.eTag])
        let requests = [
            Self.get(Self.png), Self.get("/health/live"), Self.get(Self.mvt, "Accept-Encoding: gzip\r\n"),
            Self.get("/collections/admin.town"), Self.get(Self.png, "If-None-Match: \(tag)\r\n"), Self.get(Self.png),
            Self.get("/nowhere"), Self.get(Self.mvt), Self.get(Self.png),
        ]
        let bytes = try await LoopbackServer.run(service) { port, _ in
            try await RawConnection.exchange(port: port, sending: requests.joined()) { ResponseStream.parts(of: $0).count == requests.count }
        }
        let parts = ResponseStream.parts(of: bytes)
        #expect(parts.map(\.status) == [200, 200, 200, 200, 304, 200, 404, 200, 200])
        guard parts.count == requests.count else { return }
        for place in [0, 5, 8] { #expect(parts[place].body == picture.body) }
        #expect(parts[2].body == vector.body && parts[2].headers["content-encoding"] == "gzip")
        #expect(parts[7].body == (try vector.unpacked()) && parts[7].headers["content-encoding"] == nil)
        #expect(parts[4].body.isEmpty && parts[4].headers["etag"] == tag)
        #expect(parts[3].headers["content-type"] == "application/json")
    }

    @Test func aThousandPipelinedTilesComeBackWhole() async throws {
        let service = try await Hamlet.freshService()
        let picture = try await RouterClient(service).ask(Self.png)
        let bytes = try await LoopbackServer.run(service) { port, _ in
            try await RawConnection.exchange(port: port, sending: String(repeating: Self.get(Self.png), count: 1000)) {
                $0.count >= 1000 * (picture.body.count + 100) && ResponseStream.parts(of: $0).count == 1000
            }
        }
        let parts = ResponseStream.parts(of: bytes)
        #expect(parts.count == 1000)
        #expect(parts.allSatisfy { $0.status == 200 && $0.body == picture.body })
    }

    /// Ahead of the decoder (one whole request in one read), behind it (several), and through the router.
    @Test(arguments: [1, 2]) func everyPathSendsTheSameHeaders(requests: Int) async throws {
        let service = try await Hamlet.freshService()
        let client = try RouterClient(service)
        for target in [Self.png, Self.mvt] {
            let routed = try await client.ask(target, headers: [.acceptEncoding: "gzip"])
            let bytes = try await LoopbackServer.run(service) { port, _ in
                try await RawConnection.exchange(
                    port: port, sending: String(repeating: Self.get(target, "Accept-Encoding: gzip\r\n"), count: requests)
                ) { ResponseStream.parts(of: $0).count == requests }
            }
            let parts = ResponseStream.parts(of: bytes)
            #expect(parts.count == requests)
            for part in parts {
                #expect(part.status == 200 && part.body == routed.body)
                for field in routed.headers {
                    #expect(part.headers[field.name.canonicalName] == field.value, "\(target) \(field.name)")
                }
                #expect(part.headers["date"]?.hasSuffix(" GMT") == true && part.headers["server"] == "workmap")
            }
        }
    }

    @Test func aLoneRequestForAnUnchangedTileIs304() async throws {
        let service = try await Hamlet.freshService()
        let tag = try #require(try await RouterClient(service).ask(Self.png).headers[.eTag])
        let bytes = try await LoopbackServer.run(service) { port, _ in
            try await RawConnection.exchange(port: port, sending: Self.get(Self.png, "If-None-Match: \(tag)\r\n")) { $0.suffix(4) == [13, 10, 13, 10] }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 304 ") && text.contains(tag) && !text.contains("Content-Length"))
    }

    @Test func aConnectionThatIsToBeClosedIsClosed() async throws {
        let service = try await Hamlet.freshService()
        let picture = try await RouterClient(service).ask(Self.png)
        let bytes = try await LoopbackServer.run(service) { port, _ in
            try await RawConnection.exchange(port: port, sending: Self.get(Self.png, "Connection: close\r\n")) { _ in false }
        }
        #expect(ResponseStream.parts(of: bytes).first?.body == picture.body)
    }

    /// What is being made when the service is told to stop is made and sent; then nobody listens any more.
    @Test func aGracefulStopFinishesWhatIsUnderWay() async throws {
        let service = try await Hamlet.freshService()
        let port = try await LoopbackServer.run(service) { port, stop in
            async let answer = RawConnection.exchange(port: port, sending: Self.get("/tiles/standard/14/13365/7116@2x.png")) { _ in false }
            // Once a production has begun the request is certainly under way.
            while await service.tiles.counters.started == 0 { await Task.yield() }
            await stop()
            let parts = ResponseStream.parts(of: try await answer)
            #expect(parts.map(\.status) == [200])
            #expect(parts.first?.headers["content-type"] == "image/png")
            return port
        }
        await #expect(throws: (any Error).self) {
            try await RawConnection.exchange(port: port, sending: Self.get("/health/live")) { !$0.isEmpty }
        }
    }
}
