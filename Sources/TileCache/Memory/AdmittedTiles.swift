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
    private let journal: DirtyJournal
    private(set) var counters = MemoryTierStatistics()

    /// Share of the budget that is the entrance: the largest tile that is kept at all fits it.
    static let entranceShare = 8
    /// Bytes of a tile as most are, for the size of the sketch.
    static let usualTile = 8192

    init(capacity: Int, journal: DirtyJournal) {
        entranceCapacity = capacity / Self.entranceShare
        residenceCapacity = capacity - entranceCapacity
        self.journal = journal
        sketch = FrequencySketch(entries: capacity / Self.usualTile)
    }

    var statistics: MemoryTierStatistics {
        var now = counters
        now.tiles = slots.count
        now.bytes = slots.bytes
        return now
    }

    var slotCount: Int { slots.slotCount }

    mutating func use(_ key: TileKey) -> EncodedTile? {
        guard let index = slots.index(of: key), isFresh(index, key) else {
            counters.misses += 1
            sketch.record(key.fingerprint)
            return nil
        }
        counters.hits += 1
        sketch.record(slots[index].fingerprint)
        slots.touch(index)
        return slots[index].tile
    }

    /// Another version of the tile, or this one where a change has touched it.
    func old(_ key: TileKey) -> EncodedTile? {
        slots.index(of: key).map { slots[$0].tile }
    }

    func contains(_ key: TileKey) -> Bool { slots.index(of: key) != nil }

    /// - Returns: whether the tile is kept for now.
    mutating func insert(_ tile: EncodedTile, for key: TileKey, begun: CacheGeneration) -> Bool {
        guard !journal.isOutdated(key, since: begun) else {
            counters.refused += 1
            return false
        }
        if let index = slots.index(of: key) {
            guard slots[index].begun <= begun else { return false }
            let part = slots[index].part
            slots.remove(index)
            var slot = TileSlots.Slot(key: key, tile: tile, fingerprint: key.fingerprint, begun: begun)
            slot.part = part
            slots.insert(slot)
        } else {
            slots.insert(TileSlots.Slot(key: key, tile: tile, fingerprint: key.fingerprint, begun: begun))
        }
        while slots.bytes(of: .residence) > residenceCapacity { dropOldestResident() }
        while slots.bytes(of: .entrance) > entranceCapacity { passEntrance() }
        return true
    }

    mutating func removeAll(where isUnwanted: (TileKey) -> Bool) {
        for index in 0..<slots.slotCount where slots.isFilled(index) && isUnwanted(slots[index].key) { slots.remove(index) }
    }

    /// Settles for some slots which of their tiles the latest changes have touched.
    mutating func check(_ indices: Range<Int>) {
        for index in indices.clamped(to: 0..<slots.slotCount) where slots.isFilled(index) { settle(index) }
    }

    // MARK: Freshness

    private mutating func isFresh(_ index: Int, _ key: TileKey) -> Bool {
        guard slots[index].key == key else { return false }
        settle(index)
        return !slots[index].isStale
    }

    private mutating func settle(_ index: Int) {
        let now = journal.generation
        guard slots[index].checked != now else { return }
        let isStale = slots[index].isStale || journal.isOutdated(slots[index].key, since: slots[index].checked)
        slots.setFreshness(at: index, isStale: isStale, checked: now)
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
        if slots[candidate].isStale { return false }
        return slots[victim].isStale
            || sketch.count(of: slots[candidate].fingerprint) >= sketch.count(of: slots[victim].fingerprint)
    }

    private mutating func dropOldestResident() {
        guard let victim = slots.oldest(of: .residence) else { preconditionFailure("nothing is left to drop") }
        slots.remove(victim)
        counters.evictions += 1
    }
}
