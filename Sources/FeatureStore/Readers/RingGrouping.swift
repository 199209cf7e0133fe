import SimpleFeatures

/// Sorts the rings of a shapefile polygon into polygons: clockwise rings are exteriors, the others their holes.
enum RingGrouping {
    private struct Exterior {
        var envelope: Envelope
        var area: Double
        var polygon: Polygon
    }

    /// Polygons in the order of their exteriors; every ring given is in one of them.
    static func polygons(_ rings: [[Coordinate]], hasLooseHole: inout Bool) -> [Polygon] {
        if rings.count <= 1 { return rings.map { Polygon(rings: [$0]) } }
        let areas = rings.map(signedArea)
        guard areas.contains(where: { $0 < 0 }) else { return unwound(rings) }
        var exteriors: [Exterior] = []
        for (ring, area) in zip(rings, areas) where area <= 0 {
            exteriors.append(Exterior(envelope: envelope(ring), area: -area, polygon: Polygon(rings: [ring])))
        }
        let outer = exteriors.count
        for (ring, area) in zip(rings, areas) where area > 0 {
            if let owner = owner(of: ring, in: exteriors[..<outer]) {
                exteriors[owner].polygon.rings.append(ring)
            } else {
                hasLooseHole = true
                exteriors.append(Exterior(envelope: envelope(ring), area: area, polygon: Polygon(rings: [ring])))
            }
        }
        return exteriors.map(\.polygon)
    }

    /// Files whose writer wound every ring the other way hold exteriors only, as far as winding tells.
    private static func unwound(_ rings: [[Coordinate]]) -> [Polygon] {
        var flipped = false
        let reversed = polygons(rings.map { $0.reversed() }, hasLooseHole: &flipped)
        return reversed.map { Polygon(rings: $0.rings.map { $0.reversed() }) }
    }

    /// The smallest exterior that holds the ring.
    private static func owner(of ring: [Coordinate], in exteriors: ArraySlice<Exterior>) -> Int? {
        let box = envelope(ring)
        var best: Int?
        for index in exteriors.indices where exteriors[index].envelope.contains(box) {
            if let best, exteriors[best].area <= exteriors[index].area { continue }
            if contains(exteriors[index].polygon.rings[0], ring) { best = index }
        }
        return best
    }

    /// Decided by the first vertex of `hole` that is not on the boundary; a hole that only touches counts as inside.
    private static func contains(_ exterior: [Coordinate], _ hole: [Coordinate]) -> Bool {
        for c in hole {
            if let isInside = isInside(c, exterior) { return isInside }
        }
        return true
    }

    /// `nil` on the boundary.
    private static func isInside(_ c: Coordinate, _ ring: [Coordinate]) -> Bool? {
        var isInside = false
        guard var a = ring.last else { return false }
        for b in ring {
            let cross = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
            let isBeside = c.x >= min(a.x, b.x) && c.x <= max(a.x, b.x) && c.y >= min(a.y, b.y) && c.y <= max(a.y, b.y)
            if cross == 0 && isBeside { return nil }
            if (a.y > c.y) != (b.y > c.y), (cross > 0) == (b.y > a.y) { isInside.toggle() }
            a = b
        }
        return isInside
    }

    /// Positive for counterclockwise rings.
    static func signedArea(_ ring: [Coordinate]) -> Double {
        guard let origin = ring.first, var last = ring.last else { return 0 }
        var doubled = 0.0
        for c in ring {
            doubled += (last.x - origin.x) * (c.y - origin.y) - (c.x - origin.x) * (last.y - origin.y)
            last = c
        }
        return doubled / 2
    }

    private static func envelope(_ ring: [Coordinate]) -> Envelope {
        var box = Envelope.empty
        for c in ring { box.formUnion(c) }
        return box
    }
}
