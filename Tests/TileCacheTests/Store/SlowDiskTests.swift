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

    /// With all of them blocked a tile counts as missing at once, and is made.
    @Test func whereAllAreBlockedNobodyWaits() async throws {
        let store = try await StoreBox().open(change: { $0.readers = 2 })
        store.store(Sample.tile(number: 1), for: Sample.key(1))
        await store.flush()
        let gate = Gate()
        let blocked = [await store.blockReader { gate.wait() }, await store.blockReader { gate.wait() }]
        #expect(await store.tile(for: Sample.key(1)) == nil)
        #expect(store.statistics.unanswered == 1)
        gate.open()
        for task in blocked { await task.value }
        #expect(await store.tile(for: Sample.key(1)) != nil)
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
