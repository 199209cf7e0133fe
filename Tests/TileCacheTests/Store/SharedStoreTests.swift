import TestSupport
import Testing
import Tiling

@testable import TileCache

/// Two stores on one directory, as two servers have them.
@Suite struct SharedStoreTests {
    @Test func theSecondReadsAndTakesOver() async throws {
        let box = try StoreBox()
        let second: TileStore
        do {
            let first = try await box.open()
            #expect(first.statistics.isWriter)
            for n in 0..<20 { first.store(Sample.tile(number: n), for: Sample.key(n)) }
            await first.flush()
            second = try await box.open()
            #expect(!second.statistics.isWriter)
            #expect(box.events.contains { if case .reading = $0 { true } else { false } })
            #expect(await second.tile(for: Sample.key(3))?.isSame(as: Sample.tile(number: 3)) == true)
            first.store(Sample.tile(number: 30), for: Sample.key(30))
            await first.flush()
            #expect(await second.tile(for: Sample.key(30)) != nil, "what the first writes later as well")
            second.store(Sample.tile(number: 31), for: Sample.key(31))
            await second.flush()
            #expect(second.statistics.dropped == 1)
            #expect(await first.tile(for: Sample.key(31)) == nil)
            // Data that only the second has heard of have other keys.
            #expect(await second.tile(for: Sample.key(3, data: 2)) == nil)
            #expect(await second.staleTile(for: Sample.key(3, data: 2)) != nil)
            await first.close()
        }
        for _ in 0..<200 where !second.statistics.isWriter {
            second.store(Sample.tile(number: 32), for: Sample.key(32))
            await second.flush()
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(second.statistics.isWriter)
        #expect(box.events.contains { if case .tookOver = $0 { true } else { false } })
        #expect(await second.tile(for: Sample.key(3)) != nil, "what the first wrote stays")
        #expect(await second.tile(for: Sample.key(32)) != nil)
        #expect(try box.examine().faults.isEmpty)
    }

    @Test func anotherProgramDoesWithoutUntilTheFirstHasEnded() async throws {
        let box = try StoreBox()
        let second: TileStore
        do {
            let first = try await box.open(maker: "old")
            first.store(Sample.tile(number: 1), for: Sample.key(1))
            await first.flush()
            second = try await box.open(maker: "new")
            #expect(await second.find(Sample.key(1)).stale == nil)
            #expect(await second.tile(for: Sample.key(1)) == nil)
            #expect(await first.tile(for: Sample.key(1)) != nil)
            await first.close()
        }
        for _ in 0..<200 where !second.statistics.isWriter {
            second.store(Sample.tile(number: 2), for: Sample.key(2))
            await second.flush()
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(await second.tile(for: Sample.key(1)) == nil)
        #expect(await second.tile(for: Sample.key(2)) != nil)
    }
}
