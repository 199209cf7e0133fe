import FeatureStore
import Foundation
import HTTPTypes
import TestSupport
import Testing
import TileProduction
import Tiling
import VectorTiles

@testable import MapService

/// A department's file becomes a layer of the map while the service runs.
@Suite struct LiveOverlayTests {
    private static func file(_ directory: String, _ names: [String]) throws -> String {
        let features = names.enumerated().map { place, name in
            #"{"type":"Feature","geometry":{"type":"Point","coordinates":[\#(113.6845 + Double(place) * 0.0005),22.9940]},"properties":{"name":"\#(name)","phone":"0769-2200\#(1000 + place)","spaces":\#(place + 3)}}"#
        }
        let path = directory + "/stations.geojson"
        try #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Asks until the answer satisfies, for at most ten seconds.
    private static func eventually(_ client: RouterClient, _ target: String, _ holds: (Answer) throws -> Bool) async throws -> Bool {
        for _ in 0..<500 {
            if try holds(try await client.ask(target)) { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    @Test func anOverlayAppearsInCatalogueTilesFeaturesStyleAndSearch() async throws {
        let directory = try ScratchDirectory.make("overlay")
        let installation = try Installation(data: directory, share: Hamlet.repository)
        let library = try installation.library()
        let service = Hamlet.context(installation, library)
        let client = try RouterClient(service)
        let following = Task { try await Follower(library: library, desks: try FeatureDesks(installation, count: 1), logger: service.logger).run() }
        defer { following.cancel() }
        #expect(try await Self.eventually(client, "/health/ready") { $0.status == 200 })
        #expect(try await client.ask("/collections/charging/items").status == 404)
        let before = try await client.ask("/api/changes").json()["version"] as? Int ?? 0

        // Another process would do the same through the same registry file.
        var request = LayerImportRequest(layer: "charging", files: [try Self.file(directory, ["道滘充电站", "厚街充电站"])])
        request.title = "充电站"
        let report = try await Installation(data: directory, share: Hamlet.repository).importLayer(request)
        #expect(report.featuresStored == 2)

        #expect(try await Self.eventually(client, "/collections/charging") {
            try $0.status == 200 && ($0.json()["state"] as? String) == "ready"
        })
        let collection = try await client.ask("/collections/charging").json()
        #expect(collection["title"] as? String == "充电站")
        #expect(collection["group"] as? String == "overlay")
        #expect(collection["featureCount"] as? Int == 2)
        #expect(try await client.ask("/api/changes").json()["version"] as? Int ?? 0 > before)

        let features = try await client.ask("/collections/charging/items").features()
        #expect(features.compactMap { ($0["properties"] as? [String: Any])?["name"] as? String } == ["道滘充电站", "厚街充电站"])
        let schema = try #require(try await client.ask("/collections/charging/schema").json()["properties"] as? [String: Any])
        #expect(schema["spaces"] != nil && schema["name"] != nil)

        let tile = try await client.ask("/tiles/standard/16/53463/28464.mvt")
        let layer = try #require(try VectorTileDecoder.decode(try tile.unpacked()).first { $0.name == "charging" })
        #expect(layer.features.count == 2)
        let layers = try await client.ask("/tiles/standard.json").json()["vector_layers"] as? [[String: Any]]
        #expect(layers?.contains { $0["id"] as? String == "charging" } == true)
        let style = try await client.ask("/styles/standard/style.json").json()["layers"] as? [[String: Any]]
        #expect(style?.contains { $0["source-layer"] as? String == "charging" } == true)
        let found = try await client.ask("/search?q=\(PercentEncoded.text("厚街充电"))").features()
        #expect(found.count == 1)
        let shown = try await client.ask("/collections/charging/report").json()
        #expect(shown["featuresStored"] as? Int == 2 || shown["stored"] as? Int == 2)
    }

    @Test func aLayerThatIsImportedAgainIsServedAsItNowIs() async throws {
        let directory = try ScratchDirectory.make("overlay-again")
        let installation = try Installation(data: directory, share: Hamlet.repository)
        let library = try installation.library()
        let service = Hamlet.context(installation, library)
        let client = try RouterClient(service)
        let following = Task { try await Follower(library: library, desks: try FeatureDesks(installation, count: 1), logger: service.logger).run() }
        defer { following.cancel() }
        _ = try await installation.importLayer(LayerImportRequest(layer: "charging", files: [try Self.file(directory, ["甲站"])]))
        #expect(try await Self.eventually(client, "/collections/charging") { try $0.status == 200 && ($0.json()["state"] as? String) == "ready" })
        let first = try await client.ask("/tiles/standard/16/53463/28464.mvt")
        let page = try await client.ask("/collections/charging/items")
        _ = try await installation.importLayer(LayerImportRequest(layer: "charging", files: [try Self.file(directory, ["乙站", "丙站"])]))
        #expect(try await Self.eventually(client, "/collections/charging") {
            let layer = try $0.json()
            return layer["featureCount"] as? Int == 2 && layer["state"] as? String == "ready"
        })
        let second = try await client.ask("/tiles/standard/16/53463/28464.mvt", headers: [.ifNoneMatch: first.headers[.eTag] ?? ""])
        #expect(second.status == 200, "the old tag no longer holds")
        #expect(try VectorTileDecoder.decode(try second.unpacked()).first { $0.name == "charging" }?.features.count == 2)
        let again = try await client.ask("/collections/charging/items", headers: [.ifNoneMatch: page.headers[.eTag] ?? ""])
        #expect(try again.features().count == 2)
    }
}
