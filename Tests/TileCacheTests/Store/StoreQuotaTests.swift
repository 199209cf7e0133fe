import Foundation
import Synchronization
import TestSupport
import Testing
import Tiling

@testable import TileCache

@Suite struct StoreQuotaTests {
    private static let quota = 2 << 20

    /// After every batch: the account is that of the rows, and the file no larger than its quota.
    @Test(arguments: [300, 3000, 30_000])
    func theSizeIsAlwaysRight(size: Int) async throws {
        let box = try StoreBox()
        let store = try await box.open(quota: Self.quota)
        var random = SeededGenerator(seed: UInt64(size))
        let perRound = 600_000 / size
        for round in 0..<12 {
            for _ in 0..<perRound {
                let n = Int.random(in: 0..<(perRound * 8), using: &random)
                // Every fourth is the sea.
                let tile = n.isMultiple(of: 4) ? Sample.tile(size, byte: 9) : Sample.tile(number: n, size: size / 2 + n * 7919 % size)
                store.store(tile, for: Sample.key(n, data: UInt64(round)))
            }
            await store.flush()
            let examined = try box.examine()
            #expect(examined.faults.isEmpty, "round \(round)")
            #expect(examined.tiles == store.statistics.tiles && examined.bytes == store.statistics.bytes, "round \(round)")
            #expect(store.statistics.bytes <= Self.quota && store.statistics.contentBytes < Self.quota, "round \(round)")
        }
        #expect(store.statistics.evictions > 0)
        try box.settle()
        #expect(try box.size() <= Self.quota)
        #expect(store.statistics.contentBytes > Self.quota / 4, "it is not empty for fear of being full")
    }

    /// What was read since it came, and what is in use in memory, stays.
    @Test func whatIsUsedStays() async throws {
        let inMemory = Mutex<Set<Int>>(Set(20..<40))
        let store = try await StoreBox().open(quota: Self.quota) { key in inMemory.withLock { $0.contains(key.address.row) } }
        for n in 0..<60 { store.store(Sample.tile(number: n, size: 10_000), for: Sample.key(n)) }
        await store.flush()
        for n in 60..<1000 {
            if n.isMultiple(of: 20) {
                // A reader remembers one use of four.
                for used in 0..<20 { for _ in 0..<4 { #expect(await store.tile(for: Sample.key(used)) != nil, "tile \(used) at \(n)") } }
            }
            store.store(Sample.tile(number: n, size: 10_000), for: Sample.key(n))
            await store.flush()
        }
        for n in 0..<40 { #expect(await store.tile(for: Sample.key(n)) != nil, "tile \(n)") }
        for n in 40..<60 { #expect(await store.tile(for: Sample.key(n)) == nil, "tile \(n)") }
    }

    @Test func aTileTooLargeForTheStoreIsNotTaken() async throws {
        let store = try await StoreBox().open(quota: Self.quota)
        store.store(Sample.tile(Self.quota / 4), for: Sample.key(1))
        await store.flush()
        #expect(store.statistics.tiles == 0)
    }

    @Test func aLoweredQuotaGivesTheRoomBack() async throws {
        let box = try StoreBox()
        do {
            let store = try await box.open(quota: 16 << 20)
            for n in 0..<1000 { store.store(Sample.tile(number: n, size: 10_000), for: Sample.key(n)) }
            await store.close()
        }
        let store = try await box.open(quota: Self.quota)
        #expect(store.statistics.bytes <= Self.quota && store.statistics.tiles > 50)
        await store.flush()
        try box.settle()
        #expect(try box.size() <= Self.quota)
    }

    /// The clock of the machine says nothing to a store: files from the future or the past change neither order nor content.
    @Test func aClockThatGoesBackwardsChangesNothing() async throws {
        var kept: [[Int]] = []
        for years in [0, 10, -10] {
            let box = try StoreBox()
            for round in 0..<3 {
                let store = try await box.open(quota: Self.quota)
                for n in 0..<100 { store.store(Sample.tile(number: round * 100 + n, size: 10_000), for: Sample.key(round * 100 + n)) }
                await store.close()
                let time = Date().addingTimeInterval(Double(years * (round - 1)) * 31_557_600)
                for file in try box.files() {
                    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: box.directory + "/" + file)
                }
            }
            let store = try await box.open(quota: Self.quota)
            var found: [Int] = []
            for n in 0..<300 where await store.tile(for: Sample.key(n)) != nil { found.append(n) }
            #expect(found.count > 100 && found.last == 299)
            kept.append(found)
        }
        #expect(kept[0] == kept[1] && kept[0] == kept[2])
    }
}
