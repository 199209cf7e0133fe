internal import SimpleFeatures

/// An exact answer for small plain rings, without GEOS.
enum RingSimplicity {
    /// More edges than this are left to GEOS, whose sweep then wins.
    static let edgeLimit = 16
    /// Shewchuk's bound for the rounding of a 2 x 2 orientation determinant: (3 + 16 u) u with u = 2^-53.
    private static let orientationBound = 3.330_669_073_875_471_6e-16

    /// Whether the ring is closed and provably simple, so that a polygon of it alone is valid.
    ///
    /// False means "not proved": touching, collinear and nearly degenerate rings are GEOS's to judge.
    static func isProved(_ ring: [Coordinate]) -> Bool {
        let edges = ring.count - 1
        guard edges >= 3, edges <= edgeLimit, ring[0] == ring[edges] else { return false }
        for i in 0..<edges {
            let (a, b) = (ring[i], ring[i + 1])
            guard turnsCleanly(a, b, i + 2 <= edges ? ring[i + 2] : ring[1]) else { return false }
            var j = i + 2
            // The last edge is the neighbour of the first.
            let end = i == 0 ? edges - 1 : edges
            while j < end {
                guard areApart(a, b, ring[j], ring[j + 1]) else { return false }
                j += 1
            }
        }
        return true
    }

    /// Whether the edges ab and bc certainly share b alone.
    private static func turnsCleanly(_ a: Coordinate, _ b: Coordinate, _ c: Coordinate) -> Bool {
        if side(a, b, c) != 0 { return true }
        let (p, q) = ((b.x - a.x) * (c.x - b.x), (b.y - a.y) * (c.y - b.y))
        return p + q > 1e-15 * (abs(p) + abs(q)) && (p + q).isFinite
    }

    /// Whether the edges ab and cd certainly have no point in common.
    private static func areApart(_ a: Coordinate, _ b: Coordinate, _ c: Coordinate, _ d: Coordinate) -> Bool {
        if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) { return true }
        if max(a.y, b.y) < min(c.y, d.y) || max(c.y, d.y) < min(a.y, b.y) { return true }
        let (sideOfC, sideOfA) = (side(a, b, c), side(c, d, a))
        if sideOfC != 0 && sideOfC == side(a, b, d) { return true }
        return sideOfA != 0 && sideOfA == side(c, d, b)
    }

    /// The side of ab that c is on: 1 left, -1 right, 0 when rounding leaves it open.
    private static func side(_ a: Coordinate, _ b: Coordinate, _ c: Coordinate) -> Int {
        let left = (a.x - c.x) * (b.y - c.y)
        let right = (a.y - c.y) * (b.x - c.x)
        let determinant = left - right
        let bound = orientationBound * (abs(left) + abs(right))
        // A tiny magnitude may have lost products to underflow.
        guard bound > 1e-290 else { return 0 }
        return determinant > bound ? 1 : determinant < -bound ? -1 : 0
    }
}
