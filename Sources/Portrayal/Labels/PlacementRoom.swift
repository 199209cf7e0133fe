/// The room that symbols take from one another: boxes, and names along lines that must not stand close together.
///
/// Whoever chooses next sees what was taken by those who precede and nothing else, and it is noted what it looked at: as
/// long as nothing changes there, it would choose the same again.
struct PlacementRoom {
    /// What one symbol took.
    struct Claim: Equatable {
        var boxes: [PixelBox] = []
        var name: NamedPlace?

        var isEmpty: Bool { boxes.isEmpty && name == nil }

        /// Everything that others may find taken.
        var all: [PixelBox] { boxes + (name.map { [$0.point] } ?? []) }
    }

    struct NamedPlace: Equatable {
        var layer: Int
        var text: String
        var x: Float
        var y: Float

        var point: PixelBox { PixelBox(left: x, top: y, right: x, bottom: y) }
    }

    private struct NameKey: Hashable {
        var layer: Int
        var text: String
    }

    private struct NamedOwner {
        var x: Float
        var y: Float
        var owner: Int32
    }

    private var boxes: CollisionIndex
    private var names: [NameKey: [NamedOwner]] = [:]
    /// Whether a later owner may have taken its place already.
    private var knowsLater = false
    /// The turn of every owner, by owner; only where `knowsLater`.
    private var ranks: [SymbolRank] = []
    private var owner: Int32 = 0

    /// All that the present owner looked at; `nil` before it looked.
    private(set) var consulted: PixelBox?
    private(set) var claim = Claim()

    init(width: Int, height: Int) {
        boxes = CollisionIndex(width: width, height: height)
    }

    /// Begins the turn of one owner that comes after all that took something before.
    mutating func begin(_ owner: Int32) {
        self.owner = owner
        knowsLater = false
        consulted = nil
        claim = Claim()
    }

    /// Begins the turn of an owner some of whose followers have their places already.
    mutating func begin(_ owner: Int32, among ranks: [SymbolRank]) {
        begin(owner)
        knowsLater = true
        self.ranks = ranks
    }

    mutating func isFree(_ box: PixelBox) -> Bool {
        consulted = consulted?.union(box) ?? box
        guard knowsLater else { return boxes.isFree(box) }
        return boxes.isFree(box) { [ranks, owner] in ranks[Int($0)] < ranks[Int(owner)] }
    }

    mutating func isNamed(_ text: String, _ p: (x: Float, y: Float), within distance: Float, layer: Int) -> Bool {
        let near = PixelBox(left: p.x, top: p.y, right: p.x, bottom: p.y).grown(by: distance)
        consulted = consulted?.union(near) ?? near
        guard let others = names[NameKey(layer: layer, text: text)] else { return false }
        return others.contains { other in
            let (dx, dy) = (other.x - p.x, other.y - p.y)
            return dx * dx + dy * dy < distance * distance && (!knowsLater || ranks[Int(other.owner)] < ranks[Int(owner)])
        }
    }

    mutating func take(_ box: PixelBox) {
        boxes.take(box, by: owner)
        claim.boxes.append(box)
    }

    mutating func name(_ text: String, _ p: (x: Float, y: Float), layer: Int) {
        names[NameKey(layer: layer, text: text), default: []].append(NamedOwner(x: p.x, y: p.y, owner: owner))
        claim.name = NamedPlace(layer: layer, text: text, x: p.x, y: p.y)
    }

    mutating func release(_ claim: Claim, by owner: Int32) {
        for box in claim.boxes { boxes.release(box, by: owner) }
        guard let name = claim.name else { return }
        let key = NameKey(layer: name.layer, text: name.text)
        names[key]?.removeAll { $0.owner == owner }
        if names[key]?.isEmpty == true { names[key] = nil }
    }
}

/// When a candidate chooses its place: before all that are greater.
struct SymbolRank: Comparable, Sendable {
    /// Counted from the topmost style layer.
    var layer: Int32
    /// The style's own order.
    var sortKey: Double
    /// Of the feature; of several under one name, the least.
    var id: UInt64
    /// Device pixels.
    var x: Float
    var y: Float
    /// Which of several that are equal in everything else.
    var number: Int32

    static func < (a: SymbolRank, b: SymbolRank) -> Bool {
        if a.layer != b.layer { return a.layer < b.layer }
        if a.sortKey != b.sortKey { return a.sortKey < b.sortKey }
        if a.id != b.id { return a.id < b.id }
        if a.x != b.x { return a.x < b.x }
        return a.y != b.y ? a.y < b.y : a.number < b.number
    }
}
