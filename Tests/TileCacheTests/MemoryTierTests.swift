import Testing
import Tiling

@testable import TileCache

@Suite struct MemoryTierTests {
    static func key(_ n: Int, data: UInt64 = 1) -> TileKey {
        TileKey(
            map: "m", matrixSet: "w", address: TileAddress(level: 10, row: n, column: 0), format: .mvt, styleVersion: 0,
            dataVersion: data, policyClass: "public")
    }

    static func tile(_ size: Int, byte: UInt8 = 0) -> EncodedTile {
        EncodedTile(
            format: .mvt, body: [UInt8](repeating: byte, count: size), isGzip: false, leftOut: [:], dataVersion: 1)
    }

    @Test func staysWithinItsBudgetAndDropsTheLeastUsed() {
        let tier = MemoryTier(capacity: 100_000)
        for n in 0..<9 { tier.store(Self.tile(10_000), for: Self.key(n)) }
        #expect(tier.tile(for: Self.key(0)) != nil)
        for n in 9..<14 { tier.store(Self.tile(10_000), for: Self.key(n)) }
        #expect(tier.statistics.bytes <= 100_000)
        #expect(tier.tile(for: Self.key(0)) != nil)
        #expect(tier.tile(for: Self.key(1)) == nil)
        #expect(tier.tile(for: Self.key(13)) != nil)
    }

    @Test func agreesWithASimpleModel() {
        var seed: UInt64 = 20_260_101
        func random(_ n: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % n
        }
        let tier = MemoryTier(capacity: 20_000)
        var model: [(key: TileKey, cost: Int)] = []
        for _ in 0..<5000 {
            let key = Self.key(random(40))
            if random(2) == 0 {
                let tile = Self.tile(random(2000))
                tier.store(tile, for: key)
                model.removeAll { $0.key == key }
                model.append((key, tile.cost))
                while model.reduce(0, { $0 + $1.cost }) > 20_000 { model.removeFirst() }
            } else {
                let place = model.firstIndex { $0.key == key }
                #expect((tier.tile(for: key) != nil) == (place != nil), "seed 20260101")
                if let place { model.append(model.remove(at: place)) }
            }
        }
        #expect(tier.statistics.tiles == model.count)
        #expect(tier.statistics.bytes == model.reduce(0) { $0 + $1.cost })
    }

    @Test func keysWithOtherDataNeverMeet() {
        let tier = MemoryTier(capacity: 100_000)
        tier.store(Self.tile(10), for: Self.key(1, data: 1))
        #expect(tier.tile(for: Self.key(1, data: 2)) == nil)
        tier.removeAll { $0.dataVersion < 2 }
        #expect(tier.tile(for: Self.key(1, data: 1)) == nil)
        #expect(tier.statistics.bytes == 0)
    }

    @Test func entityTagsFollowTheContent() {
        #expect(EncodedTile.entityTag(of: Array("abc".utf8)) == "\"ba7816bf8f01cfea414140de5dae2223\"")
        #expect(Self.tile(3, byte: 1).entityTag != Self.tile(3, byte: 2).entityTag)
    }
}
