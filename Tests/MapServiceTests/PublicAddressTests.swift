import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import MapService

/// How the service finds out what the world calls it.
@Suite struct PublicAddressTests {
    private static func settings(_ proxies: [String] = ["127.0.0.1", "10.0.0.0/8"], hosts: Set<String> = [], publicURL: String? = nil) -> ServiceSettings {
        var settings = ServiceSettings()
        settings.trustedProxies = proxies.compactMap { AddressRange($0) }
        settings.allowedHosts = hosts
        settings.publicURL = publicURL
        return settings
    }

    private static func base(
        _ fields: [(String, String)], host: String? = "inner:8080", peer: String? = "127.0.0.1", _ settings: ServiceSettings = settings()
    ) throws(ProblemError) -> String {
        var headers = HTTPFields()
        for (name, value) in fields { headers.append(HTTPField(name: TileResponse.name(name), value: value)) }
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: host, path: "/", headerFields: headers), body: .init(buffer: ByteBuffer()))
        return try PublicAddress(settings: settings).base(of: request, peer: { peer })
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var fields: [(String, String)]
        var base: String
        var testDescription: String { fields.map { "\($0.0): \($0.1)" }.joined(separator: ", ") }

        init(_ base: String, _ fields: (String, String)...) {
            self.fields = fields
            self.base = base
        }
    }

    @Test(arguments: [
        Case("http://inner:8080"),
        Case("https://map.example", ("Forwarded", "for=192.0.2.60;proto=https;host=map.example")),
        Case("https://map.example:8443", ("Forwarded", "For=\"[2001:db8::1]:4711\"; Proto=HTTPS; Host=\"map.example:8443\"")),
        Case("https://map.example/work", ("Forwarded", "proto=https;host=map.example"), ("X-Forwarded-Prefix", "/work/")),
        // The client wrote the first element itself; the proxy at 192.0.2.60 is not trusted, so only the last one counts.
        Case("https://map.example", ("Forwarded", "host=evil.example;proto=http, for=192.0.2.60;proto=https;host=map.example")),
        // Two trusted proxies in a row: the outer one is believed.
        Case("https://outer.example", ("Forwarded", "host=evil.example, for=192.0.2.60;proto=https;host=outer.example, for=10.1.2.3;host=inner.example")),
        Case("https://outer.example", ("Forwarded", "for=192.0.2.60;proto=https;host=outer.example"), ("Forwarded", "for=10.1.2.3")),
        Case("https://map.example", ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "map.example")),
        Case("https://map.example:8443", ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "map.example"), ("X-Forwarded-Port", "8443")),
        Case("https://map.example", ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "map.example"), ("X-Forwarded-Port", "443")),
        Case("http://map.example/a/b", ("X-Forwarded-Host", "map.example"), ("X-Forwarded-Prefix", "/a/b")),
        Case("https://inner:8080", ("X-Forwarded-Proto", "https")),
        // A list grew on the way: what the trusted hop added is its end.
        Case("https://map.example", ("X-Forwarded-Proto", "http, https"), ("X-Forwarded-Host", "evil.example, map.example"), ("X-Forwarded-For", "1.2.3.4, 5.6.7.8")),
        Case("https://outer.example", ("X-Forwarded-Proto", "https, http"), ("X-Forwarded-Host", "outer.example, mid.example"), ("X-Forwarded-For", "5.6.7.8, 10.0.0.9")),
        // The standard field goes before the others.
        Case("https://map.example", ("Forwarded", "proto=https;host=map.example"), ("X-Forwarded-Host", "other.example")),
        Case("http://[2001:db8::7]:81", ("X-Forwarded-Host", "[2001:DB8::7]:81")),
    ])
    func trustedProxiesAreBelieved(_ it: Case) throws {
        #expect(try Self.base(it.fields) == it.base)
    }

    @Test(arguments: ["192.0.2.1", "11.0.0.1", "::1", nil]) func othersAreNot(_ peer: String?) throws {
        let fields = [("Forwarded", "proto=https;host=evil.example"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/evil")]
        #expect(try Self.base(fields, peer: peer) == "http://inner:8080")
        // What they say is not even looked at.
        #expect(try Self.base([("Forwarded", "\"\"\";;=,")], peer: peer) == "http://inner:8080")
    }

    @Test func anIPv4PeerOfADoubleStackedSocketIsMatched() throws {
        #expect(try Self.base([("X-Forwarded-Host", "map.example")], peer: "::ffff:10.9.8.7") == "http://map.example")
    }

    @Test func theOperatorsAddressWinsOverEverything() throws {
        let settings = Self.settings(publicURL: "https://map.example/work/")
        #expect(try Self.base([("X-Forwarded-Host", "other.example")], settings) == "https://map.example/work")
        #expect(try Self.base([], host: "evil\"<>", settings) == "https://map.example/work")
    }

    @Test(arguments: [
        "evil.example/path", "evil.example?x", "evil.example#x", "user@evil.example", "evil.example:99999", "evil.example:0", "evil.example:80a", "a b", "<script>",
        "\"quoted\"", "evil\\example", "[::1", "[::1]x", "[fe80::1%25eth0]", "map.example:80:80", "[]", ":80", "%65vil", "evil'example", "évil.example", "",
    ])
    func aHostThatIsNoneIsRefused(_ host: String) throws {
        if !host.isEmpty { #expect(throws: ProblemError.self) { try Self.base([], host: host) } }
        let refused = try? Self.base([("X-Forwarded-Host", host)])
        #expect(refused == nil || refused == "http://inner:8080", "\(refused ?? "")")
    }

    @Test(arguments: [
        ("X-Forwarded-Proto", "javascript"), ("X-Forwarded-Prefix", "//evil.example"), ("X-Forwarded-Prefix", "/a/../b"), ("X-Forwarded-Prefix", "evil"),
        ("X-Forwarded-Prefix", "/a b"), ("X-Forwarded-Prefix", "/a?b"), ("X-Forwarded-Prefix", "/%0d%0aX: y"), ("X-Forwarded-Prefix", "/" + String(repeating: "a", count: 300)),
        ("Forwarded", "host=a;host=b"), ("Forwarded", "host=\"unfinished"), ("Forwarded", "host"), ("Forwarded", String(repeating: "for=1.1.1.1,", count: 100)),
        ("Forwarded", "proto=ftp"), ("Forwarded", "host=\"a b\""),
    ])
    func whatCannotStandInAnAddressIsRefused(_ name: String, _ value: String) {
        #expect(throws: ProblemError.self) { try Self.base([(name, value)]) }
    }

    @Test func onlyAllowedHostsGetDocuments() async throws {
        let shared = try await Hamlet.service.value
        let client = try RouterClient(
            Hamlet.context(shared.installation, shared.library) { settings in
                settings.publicURL = nil
                settings.allowedHosts = ["other.example"]
            })
        #expect(try await client.ask("/collections").status == 421)
        #expect(try await client.ask("/health/ready").status == 200, "a watcher asks by number")
    }

    @Test(arguments: [("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.168.1.128/25", "192.168.1.200", true),
        ("192.168.1.128/25", "192.168.1.100", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "8.8.8.8", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false), ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
        ("::1", "::1", true), ("127.0.0.0/8", "localhost", false)])
    func rangesHoldWhatTheyShould(_ range: String, _ address: String, _ holds: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == holds)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0/8", "::/129", "a/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.1/8/8", "1.2.3.4.5"]) func brokenRangesAreRefused(_ text: String) {
        #expect(AddressRange(text) == nil)
    }

    /// Every document with addresses in it has them under the proxy's prefix.
    @Test func everyDocumentHonoursThePrefix() async throws {
        let shared = try await Hamlet.service.value
        let client = try RouterClient(Hamlet.context(shared.installation, shared.library) { $0.publicURL = "https://city.example/work/map" })
        let targets = [
            "/?f=json", "/collections", "/collections/base.building", "/collections/base.building/items?limit=1", "/tiles/standard.json",
            "/styles/standard/style.json", "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/tileMatrixSets",
        ]
        for target in targets {
            let answer = try await client.ask(target, headers: [.accept: "application/json, */*"])
            let text = String(decoding: try answer.unpacked(), as: UTF8.self).replacing("\\/", with: "/")
            #expect(answer.status == 200 && text.contains("https://city.example/work/map/"), "\(target)")
            for host in ["http://map.example", "https://map.example", "127.0.0.1"] { #expect(!text.contains(host), "\(target) names \(host)") }
        }
    }

    @Test func everyAnswerMayBeReadByPagesOfOtherOrigins() async throws {
        let client = try await Hamlet.client()
        let tag = try #require(try await client.ask("/collections").headers[.eTag])
        let answers = [
            try await client.ask("/collections"), try await client.ask("/collections", headers: [.ifNoneMatch: tag]), try await client.ask("/nothing/here"),
            try await client.ask("/collections/base.building/items?limit=x"), try await client.ask("/wmts?SERVICE=WMTS"), try await client.ask("/collections", .put),
            try await client.ask("/collections/population/export"), try await client.ask("/collections", .options),
        ]
        #expect(answers.map(\.status) == [200, 304, 404, 400, 400, 405, 403, 204])
        for answer in answers { #expect(answer.header("Access-Control-Allow-Origin") == "*") }
    }
}
