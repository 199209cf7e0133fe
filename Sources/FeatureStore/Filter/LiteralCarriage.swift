public import SimpleFeatures

/// How positions of a filter come to the CRS of a layer.
public struct LiteralCarriage {
    /// Whether the filter's CRS has latitude or northing first.
    private let isNorthFirst: Bool
    /// Whether the filter's CRS counts in degrees, so that a box may cross the antimeridian.
    let isGeographic: Bool
    /// How far a carried edge may stray from where it belongs, in units of the layer's CRS.
    private let tolerance: Double
    /// Carries positions that are east first; `false` where one of them has no place. `nil` for the same CRS.
    private let carry: ((inout [Coordinate]) -> Bool)?

    /// Segments that one edge may become.
    private static let segmentLimit = 512
    /// Positions that the edges of one path may get between theirs.
    private static let positionLimit = 200_000

    /// - Parameter tolerance: a millimetre in the layer's units; straight edges do not stay straight, and get positions between until
    ///   they are as near as that.
    public init(isNorthFirst: Bool, isGeographic: Bool, tolerance: Double, carry: ((inout [Coordinate]) -> Bool)?) {
        self.isNorthFirst = isNorthFirst
        self.isGeographic = isGeographic
        self.tolerance = tolerance
        self.carry = carry
    }

    /// For literals that are in the layer's CRS, east first.
    public static var none: LiteralCarriage { LiteralCarriage(isNorthFirst: false, isGeographic: true, tolerance: 0, carry: nil) }

    /// East first.
    func ordered(_ c: Coordinate) -> Coordinate { isNorthFirst ? Coordinate(x: c.y, y: c.x) : c }

    /// The geometry, whose positions are ordered as the filter's CRS has them, in the layer's CRS; `nil` where that is not possible.
    func carried(_ geometry: Geometry) -> Geometry? {
        var isPossible = true
        let result = geometry.mapPaths { path in
            guard let carried = carried(path: path.map(ordered)) else {
                isPossible = false
                return path
            }
            return carried
        }
        return isPossible ? result : nil
    }

    /// A box, east first, as an area in the layer's CRS, and whether it is a box there too.
    func carried(_ box: Envelope) -> SpatialLiteral? {
        let corners = [
            Coordinate(x: box.minX, y: box.minY), Coordinate(x: box.maxX, y: box.minY), Coordinate(x: box.maxX, y: box.maxY),
            Coordinate(x: box.minX, y: box.maxY), Coordinate(x: box.minX, y: box.minY),
        ]
        guard carry != nil else { return SpatialLiteral(geometry: .polygon(Polygon(rings: [corners])), isBox: true) }
        var sides: [[Coordinate]] = []
        for (from, to) in zip(corners, corners.dropFirst()) {
            guard let side = carried(path: [from, to]) else { return nil }
            sides.append(side)
        }
        let isBox = sides.enumerated().allSatisfy { index, side in
            side.allSatisfy { index % 2 == 0 ? $0.y == side[0].y : $0.x == side[0].x }
        }
        let ring = isBox ? sides.map { $0[0] } + [sides[0][0]] : sides.flatMap { $0.dropLast() } + [sides[0][0]]
        return SpatialLiteral(geometry: .polygon(Polygon(rings: [ring])), isBox: isBox)
    }

    private func carried(path: [Coordinate]) -> [Coordinate]? {
        guard let carry else { return path }
        var ends = path
        guard carry(&ends) else { return nil }
        guard path.count > 1 else { return ends }
        guard let counts = segmentCounts(path, ends, carry) else { return nil }
        if counts.allSatisfy({ $0 == 1 }) { return ends }
        var dense = [path[0]]
        for ((from, to), count) in zip(zip(path, path.dropFirst()), counts) {
            for step in 1..<count { dense.append(Self.between(from, to, Double(step) / Double(count))) }
            dense.append(to)
        }
        return carry(&dense) ? dense : nil
    }

    /// How many segments each edge has to become: what one strays falls with the square of their number.
    private func segmentCounts(
        _ path: [Coordinate], _ ends: [Coordinate], _ carry: (inout [Coordinate]) -> Bool
    ) -> [Int]? {
        // Two places of each edge, so that one that turns in its middle is seen to stray.
        var strays = [Double](repeating: 0, count: path.count - 1)
        for part in [0.5, 0.25] {
            var middles = zip(path, path.dropFirst()).map { Self.between($0, $1, part) }
            guard carry(&middles) else { return nil }
            for edge in strays.indices {
                let chord = Self.between(ends[edge], ends[edge + 1], part)
                strays[edge] = max(strays[edge], abs(middles[edge].x - chord.x), abs(middles[edge].y - chord.y))
            }
        }
        let most = max(1, min(Self.segmentLimit, Self.positionLimit / strays.count))
        return strays.map { stray in
            stray > tolerance ? max(1, min(most, Int(min(1e6, (stray / tolerance).squareRoot().rounded(.up))))) : 1
        }
    }

    private static func between(_ a: Coordinate, _ b: Coordinate, _ part: Double) -> Coordinate {
        Coordinate(x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part)
    }
}
