/// Which tiles stay in memory: a small entrance that everything passes, and a residence in which a newcomer takes the place
/// of another only where it is asked for at least as often.
///
/// So a scan of many tiles, each asked for once, flows through the entrance and leaves what is in use alone; and the tiles
/// of a metatile that nobody has asked for yet have the time of the entrance to be asked for.
struct AdmittedTiles {
    private var slots = TileSlots()
    private var sketch: FrequencySketch
    private let entranceCapacity: Int
    private let residenceCapacity: Int
    private(set) var counters = MemoryTierStatistics()

    /// Share of the budget that is the entrance: the largest tile that is kept at all fits it.
    static let entranceShare = 8
    /// Bytes of a tile as most are, for the size of the sketch.
    static let usualTile = 8192

    init(capacity: Int) {
        entranceCapacity = capacity / Self.entranceShare
        residenceCapacity = capacity - entranceCapacity
        sketch = FrequencySketch(entries: capacity / Self.usualTile)
    }

    var statistics: MemoryTierStatistics {
        var now = counters
        now.tiles = slots.count
        now.bytes = slots.bytes
        return now
    }

    mutating func use(_ key: TileKey) -> EncodedTile? {
        guard let index = slots.index(of: key), slots[index].key == key else {
            counters.misses += 1
            sketch.record(key.fingerprint)
            return nil
        }
        counters.hits += 1
        sketch.record(slots[index].fingerprint)
        slots.touch(index)
        return slots[index].tile
    }

    /// The tile in whatever version.
    func old(_ key: TileKey) -> EncodedTile? {
        slots.index(of: key).map { slots[$0].tile }
    }

    func contains(_ key: TileKey) -> Bool { slots.index(of: key) != nil }

    mutating func insert(_ tile: EncodedTile, for key: TileKey) {
        var slot = TileSlots.Slot(key: key, tile: tile, fingerprint: key.fingerprint)
        if let former = slots.index(of: key) {
            slot.part = slots[former].part
            slots.remove(former)
        }
        slots.insert(slot)
        while slots.bytes(of: .residence) > residenceCapacity { dropOldestResident() }
        while slots.bytes(of: .entrance) > entranceCapacity { passEntrance() }
    }

    // MARK: Admission

    /// The oldest of the entrance goes on into the residence or out.
    private mutating func passEntrance() {
        guard let candidate = slots.oldest(of: .entrance) else { preconditionFailure("an empty entrance is not too full") }
        let cost = slots[candidate].tile.cost
        while slots.bytes(of: .residence) + cost > residenceCapacity {
            guard let victim = slots.oldest(of: .residence), yields(victim, to: candidate) else {
                slots.remove(candidate)
                counters.turnedAway += 1
                return
            }
            dropOldestResident()
        }
        slots.move(candidate, to: .residence)
    }

    private func yields(_ victim: Int, to candidate: Int) -> Bool {
        sketch.count(of: slots[candidate].fingerprint) >= sketch.count(of: slots[victim].fingerprint)
    }

    private mutating func dropOldestResident() {
        guard let victim = slots.oldest(of: .residence) else { preconditionFailure("nothing is left to drop") }
        slots.remove(victim)
        counters.evictions += 1
    }
}
