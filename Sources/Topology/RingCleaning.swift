internal import SimpleFeatures

/// What is put right before GEOS may see a geometry: open rings and paths too short to be any.
struct RingCleaning {
    private(set) var kinds: [RepairKind] = []

    /// The geometry with rings closed and stunted paths dropped; `nil` when nothing is left.
    mutating func clean(_ geometry: Geometry) -> Geometry? {
        switch geometry {
        case .point: return geometry
        case .multiPoint(let points): return points.isEmpty ? nil : geometry
        case .lineString(let path): return isLine(path) ? geometry : nil
        case .multiLineString(let lines):
            var kept: [[Coordinate]] = []
            for line in lines where isLine(line) { kept.append(line) }
            return kept.isEmpty ? nil : .multiLineString(kept)
        case .polygon(let polygon): return clean(polygon).map(Geometry.polygon)
        case .multiPolygon(let polygons):
            var kept: [Polygon] = []
            for polygon in polygons { if let polygon = clean(polygon) { kept.append(polygon) } }
            return kept.isEmpty ? nil : .multiPolygon(kept)
        case .geometryCollection(let parts):
            var kept: [Geometry] = []
            for part in parts { if let part = clean(part) { kept.append(part) } }
            return kept.isEmpty ? nil : .geometryCollection(kept)
        }
    }

    private mutating func isLine(_ path: [Coordinate]) -> Bool {
        if path.count >= 2 && path.contains(where: { $0 != path[0] }) { return true }
        kinds.append(.pathTooShort)
        return false
    }

    private mutating func clean(_ polygon: Polygon) -> Polygon? {
        guard let exterior = polygon.rings.first, let shell = clean(ring: exterior) else { return nil }
        var rings = [shell]
        for ring in polygon.rings.dropFirst() { if let hole = clean(ring: ring) { rings.append(hole) } }
        return Polygon(rings: rings)
    }

    private mutating func clean(ring: [Coordinate]) -> [Coordinate]? {
        var ring = ring
        if let first = ring.first, first != ring[ring.count - 1] {
            ring.append(first)
            kinds.append(.ringClosed)
        }
        guard ring.count >= 4, Set(ring).count >= 3 else {
            kinds.append(.pathTooShort)
            return nil
        }
        let last = ring.count - 1
        for i in 0..<last where ring[i == 0 ? last - 1 : i - 1] == ring[i + 1] { kinds.append(.spike) }
        return ring
    }
}
