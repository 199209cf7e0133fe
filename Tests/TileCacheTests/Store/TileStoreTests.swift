import SQLite
import TestSupport
import Testing
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
            await store.close()
        }
        let store = try await box.open(maker: "two")
        #expect(await store.find(Sample.key(1)).isNone)
        #expect(box.events.contains { if case .emptied = $0 { true } else { false } })
        #expect(try box.files().contains("store-1.sqlite") == false)
    }

    /// A file of a former program, whose rows are others, makes room for an empty one; what it held is made again.
    @Test func aFileOfAnotherLayoutIsMadeAnew() async throws {
        let box = try StoreBox()
        do {
            let store = try await box.open()
            for n in 0..<20 { store.store(Sample.tile(number: n), for: Sample.key(n)) }
            await store.close()
        }
        do {
            let former = try Connection(path: box.directory + "/store-1.sqlite", access: .readWrite)
            try former.execute(
                """
                PRAGMA journal_mode = DELETE; ALTER TABLE tiles ADD COLUMN fresh INTEGER NOT NULL DEFAULT 1;
                CREATE TABLE notes (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID; PRAGMA user_version = 1
                """)
        }
        let store = try await box.open()
        #expect(store.statistics.tiles == 0 && store.statistics.damaged == 0 && box.events.isEmpty)
        #expect(await store.find(Sample.key(1)).isNone)
        store.store(Sample.tile(number: 1), for: Sample.key(1))
        await store.flush()
        #expect(await store.tile(for: Sample.key(1))?.isSame(as: Sample.tile(number: 1)) == true)
        #expect(try box.files().filter { $0.hasSuffix(".sqlite") } == ["store-2.sqlite"])
        #expect(try box.examine().faults.isEmpty)
    }

    /// One that only reads does without the file until it writes itself.
    @Test func aReaderDoesWithoutAFileOfAnotherLayout() async throws {
        let box = try StoreBox()
        let writer = try await box.open()
        writer.store(Sample.tile(number: 1), for: Sample.key(1))
        await writer.flush()
        try Connection(path: box.directory + "/store-1.sqlite", access: .readWrite).execute("PRAGMA user_version = 1")
        let reader = try await box.open()
        #expect(await reader.find(Sample.key(1)).isNone)
        #expect(reader.statistics.unanswered == 0 && !reader.statistics.isWriter)
        await writer.close()
        for _ in 0..<200 where !reader.statistics.isWriter {
            reader.store(Sample.tile(number: 2), for: Sample.key(2))
            await reader.flush()
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(await reader.find(Sample.key(1)).isNone)
        #expect(await reader.tile(for: Sample.key(2)) != nil)
    }

    /// From many threads and in many versions: what is found under a key was made for it.
    @Test func whatIsGivenIsOfItsVersion() async throws {
        let box = try StoreBox()
        let store = try await box.open()
        let tiers = CacheTiers(memory: MemoryTier(capacity: 20_000), store: store)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(task))
                    for _ in 0..<300 {
                        let n = Int.random(in: 0..<20, using: &random)
                        let version = UInt64.random(in: 1...5, using: &random)
                        tiers.store(Sample.tile(number: n, size: 500, dataVersion: version), for: Sample.key(n, data: version))
                        let wanted = UInt64.random(in: 1...5, using: &random)
                        let key = Sample.key(n, data: wanted)
                        let found = [tiers.memory.tile(for: key), await store.tile(for: key)]
                        for tile in found.compactMap(\.self) {
                            #expect(tile.isSame(as: Sample.tile(number: n, size: 500, dataVersion: wanted)), "tile \(n)")
                        }
                    }
                }
            }
        }
        await store.flush()
        #expect(store.statistics.tiles == 20)
        #expect(try box.examine().faults.isEmpty)
    }
}
