import Foundation
import SimpleFeatures
import Tiling

/// How far a feature is from a geometry that a style names, in metres.
///
/// Both are laid on a plane that touches the ellipsoid at the feature's first position: right within a tenth of a percent
/// over a city, and what map clients compute.
struct GroundDistance {
    /// Metres on the plane.
    private struct Shape {
        var points: [SIMD2<Double>] = []
        var segments: [(from: SIMD2<Double>, to: SIMD2<Double>)] = []
        var polygons: [[[SIMD2<Double>]]] = []

        mutating func add(line: [SIMD2<Double>], isClosed: Bool) {
            for i in line.indices.dropFirst() { segments.append((line[i - 1], line[i])) }
            if isClosed, let first = line.first, let last = line.last, first != last { segments.append((last, first)) }
        }

        mutating func add(polygon rings: [[SIMD2<Double>]]) {
            polygons.append(rings)
            for ring in rings { add(line: ring, isClosed: true) }
        }
    }

    private let geometry: PlacedGeometry
    private let grid: FeatureGrid

    init(_ geometry: PlacedGeometry, _ grid: FeatureGrid) {
        self.geometry = geometry
        self.grid = grid
    }

    /// - Returns: 0 where they touch; `nil` for a feature without positions.
    func metres(to shape: GridShape) -> Double? {
        let parts = shape.parts.map { $0.map(grid.degrees) }
        guard let first = parts.first(where: { !$0.isEmpty })?.first else { return nil }
        let plane = TangentPlane(at: first)
        var feature = Shape()
        switch shape.kind {
        case .point: feature.points = parts.flatMap { $0.map(plane.metres) }
        case .line: for part in parts { feature.add(line: part.map(plane.metres), isClosed: false) }
        // Rings of several polygons count together: a position in one of them has an odd number of rings around it.
        case .polygon: feature.add(polygon: parts.map { $0.map(plane.metres) })
        }
        var other = Shape(points: geometry.points.map(plane.metres))
        for line in geometry.lines { other.add(line: line.map(plane.metres), isClosed: false) }
        for polygon in geometry.polygons { other.add(polygon: polygon.map { $0.map(plane.metres) }) }
        return Self.distance(feature, other)
    }

    private static func distance(_ a: Shape, _ b: Shape) -> Double {
        if touches(a, b) || touches(b, a) { return 0 }
        var least = Double.infinity
        for p in a.points {
            for q in b.points { least = min(least, length(p - q)) }
            for s in b.segments { least = min(least, distance(p, s)) }
        }
        for s in a.segments {
            for q in b.points { least = min(least, distance(q, s)) }
            for t in b.segments {
                if crosses(s, t) { return 0 }
                least = min(least, distance(s.from, t), distance(s.to, t), distance(t.from, s), distance(t.to, s))
            }
        }
        return least
    }

    /// Whether any position of `b` lies in a polygon of `a`.
    private static func touches(_ a: Shape, _ b: Shape) -> Bool {
        a.polygons.contains { rings in
            b.points.contains { holds(rings, $0) } || b.segments.contains { holds(rings, $0.from) || holds(rings, $0.to) }
        }
    }

    private static func holds(_ rings: [[SIMD2<Double>]], _ p: SIMD2<Double>) -> Bool {
        var isInside = false
        for ring in rings {
            for k in ring.indices {
                let (a, b) = (ring[k], ring[(k + 1) % ring.count])
                if (a.y > p.y) != (b.y > p.y), p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y) { isInside.toggle() }
            }
        }
        return isInside
    }

    private static func distance(_ p: SIMD2<Double>, _ s: (from: SIMD2<Double>, to: SIMD2<Double>)) -> Double {
        let way = s.to - s.from
        let square = dot(way, way)
        let share = square > 0 ? min(max(dot(p - s.from, way) / square, 0), 1) : 0
        return length(p - (s.from + way * share))
    }

    private static func crosses(
        _ s: (from: SIMD2<Double>, to: SIMD2<Double>), _ t: (from: SIMD2<Double>, to: SIMD2<Double>)
    ) -> Bool {
        func turn(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ c: SIMD2<Double>) -> Double {
            (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
        }
        return turn(s.from, s.to, t.from) * turn(s.from, s.to, t.to) < 0
            && turn(t.from, t.to, s.from) * turn(t.from, t.to, s.to) < 0
    }

    private static func dot(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { (a * b).sum() }
    private static func length(_ v: SIMD2<Double>) -> Double { dot(v, v).squareRoot() }
}

/// The plane that touches the WGS 84 ellipsoid at one position.
private struct TangentPlane {
    let origin: Coordinate
    private let metresPerLongitude: Double
    private let metresPerLatitude: Double

    private static let equatorialRadius = 6_378_137.0
    private static let flattening = 1 / 298.257223563

    init(at origin: Coordinate) {
        self.origin = origin
        let (sine, cosine) = (sin(origin.y * .pi / 180), cos(origin.y * .pi / 180))
        let eccentricity = Self.flattening * (2 - Self.flattening)
        let root = (1 - eccentricity * sine * sine).squareRoot()
        // The radii of curvature across and along the meridian.
        metresPerLongitude = Self.equatorialRadius / root * cosine * .pi / 180
        metresPerLatitude = Self.equatorialRadius * (1 - eccentricity) / (root * root * root) * .pi / 180
    }

    func metres(_ p: Coordinate) -> SIMD2<Double> {
        var east = (p.x - origin.x).truncatingRemainder(dividingBy: 360)
        if east > 180 { east -= 360 } else if east < -180 { east += 360 }
        return SIMD2(east * metresPerLongitude, (p.y - origin.y) * metresPerLatitude)
    }
}
