internal import CGEOS
public import SimpleFeatures

extension TopologyContext {
    /// Overlaps and enclosed gaps among areas that ought to meet edge to edge, largest first.
    ///
    /// - Parameter minimumArea: square CRS units; smaller overlaps and gaps are not reported. 0 reports all.
    /// - Returns: invalid polygons first, left out of the rest; then overlaps and gaps.
    public borrowing func coverageProblems(
        of polygons: [Geometry], minimumArea: Double = 0
    ) throws(TopologyError) -> [CoverageProblem] {
        var invalid: [CoverageProblem] = []
        var sound: [Int] = []
        for (i, polygon) in polygons.enumerated() {
            if let reason = validity(of: polygon) {
                invalid.append(CoverageProblem(kind: .invalid(i, reason.kind), geometry: polygon, area: 0))
            } else if polygon.dimension == .area && !polygon.isEmpty {
                sound.append(i)
            }
        }
        var problems = try overlaps(among: sound, of: polygons, minimumArea: minimumArea)
        problems += try gaps(among: sound.map { polygons[$0] }, minimumArea: minimumArea)
        problems.sort { $0.area > $1.area }
        return invalid + problems
    }

    /// A sweep over the boxes from west to east, then the exact overlay of those that meet.
    private func overlaps(
        among sound: [Int], of polygons: [Geometry], minimumArea: Double
    ) throws(TopologyError) -> [CoverageProblem] {
        let boxes = polygons.map(\.envelope)
        let order = sound.sorted { (boxes[$0].minX, $0) < (boxes[$1].minX, $1) }
        var active: [Int] = []
        var problems: [CoverageProblem] = []
        for i in order {
            active.removeAll { boxes[$0].maxX < boxes[i].minX }
            for j in active where boxes[i].intersects(boxes[j]) {
                let shared = Geometry.multiPolygon(try intersection(polygons[i], polygons[j]).polygons)
                let area = shared.isEmpty ? 0 : try area(of: shared)
                guard area > 0, area >= minimumArea else { continue }
                problems.append(CoverageProblem(kind: .overlap(min(i, j), max(i, j)), geometry: shared, area: area))
            }
            active.append(i)
        }
        return problems
    }

    private func gaps(among polygons: [Geometry], minimumArea: Double) throws(TopologyError) -> [CoverageProblem] {
        guard !polygons.isEmpty else { return [] }
        let whole = try union(of: polygons)
        var problems: [CoverageProblem] = []
        for hole in whole.polygons.flatMap({ $0.rings.dropFirst() }) {
            // Islands inside the hole belong to the union and are not missing.
            let enclosed = Geometry.polygon(Polygon(rings: [hole]))
            let gap = Geometry.multiPolygon(try difference(enclosed, whole).polygons)
            let area = gap.isEmpty ? 0 : try area(of: gap)
            guard area > 0, area >= minimumArea else { continue }
            problems.append(CoverageProblem(kind: .gap, geometry: gap, area: area))
        }
        return problems
    }
}
