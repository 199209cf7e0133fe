/// Rings of one feature in window units: flat x, y pairs and where each ring ends.
///
/// Rings come without their repeated closing position. Positive area (clockwise on screen) is an exterior, negative
/// a hole of the exterior before it, as MVT 2.1 clause 4.3.3.3 has it.
public struct FlatRings: Hashable, Sendable {
    public var positions: [GridPosition] = []
    /// Ends, counted in positions.
    public var ends: [Int] = []

    public init() {}

    public init(rings: [[GridPosition]]) {
        for ring in rings { append(ring) }
    }

    public var count: Int { ends.count }

    /// The positions of ring `r`, as a range of `positions`.
    @inlinable
    public func range(_ r: Int) -> Range<Int> { (r == 0 ? 0 : ends[r - 1])..<ends[r] }

    @inlinable
    public mutating func removeAll() {
        positions.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    public mutating func append(_ ring: some Sequence<GridPosition>) {
        positions.append(contentsOf: ring)
        ends.append(positions.count)
    }

    mutating func appendAll(_ other: FlatRings) {
        let offset = positions.count
        positions.append(contentsOf: other.positions)
        for end in other.ends { ends.append(offset + end) }
    }

    /// Twice the signed area of ring `r` in square units.
    public func doubleArea(_ r: Int) -> Int64 { Self.doubleArea(positions.span.extracting(range(r))) }

    static func doubleArea(_ ring: Span<GridPosition>) -> Int64 {
        guard ring.count > 2 else { return 0 }
        var sum: Int64 = 0
        let a = ring[0]
        for i in 1..<(ring.count - 1) { sum &+= GridPosition.turn(a, ring[i], ring[i + 1]) }
        return sum
    }

    /// Whether the position given in *half units* lies strictly inside ring `r` or, undecidedly, on its edge.
    func ring(_ r: Int, contains doubled: (x: Int64, y: Int64)) -> Bool {
        let range = range(r)
        var isInside = false
        var previous = positions[range.upperBound - 1]
        for i in range {
            let p = positions[i]
            let (ay, by) = (2 * Int64(previous.y), 2 * Int64(p.y))
            if (ay > doubled.y) != (by > doubled.y) {
                let (ax, bx) = (2 * Int64(previous.x), 2 * Int64(p.x))
                let side = (doubled.x - ax) * (by - ay) - (bx - ax) * (doubled.y - ay)
                if (side < 0) == (by > ay) { isInside.toggle() }
            }
            previous = p
        }
        return isInside
    }
}
