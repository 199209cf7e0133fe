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

    /// Nothing is kept in memory here: what was read once is read again without the router, until the file is another.
    @Test(arguments: ["town.pmtiles", "town.mbtiles"])
    func aTileReadBeforeIsAnsweredFromItsArchive(file: String) async throws {
        let folder = try ArchiveFolder(memoryBytes: 0)
        try folder.write(file, ArchiveFolder.town(1))
        folder.shelf.refresh()
        let path = try #require(TilePath(target: ArchiveFolder.target))
        #expect(folder.shelf.cached(path) == nil, "nobody has read it")
        let served = try #require(folder.shelf.archive(named: "town"))
        let first = try #require(try served.tile(at: ArchiveFolder.address))
        let canTell = served.archive.tileAtHand(at: ArchiveFolder.address) != nil
        #expect(canTell || file.hasSuffix("pmtiles"))
        if canTell {
            let again = try #require(folder.shelf.cached(path))
            #expect(again.body == ArchiveFolder.vectorTile(1).packed)
            #expect((again.entityTag, again.isGzip, again.dataVersion) == (first.entityTag, first.isGzip, first.dataVersion))
        }
        try folder.write(file, ArchiveFolder.town(2))
        folder.shelf.refresh()
        #expect(folder.shelf.cached(path) == nil, "nobody has read the new file")
        let replaced = try await folder.client.ask(ArchiveFolder.target, headers: [.acceptEncoding: "gzip"])
        #expect(replaced.body == ArchiveFolder.vectorTile(2).packed)
        // Written to in place, which no writer of ours does: what is read now may be of two states.
        let handle = try FileHandle(forWritingTo: URL(filePath: "\(folder.path)/\(file)"))
        try handle.seekToEnd()
        try handle.write(contentsOf: [0])
        try handle.close()
        #expect(folder.shelf.cached(path) == nil)
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
