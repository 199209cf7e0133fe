import SimpleFeatures

/// Finds the polygon of a coverage that a position belongs to.
///
/// A position on a shared border belongs to exactly one of the neighbours (half-open edges), so that counting into
/// districts counts everything once. Polygons are found through a grid of buckets.
struct PolygonIndex {
    private let polygons: [[[Coordinate]]]
    private let extent: Envelope
    private let cells = 256
    private var buckets: [[Int32]]

    /// - Parameter geometries: areas; anything else owns nothing. A multipolygon is one owner.
    init(_ geometries: [Geometry?]) {
        polygons = geometries.map(Self.rings)
        extent = polygons.reduce(into: Envelope.empty) { box, rings in
            for ring in rings { for c in ring { box.formUnion(c) } }
        }
        buckets = [[Int32]](repeating: [], count: cells * cells)
        guard !extent.isEmpty else { return }
        for (owner, rings) in polygons.enumerated() {
            var box = Envelope.empty
            for ring in rings { for c in ring { box.formUnion(c) } }
            guard !box.isEmpty else { continue }
            for row in cell(box.minY, extent.minY, extent.height)...cell(box.maxY, extent.minY, extent.height) {
                for column in cell(box.minX, extent.minX, extent.width)...cell(box.maxX, extent.minX, extent.width) {
                    buckets[row * cells + column].append(Int32(owner))
                }
            }
        }
    }

    /// The index of the polygon; `nil` when the position lies in none.
    func owner(of c: Coordinate) -> Int? {
        guard extent.contains(c) else { return nil }
        let bucket = cell(c.y, extent.minY, extent.height) * cells + cell(c.x, extent.minX, extent.width)
        return buckets[bucket].first { Self.isInside(c, polygons[Int($0)]) }.map(Int.init)
    }

    private func cell(_ ordinate: Double, _ start: Double, _ length: Double) -> Int {
        guard length > 0 else { return 0 }
        return max(0, min(cells - 1, Int((ordinate - start) / length * Double(cells))))
    }

    private static func rings(_ geometry: Geometry?) -> [[Coordinate]] {
        switch geometry {
        case .polygon(let polygon): polygon.rings
        case .multiPolygon(let polygons): polygons.flatMap(\.rings)
        case .geometryCollection(let parts): parts.flatMap(rings)
        default: []
        }
    }

    /// Even-odd over all rings; an edge covers its lower end and not its upper one.
    private static func isInside(_ c: Coordinate, _ rings: [[Coordinate]]) -> Bool {
        var inside = false
        for ring in rings where ring.count > 2 {
            var a = ring[ring.count - 1]
            for b in ring {
                if (a.y > c.y) != (b.y > c.y), c.x < (b.x - a.x) * (c.y - a.y) / (b.y - a.y) + a.x { inside.toggle() }
                a = b
            }
        }
        return inside
    }
}
