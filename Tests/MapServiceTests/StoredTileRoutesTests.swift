import Foundation
import HTTPTypes
import TestSupport
import Testing
import TileCache
import TileProduction

@testable import MapService

/// What a store changes in what a client sees: nothing but the time it takes.
@Suite struct StoredTileRoutesTests {
    private static let targets = ["/tiles/standard/16/53463/28464.mvt", "/tiles/standard/15/26731/14232.mvt"]

    @Test func anotherServerOverTheSameStoreAnswersTheSame() async throws {
        let shared = try await Hamlet.service.value
        let directory = try ScratchDirectory.make()
        var answers: [[Answer]] = []
        for round in 0..<2 {
            let memory = MemoryTier(capacity: 64 << 20)
            var settings = TileStore.Settings(quota: 32 << 20, maker: "test")
            settings.patience = .seconds(600)
            let store = try await TileStore(directory: directory, settings: settings)
            let service = Hamlet.context(shared.installation, shared.library, memory: memory, store: store)
            let client = try RouterClient(service)
            var round = (round, [Answer]())
            for target in Self.targets { round.1.append(try await client.ask(target, headers: [.acceptEncoding: "gzip"])) }
            await store.flush()
            let metrics = try await client.ask("/metrics").text
            #expect(metrics.contains("workmap_store_tiles 2.0\n") && metrics.contains("workmap_store_writer 1.0\n"))
            #expect(metrics.contains("workmap_store_hits_total \(round.0 * 2).0\n"))
            #expect(metrics.contains("workmap_productions_started_total \(round.0 == 0 ? 2 : 0).0\n"))
            answers.append(round.1)
            await store.close()
        }
        for (first, second) in zip(answers[0], answers[1]) {
            #expect(first.status == 200 && first.body == second.body && first.headers == second.headers)
        }
    }

    @Test func theOperatorsRulesForProxiesAreSaidEverywhere() async throws {
        let shared = try await Hamlet.service.value
        let service = Hamlet.context(shared.installation, shared.library) { $0.caching.sharedMaxAge = 60 }
        let client = try RouterClient(service)
        let wmts = "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=standard&STYLE=default&FORMAT=image/png&TILEMATRIXSET=w&TILEMATRIX=16&TILEROW=28464&TILECOL=53463"
        for target in Self.targets + [wmts] {
            let answer = try await client.ask(target)
            if answer.headers[TileResponse.labels] == nil {
                #expect(answer.headers[.cacheControl] == "public, max-age=0, s-maxage=60, must-revalidate", "\(target)")
            }
        }
        try await LoopbackServer.run(service) { port, _ in
            let bytes = try await RawConnection.exchange(
                port: port, sending: "GET \(Self.targets[0]) HTTP/1.1\r\nHost: map.example\r\nAccept-Encoding: gzip\r\n\r\n"
            ) { String(decoding: $0, as: UTF8.self).contains("\r\n\r\n") }
            #expect(String(decoding: bytes, as: UTF8.self).contains("Cache-Control: public, max-age=0, s-maxage=60, must-revalidate\r\n"))
        }
    }
}
