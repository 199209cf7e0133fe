import Foundation
import Testing
import Tiling

@testable import TileCache

/// Readers that wait for the disk hold up nobody else.
@Suite struct SlowDiskTests {
    @Test func oneThatIsBlockedLeavesTheOthersAlone() async throws {
        let store = try await StoreBox().open(change: { $0.readers = 2 })
        store.store(Sample.tile(number: 1), for: Sample.key(1))
        await store.flush()
        let gate = Gate()
        let blocked = await store.blockReader { gate.wait() }
        for _ in 0..<20 { #expect(await store.tile(for: Sample.key(1)) != nil) }
        #expect(store.statistics.unanswered == 0)
        gate.open()
        await blocked.value
    }

    /// With all of them blocked the first waits a little, and whoever comes after it not at all: tiles are made.
    @Test func whereAllAreBlockedTilesCountAsMissing() async throws {
        let store = try await StoreBox().open(change: {
            $0.readers = 2
            $0.patience = .milliseconds(50)
        })
        store.store(Sample.tile(number: 1), for: Sample.key(1))
        await store.flush()
        let gate = Gate()
        let blocked = [await store.blockReader { gate.wait() }, await store.blockReader { gate.wait() }]
        for count in 1...5 {
            #expect(await store.tile(for: Sample.key(1)) == nil)
            #expect(store.statistics.unanswered == count)
        }
        gate.open()
        for task in blocked { await task.value }
        for _ in 0..<500 where await store.tile(for: Sample.key(1)) == nil { try await Task.sleep(for: .milliseconds(20)) }
        #expect(await store.tile(for: Sample.key(1)) != nil)
    }

    /// More at once than there are readers: they take turns, and everybody gets the tile.
    @Test func aCrowdTakesTurns() async throws {
        let store = try await StoreBox().open(change: { $0.readers = 2 })
        for n in 0..<100 { store.store(Sample.tile(number: n), for: Sample.key(n)) }
        await store.flush()
        let found = await withTaskGroup(of: Bool.self) { group in
            for n in 0..<300 { group.addTask { await store.tile(for: Sample.key(n % 100)) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(found == 300 && store.statistics.unanswered == 0)
    }

    /// A read that takes too long is not waited for, and its reader is free again when it ends.
    @Test func aReadThatTakesTooLongIsNotWaitedFor() async throws {
        let store = try await StoreBox().open(change: {
            $0.readers = 1
            $0.patience = .milliseconds(50)
        })
        store.store(Sample.tile(number: 1), for: Sample.key(1))
        await store.flush()
        let gate = Gate()
        await store.blockNextRead { gate.wait() }
        #expect(await store.tile(for: Sample.key(1)) == nil)
        #expect(store.statistics.unanswered == 1)
        gate.open()
        for _ in 0..<500 where await store.tile(for: Sample.key(1)) == nil { try await Task.sleep(for: .milliseconds(20)) }
        #expect(await store.tile(for: Sample.key(1)) != nil)
    }
}

/// Holds threads up until it is opened.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() {
        semaphore.wait()
        semaphore.signal()
    }

    func open() { semaphore.signal() }
}
