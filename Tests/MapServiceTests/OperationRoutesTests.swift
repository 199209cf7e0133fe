import HTTPTypes
import Testing
import TileProduction

@testable import MapService

@Suite struct OperationRoutesTests {
    @Test func aliveAndReadyWithTheStateOfEveryLayer() async throws {
        let client = try await Hamlet.client()
        #expect(try await client.ask("/health/live").status == 200)
        let ready = try await client.ask("/health/ready")
        #expect(ready.status == 200)
        let layers = try #require(try ready.json()["layers"] as? [[String: Any]])
        #expect(layers.count > 20)
        #expect(layers.allSatisfy { $0["state"] as? String == "ready" })
    }

    /// A service that has not looked at its registry yet is alive and not ready.
    @Test func notReadyBeforeTheLayersAreOpen() async throws {
        let shared = try await Hamlet.service.value
        let client = try RouterClient(Hamlet.context(shared.installation, try shared.installation.library()))
        #expect(try await client.ask("/health/live").status == 200)
        let ready = try await client.ask("/health/ready")
        #expect(ready.status == 503)
        #expect(try ready.json()["status"] as? String == "not-ready")
    }

    @Test func metricsCountRequestsByRouteAndStatus() async throws {
        let client = try RouterClient(try await Hamlet.freshService())
        for _ in 0..<3 { _ = try await client.ask("/tiles/standard/16/53463/28464.mvt") }
        _ = try await client.ask("/tiles/standard/1/9/9.mvt")
        _ = try await client.ask("/nowhere")
        let text = try await client.ask("/metrics").text
        #expect(text.contains("workmap_requests_total{route=\"/tiles/{map}/{z}/{x}/{y}\",status=\"200\"} 3"))
        #expect(text.contains("workmap_requests_total{route=\"/tiles/{map}/{z}/{x}/{y}\",status=\"404\"} 1"))
        #expect(text.contains("workmap_requests_total{route=\"unrouted\",status=\"404\"} 1"))
        #expect(text.contains("workmap_productions_started_total 1"))
        #expect(text.contains("workmap_request_seconds_bucket{route=\"/tiles/{map}/{z}/{x}/{y}\",le=\"+Inf\"} 4"))
    }

    /// The text format 0.0.4: every sample under the help and type of its family, counters named `_total`, no family twice.
    @Test func metricsAreInTheTextFormat() async throws {
        let client = try RouterClient(try await Hamlet.freshService())
        for _ in 0..<2 { _ = try await client.ask("/tiles/standard/16/53463/28464.mvt") }
        let answer = try await client.ask("/metrics")
        #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8" && answer.text.hasSuffix("\n"))
        var types: [String: String] = [:]
        var (helped, family) = ("", "")
        for line in answer.text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if line.hasPrefix("# HELP ") {
                #expect(words.count > 3 && line.hasSuffix("."), "\(line)")
                helped = words[2]
            } else if line.hasPrefix("# TYPE ") {
                family = words[2]
                #expect(words.count == 4 && helped == family && types[family] == nil, "\(line)")
                types[family] = words[3]
            } else {
                let name = String(line.prefix { $0 != "{" && $0 != " " })
                let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                #expect(suffixes.contains { name == family + $0 }, "\(line)")
                #expect(Double(words.last ?? "").map { $0 >= 0 } == true, "\(line)")
            }
        }
        for (name, type) in types { #expect((type == "counter") == name.hasSuffix("_total"), "\(name) \(type)") }
        let rising = ["cache_hits", "cache_misses", "productions_started", "productions_joined", "productions_refused"]
        for name in rising { #expect(types["workmap_\(name)_total"] == "counter", "\(name)") }
        for name in ["cache_tiles", "cache_bytes", "productions_waiting", "layers_ready", "layers_preparing"] {
            #expect(types["workmap_\(name)"] == "gauge", "\(name)")
        }
        #expect(answer.text.contains("\nworkmap_cache_hits_total 1.0\n") && answer.text.contains("\nworkmap_cache_tiles 1.0\n"))
    }

    @Test func aPageOfAnotherOriginMayAsk() async throws {
        let client = try await Hamlet.client()
        let preflight = try await client.ask(
            "/collections/base.building/items", .options,
            headers: [.origin: "https://elsewhere.example", .accessControlRequestMethod: "POST"])
        #expect(preflight.status == 204)
        #expect(preflight.headers[.accessControlAllowOrigin] == "*")
        #expect(preflight.headers[.accessControlAllowMethods]?.contains("POST") == true)
        for target in ["/tiles/standard/16/53463/28464.png", "/collections", "/nowhere", "/wmts"] {
            #expect(try await client.ask(target).headers[.accessControlAllowOrigin] == "*", "\(target)")
        }
    }
}
