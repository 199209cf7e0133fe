import TestSupport
import Testing
import Tiling

@testable import TileCache

/// A stale tile is never given as a fresh one.
@Suite struct StoreFreshnessTests {
    @Test func aMarkedTileIsOldAndTheOthersAreNotAlsoAfterARestart() async throws {
        let box = try StoreBox()
        do {
            let store = try await box.open()
            for n in 0..<5 { store.store(Sample.tile(number: n), for: Sample.key(n)) }
            await store.markStale(Sample.dirty(2..<4), notes: ["data": "18", "other": "x"])
            await store.markStale([], notes: ["data": "19"])
            try await expectMarked(store)
            await store.close()
        }
        let store = try await box.open()
        try await expectMarked(store)
        #expect(store.note(for: "data") == "19" && store.note(for: "other") == "x" && store.note(for: "none") == nil)
        store.store(Sample.tile(number: 22), for: Sample.key(2))
        await store.flush()
        #expect(try #require(await store.tile(for: Sample.key(2))).isSame(as: Sample.tile(number: 22)))
    }

    private func expectMarked(_ store: TileStore) async throws {
        for n in 0..<5 {
            #expect((await store.tile(for: Sample.key(n)) != nil) == (n < 2 || n == 4))
            #expect((await store.staleTile(for: Sample.key(n)) != nil) == (2...3).contains(n))
        }
    }

    /// Handed over before the change, written after it: still marked. Begun before, handed over after: refused.
    @Test func whatWaitsToBeWrittenIsMarkedTooAndWhatComesLateIsRefused() async throws {
        let store = try await StoreBox().open()
        let before = store.generation
        store.store(Sample.tile(number: 1), for: Sample.key(1), generation: before)
        await store.markStale(Sample.dirty(0..<5))
        store.store(Sample.tile(number: 2), for: Sample.key(2), generation: before)
        store.store(Sample.tile(number: 9), for: Sample.key(9), generation: before)
        await store.flush()
        #expect(await store.tile(for: Sample.key(1)) == nil)
        #expect(await store.staleTile(for: Sample.key(1)) != nil)
        #expect(await store.find(Sample.key(2)).stale == nil)
        #expect(await store.tile(for: Sample.key(9)) != nil, "the change did not touch it")
        #expect(store.statistics.refused == 1)
    }

    /// Vector tiles and pictures are touched each by its own.
    @Test func onlyTheKindThatChangedIsMarked() async throws {
        let store = try await StoreBox().open()
        store.store(Sample.tile(10), for: Sample.key(1))
        store.store(Sample.tile(10), for: Sample.key(1, format: .png(ratio: 2)))
        store.store(Sample.tile(10), for: Sample.key(1, map: "n"))
        await store.markStale(Sample.dirty(0..<200, kind: .picture))
        #expect(await store.tile(for: Sample.key(1)) != nil)
        #expect(await store.tile(for: Sample.key(1, format: .png(ratio: 2))) == nil)
        #expect(await store.tile(for: Sample.key(1, map: "n")) != nil)
    }

    @Test func aMapIsRemovedWhole() async throws {
        let box = try StoreBox()
        let store = try await box.open()
        let before = store.generation
        for n in 0..<50 { store.store(Sample.tile(number: n % 10), for: Sample.key(n, map: n.isMultiple(of: 2) ? "m" : "n")) }
        await store.removeAll(map: "m", notes: ["data": "2"])
        store.store(Sample.tile(number: 0), for: Sample.key(0), generation: before)
        await store.flush()
        for n in 0..<50 {
            let finding = await store.find(Sample.key(n, map: n.isMultiple(of: 2) ? "m" : "n"))
            #expect((finding.fresh != nil) == !n.isMultiple(of: 2) && finding.stale == nil)
        }
        #expect(store.statistics.tiles == 25 && store.note(for: "data") == "2")
        await store.removeAll(map: nil)
        #expect(store.statistics.tiles == 0 && store.statistics.contentBytes == 0)
        #expect(try box.examine().faults.isEmpty)
    }

    /// Many writers and changes at once: what is given as fresh was begun after the last change of its tile.
    @Test func neverResurrectsUnderManyChanges() async throws {
        let box = try StoreBox()
        let store = try await box.open()
        let tiers = CacheTiers(memory: MemoryTier(capacity: 20_000, journal: store.journal), store: store)
        let versions = VersionBoard(count: 20)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(task))
                    for _ in 0..<300 {
                        let n = Int.random(in: 0..<20, using: &random)
                        let generation = tiers.generation
                        let version = versions.now(n)
                        await Task.yield()
                        tiers.store(Sample.tile(number: n, size: 500, dataVersion: version), for: Sample.key(n), generation: generation)
                    }
                }
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(100 + task))
                    for _ in 0..<100 {
                        let n = Int.random(in: 0..<20, using: &random)
                        versions.change(n)
                        await tiers.markStale(Sample.dirty(n..<(n + 1)))
                        // Marked means: whatever is fresh from here on is at least of this version.
                        let least = versions.marked(n)
                        let found = [tiers.memory.tile(for: Sample.key(n)), await store.tile(for: Sample.key(n))]
                        for tile in found.compactMap(\.self) { #expect(tile.dataVersion >= least, "tile \(n)") }
                    }
                }
            }
            try await group.waitForAll()
        }
        await store.flush()
        for n in 0..<20 {
            let found = [tiers.memory.tile(for: Sample.key(n)), await store.tile(for: Sample.key(n))]
            for tile in found.compactMap(\.self) { #expect(tile.dataVersion == versions.now(n)) }
        }
        #expect(try box.examine().faults.isEmpty)
    }
}
