import Generalisation

/// Distances by position, for one feature after the other: an open hash table that is emptied in constant time.
struct PositionDistances: Sendable {
    private struct Slot {
        var stamp: UInt32 = 0
        var position = GridPosition(x: 0, y: 0)
        var distance: Int64 = 0
    }

    /// A power of two of them, at most half in use.
    private var slots = [Slot](repeating: Slot(), count: 64)
    private var stamp: UInt32 = 1
    private var count = 0

    mutating func removeAll() {
        count = 0
        if stamp == .max {
            slots = [Slot](repeating: Slot(), count: slots.count)
            stamp = 0
        }
        stamp += 1
    }

    subscript(position: GridPosition) -> Int64? {
        let slot = slots[place(position)]
        return slot.stamp == stamp ? slot.distance : nil
    }

    /// Keeps the distance unless the position has one.
    mutating func insert(_ position: GridPosition, _ distance: Int64) {
        if count * 2 >= slots.count { grow() }
        let at = place(position)
        guard slots[at].stamp != stamp else { return }
        slots[at] = Slot(stamp: stamp, position: position, distance: distance)
        count += 1
    }

    /// The position's slot, or the free one that it would take.
    @inline(__always)
    private func place(_ position: GridPosition) -> Int {
        let key = UInt64(UInt32(bitPattern: position.x)) << 32 | UInt64(UInt32(bitPattern: position.y))
        // Fibonacci hashing: the high bits of the product depend on every bit of the key.
        let mixed = (key ^ key >> 29) &* 0x9E37_79B9_7F4A_7C15
        let mask = slots.count - 1
        var at = Int(truncatingIfNeeded: mixed >> 32) & mask
        while slots[at].stamp == stamp, slots[at].position != position { at = (at + 1) & mask }
        return at
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.stamp == stamp { slots[place(slot.position)] = slot }
    }
}
