/// Tiles by their place, each in one of two orders of use: intrusive doubly linked lists over slots.
struct TileSlots {
    /// The two parts of a memory tier.
    enum Part {
        /// Where every newcomer begins.
        case entrance
        /// Where tiles are that were asked for often enough.
        case residence
    }

    struct Slot {
        var key: TileKey
        var tile: EncodedTile
        /// Of the key's place, for the sketch.
        var fingerprint: UInt64
        var part = Part.entrance
        fileprivate var newer = TileSlots.none
        fileprivate var older = TileSlots.none

        init(key: TileKey, tile: EncodedTile, fingerprint: UInt64) {
            self.key = key
            self.tile = tile
            self.fingerprint = fingerprint
        }
    }

    /// One order of use.
    private struct Order {
        var newest = TileSlots.none
        var oldest = TileSlots.none
        var bytes = 0
    }

    static let none = -1
    private static let nothing = EncodedTile(format: .mvt, body: [], isGzip: false, leftOut: [:], dataVersion: 0)

    private var slots: ContiguousArray<Slot> = []
    private var free: [Int] = []
    private var places: [TileKey: Int] = [:]
    private var entrance = Order()
    private var residence = Order()

    var count: Int { places.count }
    var bytes: Int { entrance.bytes + residence.bytes }

    func bytes(of part: Part) -> Int { self[part].bytes }

    /// The least recently used tile of a part.
    func oldest(of part: Part) -> Int? {
        let index = self[part].oldest
        return index == Self.none ? nil : index
    }

    /// The slot in which a version of this tile is.
    func index(of key: TileKey) -> Int? { places[key.place] }

    /// Lent and not copied: a copy would count the references of a whole slot.
    subscript(index: Int) -> Slot {
        _read { yield slots[index] }
    }

    /// Takes a tile in whose place is empty.
    mutating func insert(_ slot: Slot) {
        let index: Int
        if let reused = free.popLast() {
            index = reused
            slots[index] = slot
        } else {
            index = slots.count
            slots.append(slot)
        }
        places[slot.key.place] = index
        link(index, slot.part)
    }

    /// Makes the tile the most recently used of its part.
    mutating func touch(_ index: Int) {
        let part = slots[index].part
        guard index != self[part].newest else { return }
        unlink(index)
        link(index, part)
    }

    mutating func move(_ index: Int, to part: Part) {
        unlink(index)
        slots[index].part = part
        link(index, part)
    }

    mutating func remove(_ index: Int) {
        unlink(index)
        places[slots[index].key.place] = nil
        // Nothing is held on to.
        slots[index].tile = Self.nothing
        free.append(index)
    }

    private subscript(part: Part) -> Order {
        get { part == .entrance ? entrance : residence }
        set { if part == .entrance { entrance = newValue } else { residence = newValue } }
    }

    private mutating func link(_ index: Int, _ part: Part) {
        var order = self[part]
        slots[index].newer = Self.none
        slots[index].older = order.newest
        if order.newest != Self.none { slots[order.newest].newer = index }
        order.newest = index
        if order.oldest == Self.none { order.oldest = index }
        order.bytes += slots[index].tile.cost
        self[part] = order
    }

    private mutating func unlink(_ index: Int) {
        let (part, newer, older) = (slots[index].part, slots[index].newer, slots[index].older)
        var order = self[part]
        if newer != Self.none { slots[newer].older = older } else { order.newest = older }
        if older != Self.none { slots[older].newer = newer } else { order.oldest = newer }
        order.bytes -= slots[index].tile.cost
        self[part] = order
    }
}
