import Foundation
import HTTPTypes
import Logging
import Testing
import TileArchives
import TileCache
import TileProduction

@testable import MapService

/// Archives over sockets and beside live maps.
@Suite struct ArchiveServiceTests {
    @Test func aTileInMemoryIsAnsweredBeforeTheRouter() async throws {
        let folder = try ArchiveFolder()
        try folder.write("town.pmtiles", ArchiveFolder.town(1))
        let memory = MemoryTier(capacity: 1 << 20)
        var settings = ServiceSettings()
        settings.port = 0
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let shelf = ArchiveShelf(folder: folder.path, memory: memory, logger: logger)
        shelf.refresh()
        let service = ArchiveApplication(shelf: shelf, memory: memory, settings: settings, sets: try Hamlet.sets(), logger: logger)
        let request = "GET \(ArchiveFolder.target) HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"
        let packed = ArchiveFolder.vectorTile(1).packed
        let parts = try await LoopbackServer.run({ service.application(onListening: $0) }, logger: logger) { port, _ in
            var parts: [ResponseStream.Part] = []
            for _ in 0..<2 {
                let bytes = try await RawConnection.exchange(port: port, sending: request) { ResponseStream.parts(of: $0).count == 1 }
                parts += ResponseStream.parts(of: bytes)
            }
            let metrics = try await RawConnection.exchange(port: port, sending: "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") { _ in false }
            #expect(String(decoding: metrics, as: UTF8.self).contains(#"workmap_requests_total{route="tile-hit",status="200"} 1"#))
            return parts
        }
        #expect(parts.map(\.status) == [200, 200])
        #expect(parts.allSatisfy { $0.body == packed })
        #expect(parts[0].headers["etag"] == parts[1].headers["etag"])
        #expect(parts[0].headers["x-data-version"] == parts[1].headers["x-data-version"])
    }

    @Test func archivesAreServedBesideLiveMapsWhichGoBefore() async throws {
        let folder = try ArchiveFolder()
        try folder.write("town.pmtiles", ArchiveFolder.town(1))
        try folder.write("standard.pmtiles", ArchiveFolder.town(7))
        folder.shelf.refresh()
        let client = try RouterClient(try await Hamlet.freshService(archives: folder.shelf))
        let tile = try await client.ask(ArchiveFolder.target)
        #expect(tile.status == 200)
        #expect(tile.body == ArchiveFolder.vectorTile(1).plain)
        #expect(try await client.ask("/tiles/town.json").status == 200)
        #expect(try await client.ask("/archives/town.pmtiles", headers: [.range: "bytes=0-6"]).text == "PMTiles")
        let live = try await client.ask("/tiles/standard/4/13/6.mvt")
        #expect(live.body != ArchiveFolder.vectorTile(7).plain)
        let capabilities = try await client.ask("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities").text
        #expect(capabilities.contains("<ows:Identifier>town</ows:Identifier>"))
        let wmts = try await client.ask(
            "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=town&STYLE=default&TILEMATRIXSET=w&TILEMATRIX=4&TILEROW=6&TILECOL=13&FORMAT=application/vnd.mapbox-vector-tile")
        #expect(wmts.status == 200, "\(wmts.text)")
        #expect(wmts.body == ArchiveFolder.vectorTile(1).plain)
        let other = try await client.ask(
            "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=town&STYLE=default&TILEMATRIXSET=w&TILEMATRIX=4&TILEROW=6&TILECOL=13&FORMAT=image/png")
        #expect(other.status == 400)
    }
}
