import FeatureStore
import Foundation
import HTTPTypes
import Logging
import TestSupport
import Testing
import TileCache
import TileProduction

@testable import MapService

/// The whole service with somebody in front of it who is told of changes.
@Suite struct PurgeServiceTests {
    private static func station(_ directory: String, _ longitude: Double) throws -> String {
        let path = directory + "/stations.geojson"
        try #"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[\#(longitude),22.9940]},"properties":{"name":"站"}}]}"#
            .write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Asks over a socket, past nothing that the service has.
    private static func ask(_ port: Int, _ target: String) async throws -> ResponseStream.Part {
        let bytes = try await RawConnection.exchange(
            port: port, sending: "GET \(target) HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        ) { _ in false }
        return try #require(ResponseStream.parts(of: bytes).first)
    }

    @Test func whatIsPurgedIsWhatTilesAreCalled() async throws {
        let directory = try ScratchDirectory.make("purge")
        let installation = try Installation(data: directory, share: Hamlet.repository)
        _ = try await installation.importLayer(LayerImportRequest(layer: "charging", files: [try Self.station(directory, 113.6845)]))
        let library = try installation.library()
        try await library.prepareAll()
        let stub = PurgeReceiverStub()
        try await stub.listen { receiver in
            let service = Hamlet.context(installation, library) { settings in
                settings.purge.receivers = ["http://127.0.0.1:\(receiver)/purge"]
                settings.caching.keyHeader = .surrogateKey
                settings.caching.sharedMaxAge = 60
            }
            try await LoopbackServer.run(service) { port, _ in
                // At the beginning everything, whatever happened before.
                let maps = library.state.maps.count
                let first = try await stub.deliveries { $0.count >= maps }
                #expect(try Set(first.compactMap { try $0.document["map"] as? String }) == Set(library.state.maps.keys))
                #expect(try first.allSatisfy { try $0.document["type"] as? String == "map.changed" && $0.document["reason"] as? String == "start" })

                let target = "/tiles/standard/16/53463/28464.mvt"
                var (cold, warm) = (try await Self.ask(port, target), try await Self.ask(port, target))
                let keys = try #require(cold.headers["surrogate-key"])
                #expect(keys.hasPrefix("standard/vector/w/16/28464/53463 "))
                #expect(warm.headers["surrogate-key"] == keys)
                #expect(warm.headers["cache-control"] == "public, max-age=0, s-maxage=60, must-revalidate")

                _ = try await installation.importLayer(
                    LayerImportRequest(layer: "charging", files: [try Self.station(directory, 113.6846)]))
                let all = try await stub.deliveries { deliveries in
                    try deliveries.dropFirst(maps).contains { try $0.document["map"] as? String == "standard" }
                }
                let notice = try #require(try all.dropFirst(maps).first { try $0.document["map"] as? String == "standard" }).document
                #expect(notice["type"] as? String == "tiles.changed")
                let purged = try Set(#require(notice["keys"] as? [String]))
                #expect(!purged.isDisjoint(with: keys.split(separator: " ").map(String.init)))
                (cold, warm) = (try await Self.ask(port, target), try await Self.ask(port, target))
                #expect(cold.headers["x-data-version"] == notice["dataVersion"] as? String)
                let untouched = try await Self.ask(port, "/tiles/standard/16/53400/28400.mvt")
                let others = try #require(untouched.headers["surrogate-key"]).split(separator: " ").map(String.init)
                #expect(purged.isDisjoint(with: others))
                let metrics = String(decoding: try await Self.ask(port, "/metrics").body, as: UTF8.self)
                #expect(metrics.contains("workmap_purge_delivered_total "))
                #expect(metrics.contains("workmap_purge_receivers_failing 0.0\n"))
            }
        }
    }

    @Test func aReplacedArchiveIsTold() async throws {
        let folder = try ArchiveFolder()
        try folder.write("town.pmtiles", ArchiveFolder.town(1))
        folder.shelf.refresh()
        let stub = PurgeReceiverStub()
        try await stub.listen { receiver in
            var settings = ServiceSettings()
            settings.port = 0
            settings.purge.receivers = ["http://127.0.0.1:\(receiver)/purge"]
            settings.caching.keyHeader = .cacheTag
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let service = ArchiveApplication(
                shelf: folder.shelf, memory: MemoryTier(capacity: 1 << 20), settings: settings, sets: try Hamlet.sets(), logger: logger)
            try await LoopbackServer.run({ service.application(onListening: $0) }, logger: logger) { port, _ in
                _ = try await stub.deliveries { $0.count >= 1 }
                let tile = try await Self.ask(port, ArchiveFolder.target)
                #expect(tile.headers["cache-tag"] == "town/vector/w/4/6/13,town/vector/w/4/square/0/0,town/vector/w/4,town/vector,town")
                try folder.write("town.pmtiles", ArchiveFolder.town(2))
                folder.shelf.refresh()
                let told = try await stub.deliveries { $0.count >= 2 }
                #expect(try told.prefix(2).map { try $0.document["reason"] as? String } == ["start", "archive"])
                #expect(try told.prefix(2).map { try $0.document["keys"] as? [String] } == [["town"], ["town"]])
            }
        }
    }

    /// Every address that a notice names is one that gives the tile.
    @Test func thePathsOfANoticeAreThoseOfItsTiles() async throws {
        let service = try await Hamlet.freshService()
        let client = try RouterClient(service)
        let state = service.library.state
        let map = try #require(state.maps["standard"])
        for kind in DirtyTiles.Kind.allCases {
            let block = DirtyTiles.Block(matrixSet: "w", level: 16, kind: kind, rows: 28464..<28465, columns: 53463..<53464)
            let paths = try #require(PurgePaths(map: map, sets: state.sets).paths(of: [block]))
            #expect(Set(paths).count == paths.count)
            #expect(paths.count >= 4)
            for path in paths { #expect(try await client.ask(path).status == 200, "\(path)") }
            let wide = DirtyTiles.Block(matrixSet: "w", level: 16, kind: kind, rows: 0..<100, columns: 0..<100)
            #expect(PurgePaths(map: map, sets: state.sets).paths(of: [wide]) == nil)
        }
    }
}
