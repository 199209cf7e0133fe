import TestSupport
import Testing
import Tiling

@testable import TileCache

/// Tiles of somebody who has to know that they are there.
@Suite struct StoreWritingTests {
    private func batch(_ numbers: Range<Int>) -> [(key: TileKey, tile: EncodedTile)] {
        numbers.map { (Sample.key($0), Sample.tile(number: $0)) }
    }

    /// Far more at once than the queue of those who do not wait would take.
    @Test func nothingIsDroppedWhateverTheQueue() async throws {
        let box = try StoreBox()
        let store = try await box.open(change: { $0.queueCount = 20 })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<40 {
                group.addTask {
                    try await store.write(batch(part * 50..<part * 50 + 50))
                    #expect(try await store.read(batch(part * 50..<part * 50 + 50).map(\.key)).allSatisfy { $0.fresh != nil })
                }
            }
            try await group.waitForAll()
        }
        #expect(store.statistics.written == 2000 && store.statistics.dropped == 0 && store.statistics.tiles == 2000)
        try await store.settle()
        #expect(try box.examine().faults.isEmpty)
    }

    @Test func readsEveryKeyForWhatItIs() async throws {
        let store = try await StoreBox().open(change: { $0.readers = 1 })
        try await store.write(batch(0..<3))
        let gate = Gate()
        let blocked = await store.blockReader { gate.wait() }
        let found = try await store.read([Sample.key(1), Sample.key(2, data: 9), Sample.key(7)])
        #expect(found[0].fresh?.isSame(as: Sample.tile(number: 1)) == true)
        #expect(found[1].fresh == nil && found[1].stale?.isSame(as: Sample.tile(number: 2)) == true)
        #expect(found[2].isNone && found.count == 3)
        gate.open()
        await blocked.value
    }

    @Test func whereItCannotBeWrittenItSaysSo() async throws {
        let box = try StoreBox()
        let first = try await box.open(quota: 1 << 20)
        let second = try await box.open(quota: 1 << 20)
        await #expect(throws: TileStoreError.self) { try await second.write(batch(0..<3)) }
        await #expect(throws: TileStoreError.self) { try await second.read([Sample.key(1)]) }
        await #expect(throws: TileStoreError.self) { try await first.write([(Sample.key(1), Sample.tile(200_000))]) }
        #expect(first.statistics.tiles == 0)
        await first.close()
        await #expect(throws: TileStoreError.self) { try await first.write(batch(0..<3)) }
    }
}
