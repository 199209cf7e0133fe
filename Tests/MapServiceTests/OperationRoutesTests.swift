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
        #expect(text.contains("workmap_productions_started 1"))
        #expect(text.contains("workmap_request_seconds_bucket{route=\"/tiles/{map}/{z}/{x}/{y}\",le=\"+Inf\"} 4"))
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(Double(line.split(separator: " ").last ?? "") != nil, "\(line)")
        }
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
