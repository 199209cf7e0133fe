internal import SimpleFeatures

extension Geometry {
    /// Whether the geometry and the box, both closed, share a position; exact up to the rounding of one product.
    func intersects(_ box: Envelope) -> Bool {
        switch self {
        case .point(let c): box.contains(c)
        case .multiPoint(let points): points.contains { box.contains($0) }
        case .lineString(let path): box.meets(path)
        case .multiLineString(let paths): paths.contains { box.meets($0) }
        case .polygon(let polygon): box.meets(polygon)
        case .multiPolygon(let polygons): polygons.contains { box.meets($0) }
        case .geometryCollection(let parts): parts.contains { $0.intersects(box) }
        }
    }
}

extension Envelope {
    fileprivate func meets(_ polygon: Polygon) -> Bool {
        if polygon.rings.contains(where: { meets($0) }) { return true }
        // No ring touches the box: it lies wholly inside or wholly outside.
        return polygon.rings.count { Self.winds($0, around: Coordinate(x: minX, y: minY)) } % 2 == 1
    }

    fileprivate func meets(_ path: [Coordinate]) -> Bool {
        guard var from = path.first else { return false }
        if contains(from) { return true }
        for to in path.dropFirst() {
            if meets(from, to) { return true }
            from = to
        }
        return false
    }

    /// Separating axes: the two of the box and the segment's normal.
    private func meets(_ a: Coordinate, _ b: Coordinate) -> Bool {
        if max(a.x, b.x) < minX || min(a.x, b.x) > maxX || max(a.y, b.y) < minY || min(a.y, b.y) > maxY { return false }
        let side = { (x: Double, y: Double) in (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) }
        let corners = [side(minX, minY), side(maxX, minY), side(maxX, maxY), side(minX, maxY)]
        return !(corners.allSatisfy { $0 > 0 } || corners.allSatisfy { $0 < 0 })
    }

    /// Whether a ray from `c` to the east crosses the ring an odd number of times.
    private static func winds(_ ring: [Coordinate], around c: Coordinate) -> Bool {
        guard var from = ring.last else { return false }
        var isInside = false
        for to in ring {
            if (from.y > c.y) != (to.y > c.y), c.x < (to.x - from.x) * (c.y - from.y) / (to.y - from.y) + from.x {
                isInside.toggle()
            }
            from = to
        }
        return isInside
    }
}
