import SimpleFeatures
import Tiling

/// Whether a feature lies in polygons that a style names, its border not counted: exact on the grid of features.
struct Containment {
    /// Rings of polygons in grid units.
    private let polygons: [[[GridPosition]]]
    private let left: Int64
    private let right: Int64
    private let worldSide: Int64?

    init(_ geometry: PlacedGeometry, _ grid: FeatureGrid) {
        let source = grid.plane == .mercator ? geometry.mercatorPolygons : geometry.polygons
        polygons = source.map { $0.map { $0.map(grid.position) } }
        let x = polygons.flatMap { $0.flatMap { $0.map(\.x) } }
        left = x.min() ?? 0
        right = x.max() ?? 0
        worldSide = grid.worldSide
    }

    /// Points and lines; polygons are in none, as the language has it.
    func holds(_ shape: GridShape) -> Bool {
        guard shape.parts.contains(where: { !$0.isEmpty }) else { return false }
        switch shape.kind {
        case .point:
            return shape.parts.allSatisfy { part in
                part.allSatisfy { p in polygons.contains { Self.holds($0, carried(p)) } }
            }
        case .line:
            return shape.parts.allSatisfy { part in
                let line = part.map(carried)
                return polygons.contains { Self.holds($0, line: line) }
            }
        case .polygon: return false
        }
    }

    /// The position in the copy of the world in which the polygons lie.
    private func carried(_ p: GridPosition) -> GridPosition {
        guard let worldSide, p.x < left || p.x > right else { return p }
        if p.x - left > worldSide / 2 { return GridPosition(x: p.x - worldSide, y: p.y) }
        if right - p.x > worldSide / 2 { return GridPosition(x: p.x + worldSide, y: p.y) }
        return p
    }

    private static func holds(_ rings: [[GridPosition]], line: [GridPosition]) -> Bool {
        guard line.allSatisfy({ holds(rings, $0) }) else { return false }
        for i in line.indices.dropFirst() {
            for ring in rings {
                for k in ring.indices where crosses(line[i - 1], line[i], ring[k], ring[(k + 1) % ring.count]) { return false }
            }
        }
        return true
    }

    /// By even and odd crossings of the rings; a position on an edge is outside.
    private static func holds(_ rings: [[GridPosition]], _ p: GridPosition) -> Bool {
        var isInside = false
        for ring in rings {
            for k in ring.indices {
                let (a, b) = (ring[k], ring[(k + 1) % ring.count])
                let side = turn(a, b, p)
                if side == 0, min(a.x, b.x)...max(a.x, b.x) ~= p.x, min(a.y, b.y)...max(a.y, b.y) ~= p.y { return false }
                if (a.y > p.y) != (b.y > p.y), (side > 0) == (b.y > a.y) { isInside.toggle() }
            }
        }
        return isInside
    }

    private static func crosses(_ p: GridPosition, _ q: GridPosition, _ a: GridPosition, _ b: GridPosition) -> Bool {
        turn(p, q, a).signum() * turn(p, q, b).signum() < 0 && turn(a, b, p).signum() * turn(a, b, q).signum() < 0
    }

    /// Twice the area of the triangle: positive where `c` lies to the right of the way from `a` to `b`, y down.
    private static func turn(_ a: GridPosition, _ b: GridPosition, _ c: GridPosition) -> Int128 {
        Int128(b.x - a.x) * Int128(c.y - a.y) - Int128(b.y - a.y) * Int128(c.x - a.x)
    }
}
