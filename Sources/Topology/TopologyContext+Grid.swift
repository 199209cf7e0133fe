internal import CGEOS
internal import SimpleFeatures

extension TopologyContext {
    /// Polygons that are valid on the integer grid, for rings that cross or touch themselves after quantisation.
    ///
    /// Rings are closed, made valid, then rounded to the grid again in a way that keeps them valid. The result has each
    /// exterior (positive area) before its holes; it is empty when no area is left.
    /// - Parameter rings: as `GridRings` says, but with any faults; the first ring counts as an exterior whatever its
    ///   winding, rings without area are left out.
    public borrowing func onIntegerGrid(_ rings: GridRings) throws(TopologyError) -> GridRings {
        let polygons = TopologyContext.polygons(of: rings)
        guard !polygons.isEmpty else { return GridRings() }
        let built = try build(polygons.count == 1 ? .polygon(polygons[0]) : .multiPolygon(polygons))
        if try invalidity(of: built) == nil { return TopologyContext.gridRings(of: polygons) }
        let valid = try madeValid(built)
        let rounded = try unsafe owned(GEOSGeom_setPrecision_r(handle, valid.pointer, 1, 0), "rounding to the grid")
        return TopologyContext.gridRings(of: read(rounded).polygons)
    }

    private static func polygons(of rings: GridRings) -> [Polygon] {
        var polygons: [Polygon] = []
        for r in rings.ends.indices {
            let range = rings.coordinateRange(ring: r)
            guard range.count >= 6 else { continue }
            var path: [Coordinate] = []
            path.reserveCapacity(range.count / 2 + 1)
            for i in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
                path.append(Coordinate(x: Double(rings.coordinates[i]), y: Double(rings.coordinates[i + 1])))
            }
            if path[0] != path[path.count - 1] { path.append(path[0]) }
            guard path.count >= 4, path.contains(where: { $0 != path[0] }) else { continue }
            if polygons.isEmpty || rings.doubledArea(ring: r) > 0 {
                polygons.append(Polygon(rings: [path]))
            } else {
                polygons[polygons.count - 1].rings.append(path)
            }
        }
        return polygons
    }

    private static func gridRings(of polygons: [Polygon]) -> GridRings {
        var result = GridRings()
        for polygon in polygons {
            for (r, ring) in polygon.rings.enumerated() where ring.count >= 4 {
                var positions = ring.dropLast().map { (Int32($0.x), Int32($0.y)) }
                let start = result.coordinates.count
                for (x, y) in positions { result.coordinates += [x, y] }
                result.ends.append(result.coordinates.count / 2)
                let area = result.doubledArea(ring: result.ends.count - 1)
                guard (area > 0) != (r == 0) else { continue }
                positions.reverse()
                result.coordinates.removeSubrange(start...)
                for (x, y) in positions { result.coordinates += [x, y] }
            }
        }
        return result
    }
}
