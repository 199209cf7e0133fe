import Foundation
import Testing
import Tiling
import TestSupport

@testable import TileCache

/// A disk without room: what is stored stays right, what is served goes on, and writing comes back with the room.
@Suite(.serialized) struct FullDiskTests {
    @Test(.enabled(if: SmallDisk.isPossible, "skipped: this user may not mount a tmpfs"))
    func aFullDiskDropsTilesAndNothingElse() async throws {
        let disk = try SmallDisk(megabytes: 3)
        do { try await fill(disk) } catch {
            try disk.unmount()
            throw error
        }
        try disk.unmount()
    }

    private func fill(_ disk: SmallDisk) async throws {
        let box = try StoreBox(directory: disk.path + "/tiles")
        let store = try await box.open(quota: 64 << 20)
        for n in 0..<1000 {
            store.store(Sample.tile(number: n, size: 10_000), for: Sample.key(n))
            if n.isMultiple(of: 20) { await store.flush() }
        }
        await store.flush()
        #expect(store.statistics.dropped > 0 && store.statistics.written > 50)
        #expect(box.events.contains { if case .writesFail = $0 { true } else { false } })
        #expect(store.statistics.damaged == 0)
        var found = 0
        for n in 0..<1000 {
            guard let tile = await store.tile(for: Sample.key(n)) else { continue }
            found += 1
            #expect(tile.isSame(as: Sample.tile(number: n, size: 10_000)))
        }
        #expect(found == store.statistics.written)
        let error = await #expect(throws: TileStoreError.self) {
            try await store.write((6000..<6500).map { (Sample.key($0), Sample.tile(number: $0, size: 10_000)) })
        }
        #expect(error?.isDiskFull == true)
        #expect(await store.tile(for: Sample.key(6000)) == nil, "all or nothing")
        try disk.enlarge(megabytes: 64)
        try await Task.sleep(for: .milliseconds(5))
        store.store(Sample.tile(number: 5000), for: Sample.key(5000))
        await store.flush()
        #expect(await store.tile(for: Sample.key(5000)) != nil)
        #expect(box.events.contains { if case .writesAgain = $0 { true } else { false } })
        #expect(try box.examine().faults.isEmpty)
    }

    /// No room for so much as an empty store: the store says so, and whoever opens it goes on without.
    @Test(.enabled(if: SmallDisk.isPossible, "skipped: this user may not mount a tmpfs"))
    func noRoomForAnEmptyStore() async throws {
        let disk = try SmallDisk(megabytes: 1)
        do {
            #expect(FileManager.default.createFile(atPath: disk.path + "/large", contents: Data(count: 1 << 20 - 8192)))
            let box = try StoreBox(directory: disk.path + "/tiles")
            await #expect(throws: TileStoreError.self) { _ = try await box.open() }
        } catch {
            try disk.unmount()
            throw error
        }
        try disk.unmount()
    }
}
