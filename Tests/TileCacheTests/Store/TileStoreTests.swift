import Testing
import TestSupport
import Tiling

@testable import TileCache

@Suite struct TileStoreTests {
    @Test func givesBackWhatItWasGivenAlsoAfterARestart() async throws {
        let box = try StoreBox()
        var empty = Sample.tile(0)
        empty.isEmpty = true
        do {
            let store = try await box.open()
            for n in 0..<50 { store.store(Sample.tile(number: n), for: Sample.key(n)) }
            store.store(empty, for: Sample.key(100))
            await store.close()
            #expect(store.statistics.written == 51)
        }
        let store = try await box.open()
        for n in 0..<50 {
            let found = try #require(await store.tile(for: Sample.key(n)))
            #expect(found.isSame(as: Sample.tile(number: n)))
        }
        #expect(try #require(await store.tile(for: Sample.key(100))).isSame(as: empty))
        #expect(await store.tile(for: Sample.key(50)) == nil)
        #expect(store.statistics.hits == 51 && store.statistics.misses == 1 && store.statistics.tiles == 51)
        #expect(try box.examine().faults.isEmpty)
    }

    /// Every field of the key counts.
    @Test func otherKeysFindNothing() async throws {
        let store = try await StoreBox().open()
        let key = Sample.key(1, format: .png(ratio: 1), style: 7, data: 8)
        store.store(Sample.tile(10), for: key)
        await store.flush()
        #expect(await store.tile(for: key) != nil)
        var others = [TileKey](repeating: key, count: 7)
        others[0].map = "n"
        others[1].matrixSet = "c"
        others[2].address.row = 2
        others[3].address.column = 2
        others[4].address.level = 11
        others[5].format = .png(ratio: 2)
        others[6].policyClass = "staff"
        for other in others {
            #expect(await store.tile(for: other) == nil, "\(other)")
            #expect(await store.staleTile(for: other) == nil, "\(other)")
        }
        for version in [\TileKey.styleVersion, \.dataVersion] {
            var other = key
            other[keyPath: version] = .max
            #expect(await store.tile(for: other) == nil)
            #expect(await store.staleTile(for: other) != nil, "the former version is better than nothing")
        }
    }

    @Test func theSeaIsStoredOnce() async throws {
        let store = try await StoreBox().open()
        for n in 0..<2000 { store.store(Sample.tile(5000, byte: 3), for: Sample.key(n)) }
        store.store(Sample.tile(5000, byte: 4), for: Sample.key(9000))
        await store.flush()
        #expect(store.statistics.tiles == 2001)
        #expect(store.statistics.contentBytes == 10_000)
    }

    /// A content goes when the last of its tiles does.
    @Test func aLaterVersionTakesThePlaceOfTheFormer() async throws {
        let box = try StoreBox()
        let store = try await box.open()
        for n in 0..<4 { store.store(Sample.tile(5000, byte: 1), for: Sample.key(n)) }
        for n in 0..<3 { store.store(Sample.tile(100, byte: 2), for: Sample.key(n, data: 2)) }
        await store.flush()
        #expect(store.statistics.tiles == 4 && store.statistics.contentBytes == 5100)
        store.store(Sample.tile(100, byte: 2), for: Sample.key(3, data: 2))
        await store.flush()
        #expect(store.statistics.tiles == 4 && store.statistics.contentBytes == 100)
        #expect(try box.examine().faults.isEmpty)
    }

    @Test func aFullQueueDropsAndCountsAndNeverWaits() async throws {
        let store = try await StoreBox().open(change: { $0.queueCount = 20 })
        for n in 0..<5000 { store.store(Sample.tile(number: n), for: Sample.key(n)) }
        await store.flush()
        let statistics = store.statistics
        #expect(statistics.dropped > 0 && statistics.written + statistics.dropped == 5000)
        #expect(statistics.tiles == statistics.written)
    }

    @Test func whatIsForTheMomentIsNotWritten() async throws {
        let store = try await StoreBox().open()
        var provisional = Sample.tile(10)
        provisional.isProvisional = true
        var old = Sample.tile(10)
        old.isStale = true
        store.store(provisional, for: Sample.key(1))
        store.store(old, for: Sample.key(2))
        await store.flush()
        #expect(store.statistics.tiles == 0)
    }

    @Test func isWrittenBehindWithoutBeingToldTo() async throws {
        let store = try await StoreBox().open()
        store.store(Sample.tile(10), for: Sample.key(1))
        for _ in 0..<500 where await store.tile(for: Sample.key(1)) == nil { try await Task.sleep(for: .milliseconds(20)) }
        #expect(await store.tile(for: Sample.key(1)) != nil)
    }

    @Test func aClosedStoreGivesAndTakesNothing() async throws {
        let box = try StoreBox()
        let store = try await box.open()
        store.store(Sample.tile(10), for: Sample.key(1))
        await store.close()
        store.store(Sample.tile(10), for: Sample.key(2))
        await store.markStale(Sample.dirty(0..<5))
        await store.flush()
        #expect(await store.find(Sample.key(1)).fresh == nil && store.statistics.dropped == 1)
        #expect(try await box.open().statistics.tiles == 1)
    }

    /// Another program draws other pictures under the same keys.
    @Test func theStoreOfAnotherMakerIsEmptied() async throws {
        let box = try StoreBox()
        do {
            let store = try await box.open(maker: "one")
            store.store(Sample.tile(10), for: Sample.key(1))
            await store.markStale([], notes: ["data": "17"])
            await store.close()
        }
        let store = try await box.open(maker: "two")
        #expect(await store.find(Sample.key(1)).stale == nil)
        #expect(await store.tile(for: Sample.key(1)) == nil)
        #expect(store.note(for: "data") == nil)
        #expect(box.events.contains { if case .emptied = $0 { true } else { false } })
        #expect(try box.files().contains("store-1.sqlite") == false)
    }
}
