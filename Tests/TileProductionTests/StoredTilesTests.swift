import FeatureStore
import Foundation
import TestSupport
import Testing
import TileCache
import Tiling

@testable import TileProduction

/// Memory, store and production behind one another.
@Suite struct StoredTilesTests {
    private func store(_ directory: String) async throws -> TileStore {
        var settings = TileStore.Settings(quota: 64 << 20, maker: "test")
        settings.patience = .seconds(600)
        return try await TileStore(directory: directory, settings: settings)
    }

    private func service(
        _ data: TestData, _ store: TileStore?, memory: MemoryTier, workers: Int = 1, queueLimit: Int = 1000, patience: Duration = .seconds(600)
    ) -> TileService {
        TileService(
            library: data.library, cache: memory, store: store, workers: workers, queueLimit: queueLimit, metatile: 4, patience: patience)
    }

    private func requests(_ data: TestData, _ formats: [TileFormat] = [.mvt, .png(ratio: 1)]) throws -> [TileService.Request] {
        let set = try data.set("w")
        return try [14, 16].flatMap { level in
            try data.block(set, level: level).flatMap { address in
                formats.map { TileService.Request(map: "standard", matrixSet: "w", address: address, format: $0) }
            }
        }
    }

    /// Puts the tiles back to the version before a change that is known to this test alone.
    private func age(_ requests: [TileService.Request], _ data: TestData, _ service: TileService) async throws {
        for request in requests {
            let tile = try await settled(service, request)
            var key = TileKey(request, in: try data.map)
            key.dataVersion &+= 1
            service.tiers.store(tile, for: key)
        }
        await service.tiers.store?.flush()
    }

    /// Labels of a level may still be placed when the first picture is asked for; that one is kept by nobody.
    private func settled(_ service: TileService, _ request: TileService.Request) async throws -> EncodedTile {
        while true {
            let tile = try await service.tile(request)
            if !tile.isProvisional { return tile }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func whatWasMadeBeforeARestartIsNotMadeAgain() async throws {
        let data = try await DemoHamlet.shared.value
        let directory = try ScratchDirectory.make()
        var made: [EncodedTile] = []
        do {
            let memory = MemoryTier(capacity: 0)
            let store = try await store(directory)
            let service = service(data, store, memory: memory)
            for request in try requests(data) { made.append(try await settled(service, request)) }
            await store.close()
        }
        let memory = MemoryTier(capacity: 64 << 20)
        let store = try await store(directory)
        let service = service(data, store, memory: memory)
        for (request, former) in zip(try requests(data), made) {
            let tile = try await service.tile(request)
            #expect(tile.body == former.body && tile.entityTag == former.entityTag && tile.leftOut == former.leftOut)
            #expect(tile.isGzip == former.isGzip && tile.dataVersion == former.dataVersion && tile.isEmpty == former.isEmpty)
            #expect(service.cached(request) != nil, "it is in memory now")
        }
        #expect(await service.counters.started == 0)
        #expect(store.statistics.hits == made.count)
    }

    /// A hundred at once cause one look into the store, and one production where it is not there.
    @Test func theStoreIsLookedIntoOnceForAllWhoAsk() async throws {
        let data = try await DemoHamlet.shared.value
        let memory = MemoryTier(capacity: 64 << 20)
        let store = try await store(ScratchDirectory.make())
        let service = service(data, store, memory: memory)
        let request = try #require(try requests(data, [.mvt]).first)
        let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<100 { group.addTask { try await service.tile(request).body } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(bodies).count == 1 && bodies.count == 100)
        #expect(store.statistics.misses == 1)
        #expect(await service.counters.started == 1)
    }

    @Test func aTileOfAnotherVersionIsMadeAgainAndNothingElse() async throws {
        let data = try await DemoHamlet.shared.value
        let memory = MemoryTier(capacity: 64 << 20)
        let store = try await store(ScratchDirectory.make())
        let service = service(data, store, memory: memory)
        let requests = try requests(data)
        for request in requests { _ = try await settled(service, request) }
        try await age(requests.filter { $0.format == .mvt }, data, service)
        let before = await service.counters.started
        for request in requests {
            #expect((service.cached(request) == nil) == (request.format == .mvt))
            #expect(try await service.tile(request).isStale == false)
        }
        #expect(await service.counters.started == before + requests.count / 2)
    }

    /// With more asked for than may wait, those get the tile as it was that have one; its successor is made behind.
    @Test(arguments: [true, false])
    func theOldTileIsBetterThanNone(inMemory: Bool) async throws {
        let data = try await DemoHamlet.shared.value
        let memory = MemoryTier(capacity: inMemory ? 64 << 20 : 0)
        let store = try await store(ScratchDirectory.make())
        let service = service(data, inMemory ? nil : store, memory: memory, queueLimit: 0)
        let requests = try requests(data, [.mvt])
        try await age(requests, data, service)
        let answers = try await withThrowingTaskGroup(of: EncodedTile.self) { group in
            for request in requests { group.addTask { try await service.tile(request) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let old = answers.count { $0.isStale }
        #expect(old > 0 && old < requests.count)
        #expect(await service.counters.staleAnswers == old)
        for request in requests {
            var tile = try await service.tile(request)
            while tile.isStale {
                try await Task.sleep(for: .milliseconds(10))
                tile = try await service.tile(request)
            }
            #expect(try await service.tile(request).isStale == false)
        }
    }

    /// Where the new tile takes its time, the old one is given, and the new one is there afterwards.
    @Test func theNewTileIsNotWaitedForTooLong() async throws {
        let data = try await DemoHamlet.shared.value
        let memory = MemoryTier(capacity: 64 << 20)
        let service = service(data, nil, memory: memory, patience: .nanoseconds(1))
        let request = try #require(try requests(data, [.mvt]).first)
        let former = try await service.tile(request)
        try await age([request], data, service)
        var tile = try await service.tile(request)
        for _ in 0..<500 where tile.isStale {
            #expect(tile.body == former.body)
            try await Task.sleep(for: .milliseconds(10))
            tile = try await service.tile(request)
        }
        #expect(!tile.isStale)
        #expect(service.cached(request) != nil)
    }

    /// Where there is no former tile, whoever finds the queue full is refused.
    @Test func withoutAnOldTileTheRefusalStands() async throws {
        let data = try await DemoHamlet.shared.value
        let service = service(data, nil, memory: MemoryTier(capacity: 0), queueLimit: 0)
        let requests = try requests(data, [.mvt])
        let refused = await withTaskGroup(of: Bool.self) { group in
            for request in requests {
                group.addTask {
                    do {
                        return try await service.tile(request).isStale
                    } catch {
                        return (error as? ProductionError)?.code == .overloaded
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused > 0 && refused < requests.count)
    }

    /// Everything that changes bytes and is in no key.
    @Test func theMakerChangesWithWhatChangesTheBytes() async throws {
        let installation = try await DemoHamlet.shared.value.installation
        let usual = installation.tileMaker(metatile: 4)
        #expect(installation.tileMaker(metatile: 4) == usual)
        #expect(installation.tileMaker(metatile: 8) != usual)
        let directory = try ScratchDirectory.make()
        let other = try Installation(data: directory, share: DemoHamlet.repository)
        let before = other.tileMaker(metatile: 4)
        try Data(#"{"layers":[]}"#.utf8).write(to: URL(filePath: directory + "/layers.json"))
        #expect(other.tileMaker(metatile: 4) != before)
    }
}
