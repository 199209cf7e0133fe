import Foundation
import TestSupport
import Testing
import Tiling

@testable import TileCache

/// Whatever happens to its file, a store never gives a wrong tile, and is there again.
@Suite struct DamagedStoreTests {
    private static let count = 150

    private func filled(_ box: StoreBox) async throws {
        let store = try await box.open()
        for n in 0..<Self.count { store.store(tile(n), for: Sample.key(n, data: n < 10 ? 1 : 2)) }
        await store.flush()
        #expect(store.statistics.tiles == Self.count)
        await store.close()
    }

    private func tile(_ n: Int) -> EncodedTile { Sample.tile(number: n, size: 1000 + n * 40) }

    private func path(_ box: StoreBox) -> String { box.directory + "/store-1.sqlite" }

    /// - Returns: how many were found.
    private func expectNothingWrong(_ store: TileStore, _ case: String) async -> Int {
        var found = 0
        for n in 0..<Self.count {
            switch await store.find(Sample.key(n, data: 2)) {
            case .fresh(let tile):
                found += 1
                #expect(n >= 10, "\(`case`): a stale tile as a fresh one")
                #expect(tile.isSame(as: self.tile(n)), "\(`case`): tile \(n)")
            case .stale(let tile): #expect(n < 10 && tile.isSame(as: self.tile(n)), "\(`case`): tile \(n)")
            case .none: break
            }
        }
        return found
    }

    private func expectUsable(_ store: TileStore, _ case: String) async {
        store.store(Sample.tile(number: 7000), for: Sample.key(7000))
        await store.flush()
        #expect(await store.tile(for: Sample.key(7000))?.isSame(as: Sample.tile(number: 7000)) == true, "\(`case`)")
    }

    /// Bytes altered all over the file, one run in four of them in the pages of the schema and the rows.
    @Test(arguments: 0..<40)
    func alteredBytes(seed: Int) async throws {
        let box = try StoreBox()
        try await filled(box)
        try box.settle()
        var bytes = try Data(contentsOf: URL(filePath: path(box)))
        var random = SeededGenerator(seed: UInt64(seed))
        let end = seed.isMultiple(of: 4) ? min(bytes.count, 60_000) : bytes.count
        for _ in 0..<[1, 8, 64, 512][seed / 4 % 4] {
            bytes[Int.random(in: 0..<end, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
        }
        try bytes.write(to: URL(filePath: path(box)))
        let store = try await box.open()
        _ = await expectNothingWrong(store, "seed \(seed)")
        await expectUsable(store, "seed \(seed)")
        if store.statistics.damaged > 0 {
            #expect(try box.files().contains("damaged.sqlite"))
            #expect(box.events.contains { if case .setAside = $0 { true } else { false } })
            #expect(try box.examine().faults.isEmpty && !box.examine().remarks.isEmpty)
        }
    }

    /// One altered byte in the middle of a content: found when it is read, and everything is made anew.
    @Test func anAlteredContentIsMetWhenItIsRead() async throws {
        let box = try StoreBox()
        try await filled(box)
        try box.settle()
        var bytes = try Data(contentsOf: URL(filePath: path(box)))
        let needle = Data(tile(77).body[200..<232])
        let place = try #require(bytes.range(of: needle))
        bytes[place.lowerBound] ^= 1
        try bytes.write(to: URL(filePath: path(box)))
        #expect(try !box.examine().faults.isEmpty, "a full read finds it")
        let store = try await box.open()
        #expect(await store.tile(for: Sample.key(76, data: 2)) != nil)
        #expect(await store.find(Sample.key(77, data: 2)).fresh == nil)
        #expect(store.statistics.damaged == 1)
        #expect(await store.find(Sample.key(76, data: 2)).isNone, "none of that file is trusted any more")
        await expectUsable(store, "after")
        #expect(try box.files().contains("store-2.sqlite"))
    }

    @Test(arguments: [0, 1, 50, 100, 4096, 20_000, 100_000, 300_000])
    func cutShort(length: Int) async throws {
        let box = try StoreBox()
        try await filled(box)
        try box.settle()
        try Data(contentsOf: URL(filePath: path(box))).prefix(length).write(to: URL(filePath: path(box)))
        let store = try await box.open()
        _ = await expectNothingWrong(store, "\(length) bytes")
        await expectUsable(store, "\(length) bytes")
    }

    /// Cut while it is open: the pages that are gone are met by readers and by the writer.
    @Test func cutShortWhileItIsOpen() async throws {
        let box = try StoreBox()
        try await filled(box)
        let store = try await box.open()
        try box.settle()
        let handle = try FileHandle(forWritingTo: URL(filePath: path(box)))
        try handle.truncate(atOffset: 30_000)
        try handle.close()
        _ = await expectNothingWrong(store, "open")
        await expectUsable(store, "open")
        #expect(store.statistics.damaged == 1)
    }

    @Test func anotherFileInItsPlace() async throws {
        let box = try StoreBox()
        try FileManager.default.createDirectory(atPath: box.directory, withIntermediateDirectories: true)
        try Data("这不是瓦片库 no tile store at all".utf8).write(to: URL(filePath: path(box)))
        let store = try await box.open()
        await expectUsable(store, "another file")
        #expect(store.statistics.damaged == 1)
    }

    /// Only the last damaged file is kept.
    @Test func damageAgainAndAgain() async throws {
        let box = try StoreBox()
        for round in 1...4 {
            do {
                let store = try await box.open()
                await expectUsable(store, "round \(round)")
                await store.close()
            }
            try box.settle(round)
            let file = URL(filePath: box.directory + "/store-\(round).sqlite")
            var bytes = try Data(contentsOf: file)
            for index in 0..<100 { bytes[index] = 0xAA }
            try bytes.write(to: file)
        }
        let store = try await box.open()
        await expectUsable(store, "last")
        #expect(try box.files().filter { $0.hasSuffix(".sqlite") } == ["damaged.sqlite", "store-5.sqlite"])
    }
}

extension StoreFinding {
    var isNone: Bool { fresh == nil && stale == nil }
}
