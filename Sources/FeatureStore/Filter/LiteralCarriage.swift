public import SimpleFeatures

/// How positions of a filter come to the CRS of a layer.
public struct LiteralCarriage {
    /// Whether the filter's CRS has latitude or northing first.
    private let isNorthFirst: Bool
    /// Whether the filter's CRS counts in degrees, so that a box may cross the antimeridian.
    let isGeographic: Bool
    /// Carries positions that are east first; `false` where one of them has no place. `nil` for the same CRS.
    private let carry: ((inout [Coordinate]) -> Bool)?

    /// Straight edges do not stay straight: 0.005° of one strays less than 2 cm, 500 m of one as little.
    private static let longestSegment = (degrees: 0.005, metres: 500.0)
    private static let segmentLimit = 128

    public init(isNorthFirst: Bool, isGeographic: Bool, carry: ((inout [Coordinate]) -> Bool)?) {
        self.isNorthFirst = isNorthFirst
        self.isGeographic = isGeographic
        self.carry = carry
    }

    /// For literals that are in the layer's CRS, east first.
    public static var none: LiteralCarriage { LiteralCarriage(isNorthFirst: false, isGeographic: true, carry: nil) }

    /// East first.
    func ordered(_ c: Coordinate) -> Coordinate { isNorthFirst ? Coordinate(x: c.y, y: c.x) : c }

    /// The geometry, whose positions are ordered as the filter's CRS has them, in the layer's CRS; `nil` where that is not possible.
    func carried(_ geometry: Geometry) -> Geometry? {
        var isPossible = true
        let isPath = geometry.dimension.map { $0 > .point } ?? false
        let result = geometry.mapPaths { path in
            var path = path.map(ordered)
            guard let carry else { return path }
            if isPath, path.count > 1 { path = densified(path) }
            if !carry(&path) { isPossible = false }
            return path
        }
        return isPossible ? result : nil
    }

    /// A box, east first, as an area in the layer's CRS, and whether it is a box there too.
    func carried(_ box: Envelope) -> SpatialLiteral? {
        let corners = [
            Coordinate(x: box.minX, y: box.minY), Coordinate(x: box.maxX, y: box.minY), Coordinate(x: box.maxX, y: box.maxY),
            Coordinate(x: box.minX, y: box.maxY), Coordinate(x: box.minX, y: box.minY),
        ]
        guard let carry else { return SpatialLiteral(geometry: .polygon(Polygon(rings: [corners])), isBox: true) }
        var sides = zip(corners, corners.dropFirst()).map { densified([$0, $1]) }
        for index in sides.indices {
            guard carry(&sides[index]) else { return nil }
        }
        let isBox = sides.enumerated().allSatisfy { index, side in
            side.allSatisfy { index % 2 == 0 ? $0.y == side[0].y : $0.x == side[0].x }
        }
        let ring = isBox ? sides.map { $0[0] } + [sides[0][0]] : sides.flatMap { $0.dropLast() } + [sides[0][0]]
        return SpatialLiteral(geometry: .polygon(Polygon(rings: [ring])), isBox: isBox)
    }

    private func densified(_ path: [Coordinate]) -> [Coordinate] {
        let longest = isGeographic ? Self.longestSegment.degrees : Self.longestSegment.metres
        var result = [path[0]]
        for (from, to) in zip(path, path.dropFirst()) {
            let length = max(abs(to.x - from.x), abs(to.y - from.y))
            let count = min(Double(Self.segmentLimit), (length / longest).rounded(.up))
            for step in stride(from: 1, to: count, by: 1) {
                let t = step / count
                result.append(Coordinate(x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t))
            }
            result.append(to)
        }
        return result
    }
}
