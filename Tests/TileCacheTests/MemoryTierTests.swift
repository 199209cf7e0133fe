import TestSupport
import Testing
import Tiling

@testable import TileCache

@Suite struct MemoryTierTests {
    private func key(_ n: Int, data: UInt64 = 1) -> TileKey { Sample.key(n, data: data) }

    @Test func staysWithinItsBudgetAndDropsTheLeastUsed() {
        let tier = MemoryTier(capacity: 100_000)
        for n in 0..<9 { tier.store(Sample.tile(10_000), for: key(n)) }
        #expect(tier.tile(for: key(0)) != nil)
        for n in 9..<14 { tier.store(Sample.tile(10_000), for: key(n)) }
        #expect(tier.statistics.bytes <= 100_000)
        #expect(tier.tile(for: key(0)) != nil)
        #expect(tier.tile(for: key(1)) == nil)
        #expect(tier.tile(for: key(13)) != nil)
    }

    /// The same policy once more, without any of the structures that make it quick.
    private struct Model {
        var entrance: [(key: TileKey, cost: Int)] = []
        var residence: [(key: TileKey, cost: Int)] = []
        var sketch: FrequencySketch
        let capacity: Int

        func bytes(_ part: [(key: TileKey, cost: Int)]) -> Int { part.reduce(0) { $0 + $1.cost } }

        mutating func use(_ key: TileKey) -> Bool {
            sketch.record(key.fingerprint)
            if let place = entrance.firstIndex(where: { $0.key == key }) {
                entrance.append(entrance.remove(at: place))
            } else if let place = residence.firstIndex(where: { $0.key == key }) {
                residence.append(residence.remove(at: place))
            } else {
                return false
            }
            return true
        }

        mutating func store(_ key: TileKey, cost: Int) {
            if cost > capacity / 8 { return }
            if let place = residence.firstIndex(where: { $0.key == key }) {
                residence.remove(at: place)
                residence.append((key, cost))
            } else {
                entrance.removeAll { $0.key == key }
                entrance.append((key, cost))
            }
            while bytes(residence) > capacity - capacity / 8 { residence.removeFirst() }
            while bytes(entrance) > capacity / 8 { pass(entrance.removeFirst()) }
        }

        private mutating func pass(_ candidate: (key: TileKey, cost: Int)) {
            while bytes(residence) + candidate.cost > capacity - capacity / 8 {
                let asked = sketch.count(of: candidate.key.fingerprint)
                guard let victim = residence.first, asked >= sketch.count(of: victim.key.fingerprint) else { return }
                residence.removeFirst()
            }
            residence.append(candidate)
        }
    }

    @Test(arguments: [UInt64(20_260_101), 7, 99])
    func agreesWithASimpleModel(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let tier = MemoryTier(capacity: 20_000)
        var model = Model(sketch: FrequencySketch(entries: 20_000 / AdmittedTiles.usualTile), capacity: 20_000)
        for step in 0..<6000 {
            let key = key(Int.random(in: 0..<40, using: &random))
            if Bool.random(using: &random) {
                let tile = Sample.tile(Int.random(in: 0..<3000, using: &random))
                tier.store(tile, for: key)
                model.store(key, cost: tile.cost)
            } else {
                #expect((tier.tile(for: key) != nil) == model.use(key), "seed \(seed), step \(step)")
            }
        }
        #expect(tier.statistics.tiles == model.entrance.count + model.residence.count)
        #expect(tier.statistics.bytes == model.bytes(model.entrance) + model.bytes(model.residence))
    }

    /// What is asked for now and then outlives a walk over a hundred times as many tiles, each asked for once.
    @Test func aScanDoesNotFlushWhatIsInUse() {
        let tier = MemoryTier(capacity: 1_000_000)
        let hot = (0..<60).map { key($0) }
        for key in hot { tier.store(Sample.tile(10_000), for: key) }
        for _ in 0..<3 { for key in hot { #expect(tier.tile(for: key) != nil) } }
        for n in 1000..<7000 {
            if n.isMultiple(of: 250) { for key in hot { _ = tier.tile(for: key) } }
            let key = key(n)
            #expect(tier.tile(for: key) == nil)
            tier.store(Sample.tile(10_000), for: key)
        }
        #expect(hot.count { tier.contains($0) } >= 57)
        #expect(tier.statistics.turnedAway > 5000)
    }

    /// What was in use and no longer is makes room in the end.
    @Test func aNewSetInUseTakesThePlaceOfTheFormer() {
        let tier = MemoryTier(capacity: 1_000_000)
        for round in 0..<2 {
            let keys = (0..<60).map { key(round * 1000 + $0) }
            for _ in 0..<40 {
                for key in keys where tier.tile(for: key) == nil { tier.store(Sample.tile(10_000), for: key) }
            }
            #expect(keys.count { tier.contains($0) } >= 57, "round \(round)")
        }
    }

    @Test func keysWithOtherDataNeverMeet() {
        let tier = MemoryTier(capacity: 100_000)
        tier.store(Sample.tile(10), for: key(1, data: 1))
        #expect(tier.tile(for: key(1, data: 2)) == nil)
        #expect(tier.tile(for: Sample.key(1, style: 9)) == nil)
        #expect(tier.tile(for: Sample.key(1, policyClass: "staff")) == nil)
        #expect(tier.staleTile(for: key(1, data: 2)) != nil, "better than nothing, when asked for")
        #expect(tier.staleTile(for: Sample.key(1, policyClass: "staff")) == nil, "never")
        #expect(tier.tile(for: key(1, data: 1)) != nil)
    }

    /// A later version takes the place of the former, which cannot be had any more.
    @Test func aTileIsHereInOneVersion() {
        let tier = MemoryTier(capacity: 100_000)
        for n in 0..<5 { tier.store(Sample.tile(number: n), for: key(n)) }
        tier.store(Sample.tile(number: 22), for: key(2, data: 2))
        for n in 0..<5 { #expect((tier.tile(for: key(n)) != nil) == (n != 2)) }
        #expect(tier.tile(for: key(2, data: 2))?.body == Sample.tile(number: 22).body)
        #expect(tier.staleTile(for: key(2))?.body == Sample.tile(number: 22).body)
        #expect(tier.statistics.tiles == 5)
    }

    @Test func whatIsForTheMomentIsNotKept() {
        let tier = MemoryTier(capacity: 100_000)
        var provisional = Sample.tile(10)
        provisional.isProvisional = true
        var old = Sample.tile(10)
        old.isStale = true
        tier.store(provisional, for: key(1))
        tier.store(old, for: key(2))
        #expect(tier.statistics.tiles == 0)
    }

    @Test func entityTagsFollowTheContent() {
        #expect(EncodedTile.entityTag(of: Array("abc".utf8)) == "\"ba7816bf8f01cfea414140de5dae2223\"")
        #expect(Sample.tile(3, byte: 1).entityTag != Sample.tile(3, byte: 2).entityTag)
    }
}
