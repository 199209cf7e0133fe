import SimpleFeatures

/// What nothing may be built on: rivers, roads and railways as thick lines, lakes and woods as discs.
struct Obstacles {
    private struct Capsule {
        var a: Coordinate
        var b: Coordinate
        var radius: Double
        var isWater: Bool
    }

    private static let bucket = 400.0
    private var capsules: [Capsule] = []
    private var buckets: [Int64: [Int32]] = [:]

    mutating func add(line: [Coordinate], halfWidth: Double, isWater: Bool) {
        for i in 1..<max(line.count, 1) { add(Capsule(a: line[i - 1], b: line[i], radius: halfWidth, isWater: isWater)) }
    }

    mutating func add(disc centre: Coordinate, radius: Double, isWater: Bool) {
        add(Capsule(a: centre, b: centre, radius: radius, isWater: isWater))
    }

    private mutating func add(_ capsule: Capsule) {
        let index = Int32(capsules.count)
        capsules.append(capsule)
        // Wide enough for whoever asks with a margin of its own.
        let reach = capsule.radius + 60
        let (x0, x1) = (min(capsule.a.x, capsule.b.x) - reach, max(capsule.a.x, capsule.b.x) + reach)
        let (y0, y1) = (min(capsule.a.y, capsule.b.y) - reach, max(capsule.a.y, capsule.b.y) + reach)
        for row in Self.cell(y0)...Self.cell(y1) {
            for column in Self.cell(x0)...Self.cell(x1) { buckets[Self.key(column, row), default: []].append(index) }
        }
    }

    /// Whether the place lies on an obstacle or nearer to it than `margin`, 60 m at most.
    func blocks(_ p: Coordinate, margin: Double, waterOnly: Bool = false) -> Bool {
        guard let near = buckets[Self.key(Self.cell(p.x), Self.cell(p.y))] else { return false }
        return near.contains { index in
            let capsule = capsules[Int(index)]
            guard capsule.isWater || !waterOnly else { return false }
            let reach = capsule.radius + margin
            return Self.squaredDistance(p, capsule.a, capsule.b) < reach * reach
        }
    }

    private static func squaredDistance(_ p: Coordinate, _ a: Coordinate, _ b: Coordinate) -> Double {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let square = dx * dx + dy * dy
        let t = square > 0 ? min(max(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0), 1) : 0
        let (ex, ey) = (p.x - a.x - t * dx, p.y - a.y - t * dy)
        return ex * ex + ey * ey
    }

    private static func cell(_ ordinate: Double) -> Int { Int((ordinate / bucket).rounded(.down)) }

    private static func key(_ column: Int, _ row: Int) -> Int64 { Int64(column) << 32 | Int64(row) }
}
