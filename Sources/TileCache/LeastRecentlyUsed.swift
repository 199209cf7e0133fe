/// A dictionary that remembers the order of use: an intrusive doubly linked list over slots.
struct LeastRecentlyUsed {
    private struct Slot {
        var key: TileKey
        var tile: EncodedTile
        var newer: Int
        var older: Int
    }

    private static let none = -1

    private var slots: [Slot?] = []
    private var free: [Int] = []
    private var places: [TileKey: Int] = [:]
    private var newest = none
    private var oldest = none
    private(set) var bytes = 0
    private(set) var hits = 0
    private(set) var misses = 0

    var count: Int { places.count }

    mutating func use(_ key: TileKey) -> EncodedTile? {
        guard let place = places[key], let tile = slots[place]?.tile else {
            misses += 1
            return nil
        }
        hits += 1
        if place != newest {
            unlink(place)
            link(place)
        }
        return tile
    }

    mutating func insert(_ tile: EncodedTile, for key: TileKey) {
        if let place = places[key] { remove(place) }
        let slot = Slot(key: key, tile: tile, newer: Self.none, older: Self.none)
        let place: Int
        if let reused = free.popLast() {
            place = reused
            slots[place] = slot
        } else {
            place = slots.count
            slots.append(slot)
        }
        places[key] = place
        bytes += tile.cost
        link(place)
    }

    mutating func dropOldest() {
        precondition(oldest != Self.none, "nothing is left to drop")
        remove(oldest)
    }

    mutating func removeAll(where isStale: (TileKey) -> Bool) {
        for (key, place) in places where isStale(key) { remove(place) }
    }

    private mutating func remove(_ place: Int) {
        guard let slot = slots[place] else { return }
        unlink(place)
        bytes -= slot.tile.cost
        places[slot.key] = nil
        slots[place] = nil
        free.append(place)
    }

    private mutating func link(_ place: Int) {
        slots[place]?.newer = Self.none
        slots[place]?.older = newest
        if newest != Self.none { slots[newest]?.newer = place }
        newest = place
        if oldest == Self.none { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        guard let slot = slots[place] else { return }
        if slot.newer != Self.none { slots[slot.newer]?.older = slot.older } else { newest = slot.older }
        if slot.older != Self.none { slots[slot.older]?.newer = slot.newer } else { oldest = slot.newer }
    }
}
