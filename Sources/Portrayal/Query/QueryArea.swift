/// The point or upright box of a picture that a query asks about, in device pixels.
struct QueryArea: Sendable {
    typealias Position = SIMD2<Double>

    let low: Position
    let high: Position

    var isPoint: Bool { low == high }

    private var corners: [Position] {
        isPoint ? [low] : [low, Position(high.x, low.y), high, Position(low.x, high.y)]
    }

    func holds(_ p: Position) -> Bool { p.x >= low.x && p.x <= high.x && p.y >= low.y && p.y <= high.y }

    /// Whether a disc reaches into the area.
    func meets(disc centre: Position, radius: Double) -> Bool {
        let nearest = centre.clamped(lowerBound: low, upperBound: high)
        return holds(centre) || Self.squaredLength(nearest - centre) < radius * radius
    }

    func meets(_ box: PixelBox) -> Bool {
        Double(box.left) <= high.x && Double(box.right) >= low.x && Double(box.top) <= high.y && Double(box.bottom) >= low.y
    }

    /// Whether a line of some width reaches into the area.
    func meets(line: [Position], halfWidth: Double) -> Bool {
        for (a, b) in zip(line, line.dropFirst()) where meets(a, b, halfWidth) { return true }
        return line.count == 1 && meets(disc: line[0], radius: halfWidth)
    }

    private func meets(_ a: Position, _ b: Position, _ reach: Double) -> Bool {
        if holds(a) || holds(b) || crosses(a, b) { return true }
        let square = reach * reach
        if corners.contains(where: { Self.squaredDistance(of: $0, to: a, b) < square }) { return true }
        return meets(disc: a, radius: reach) || meets(disc: b, radius: reach)
    }

    /// Whether a surface reaches into the area; holes count by the even-odd rule.
    func meets(rings: [[Position]]) -> Bool {
        if corners.contains(where: { Self.surface(rings, holds: $0) }) { return true }
        guard !isPoint else { return false }
        return rings.contains { ring in
            ring.contains(where: holds) || ring.indices.contains { crosses(ring[$0], ring[($0 + 1) % ring.count]) }
        }
    }

    /// Whether a segment runs through the box, by the parts of it on the inner side of each edge.
    private func crosses(_ a: Position, _ b: Position) -> Bool {
        if isPoint { return false }
        let way = b - a
        var (from, to) = (0.0, 1.0)
        for axis in 0..<2 {
            if way[axis] == 0 {
                if a[axis] < low[axis] || a[axis] > high[axis] { return false }
                continue
            }
            let (s, t) = ((low[axis] - a[axis]) / way[axis], (high[axis] - a[axis]) / way[axis])
            from = max(from, min(s, t))
            to = min(to, max(s, t))
        }
        return from <= to
    }

    private static func squaredLength(_ v: Position) -> Double { (v * v).sum() }

    private static func squaredDistance(of p: Position, to a: Position, _ b: Position) -> Double {
        let way = b - a
        let length = squaredLength(way)
        guard length > 0 else { return squaredLength(p - a) }
        let share = min(max(((p - a) * way).sum() / length, 0), 1)
        return squaredLength(p - a - way * share)
    }

    private static func surface(_ rings: [[Position]], holds p: Position) -> Bool {
        var isInside = false
        for ring in rings {
            for i in ring.indices {
                let (a, b) = (ring[i], ring[(i + 1) % ring.count])
                if (a.y > p.y) != (b.y > p.y), p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x { isInside.toggle() }
            }
        }
        return isInside
    }
}
