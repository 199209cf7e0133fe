import NIOCore
import Testing
import TileCache

@testable import MapService

/// What is answered ahead of the HTTP decoder has to be beyond doubt.
@Suite struct PlainRequestTests {
    private static let target = "/tiles/standard/16/53463/28464.png"
    private static let line = "GET \(target) HTTP/1.1\r\n"
    private static let path = TilePath(map: "standard", level: 16, column: 53463, row: 28464, format: .png(ratio: 1))

    private static func request(_ text: String) -> PlainRequest? { PlainRequest(ByteBuffer(string: text)) }

    @Test func readsWhatABrowserSends() throws {
        let fields = [
            "Host: map.example", "User-Agent: a browser (x; y)", "Accept: image/*,*/*;q=0.8", "accept-encoding: \t gzip, deflate, br ",
            "Referer: http://map.example/", "Connection: Keep-Alive", "Cookie: a=b; c=\"d\"", "If-None-Match: \"0123\"",
        ]
        let request = try #require(Self.request(Self.line + fields.map { $0 + "\r\n" }.joined() + "\r\n"))
        #expect(request.path == Self.path)
        #expect(request.acceptEncoding == "gzip, deflate, br")
        #expect(request.ifNoneMatch == "\"0123\"")
    }

    @Test func anotherTargetHasNoTile() throws {
        let request = try #require(Self.request("GET /collections HTTP/1.1\r\nHost: a\r\n\r\n"))
        #expect(request.path == nil)
    }

    @Test(arguments: [
        "", "GET", "\r\n\r\n", line, line + "\r\n", line + "Host: a\r\n", "GET \(target) HTTP/1.1\nHost: a\n\n",
        "HEAD \(target) HTTP/1.1\r\nHost: a\r\n\r\n", "POST \(target) HTTP/1.1\r\nHost: a\r\n\r\n", "GET \(target) HTTP/1.0\r\nHost: a\r\n\r\n",
    ]) func aRequestLineOfAnotherKindIsLeftToTheDecoder(text: String) {
        #expect(Self.request(text) == nil)
    }

    @Test(arguments: [
        "Host: a\r\nHost: b", "Host:", "Host : a", "Host: a\r\n folded", "Host: a\r\n X: folded", "Host: a\r\nnothing", "Host: a\nX: y",
        "Host: a\rX: y", "Host: a\r\nX: a\rb", "Host: a\r\nX: a\u{0}b", "Host: a\r\nContent-Length: 3", "Host: a\r\nContent-Length: 0",
        "Host: a\r\nContent-Length : 3", "Host: a\r\nTransfer-Encoding: chunked", "Host: a\r\nConnection: close", "Host: a\r\nUpgrade: h2c",
        "Host: a\r\nRange: bytes=0-1", "Host: a\r\nExpect: 100-continue", "Host: a\r\nTE: trailers",
        "Host: a\r\nAccept-Encoding: gzip\r\nAccept-Encoding: br", "Host: a\r\nIf-None-Match: \"a\"\r\nIf-None-Match: \"b\"",
        "Host: a\r\nIf-Modified-Since: Thu, 26 Nov 2026 00:00:00 GMT",
    ]) func fieldsThatAskForMoreAreLeftToTheDecoder(fields: String) {
        #expect(Self.request("\(Self.line)\(fields)\r\n\r\n") == nil)
    }

    @Test(arguments: [" ", "GET", "abc", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"]) func whatFollowsARequestLeavesBothToTheDecoder(more: String) {
        #expect(Self.request("\(Self.line)Host: a\r\n\r\n\(more)") == nil)
    }

    @Test(arguments: ["X: " + String(repeating: "a", count: 9000), String(repeating: "X: y\r\n", count: 2000) + "Z: z"])
    func aHeadOfManyKilobytesIsLeftToTheDecoder(fields: String) {
        #expect(Self.request("\(Self.line)Host: a\r\n\(fields)\r\n\r\n") == nil)
    }
}
