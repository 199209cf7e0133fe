import TestSupport
import Testing

@testable import Generalisation

struct PolygonClipperTests {
    private let box = ClipBox(minX: -80, minY: -80, maxX: 1080, maxY: 1080)

    /// A simple ring: positions around a centre by rising angle, at radii that leap.
    private func star(_ n: Int, _ random: inout SeededGenerator) -> [GridPosition] {
        let (cx, cy) = (Int32.random(in: -300...1300, using: &random), Int32.random(in: -300...1300, using: &random))
        var directions: [(Int32, Int32)] = []
        for k in 0..<n {
            // Around a square's border, which needs no trigonometry.
            let t = Double(k) * 8 / Double(n)
            let u = t - 2 * (t / 2).rounded(.down) - 1
            let p: (Double, Double) = t < 2 ? (u, -1) : t < 4 ? (1, u) : t < 6 ? (-u, 1) : (-1, -u)
            let r = Double.random(in: 30...1500, using: &random)
            directions.append((Int32(p.0 * r), Int32(p.1 * r)))
        }
        return directions.map { GridPosition(x: cx + $0.0, y: cy + $0.1) }
    }

    private func isInside(_ rings: FlatRings, _ x: Int64, _ y: Int64) -> Bool {
        (0..<rings.count).filter { rings.ring($0, contains: (x, y)) }.count % 2 == 1
    }

    private func distanceToEdges(_ rings: FlatRings, _ x: Double, _ y: Double) -> Double {
        var least = Double.infinity
        for r in 0..<rings.count {
            let range = rings.range(r)
            for i in range {
                let a = rings.positions[i]
                let b = rings.positions[i + 1 == range.upperBound ? range.lowerBound : i + 1]
                let (dx, dy) = (Double(b.x - a.x), Double(b.y - a.y))
                let (px, py) = (x - Double(a.x), y - Double(a.y))
                let square = dx * dx + dy * dy
                let t = square == 0 ? 0 : max(0, min(1, (px * dx + py * dy) / square))
                least = min(least, ((px - t * dx) * (px - t * dx) + (py - t * dy) * (py - t * dy)).squareRoot())
            }
        }
        return least
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func keepsTheAreaInTheBoxAndNothingElse(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var polygon = FlatRings()
        _ = RingCleaning.append(star(Int.random(in: 3...60, using: &random), &random), isHole: false, to: &polygon)
        guard polygon.count == 1, isSimpleNaively(polygon.positions) else { return }
        // A hole well inside, when the exterior has room for it.
        let (hx, hy) = (Int32.random(in: 0...900, using: &random), Int32.random(in: 0...900, using: &random))
        let hole = [(hx, hy), (hx, hy + 40), (hx + 40, hy + 40), (hx + 40, hy)].map { GridPosition(x: $0.0, y: $0.1) }
        if distanceToEdges(polygon, Double(hx) + 20, Double(hy) + 20) > 60, isInside(polygon, 2 * Int64(hx), 2 * Int64(hy)) {
            polygon.append(hole)
        }
        var clipper = PolygonClipper(box: box)
        var raw = FlatRings()
        clipper.clip(polygon, into: &raw)
        var result = FlatRings()
        for r in 0..<raw.count {
            _ = RingCleaning.append(ring: r, of: raw, isHole: raw.doubleArea(r) < 0, to: &result)
        }
        for p in result.positions { #expect(box.contains(x: p.x, y: p.y)) }
        for _ in 0..<300 {
            let x = 2 * Int64.random(in: -80..<1080, using: &random) + 1
            let y = 2 * Int64.random(in: -80..<1080, using: &random) + 1
            guard distanceToEdges(polygon, Double(x) / 2, Double(y) / 2) > 1.5 else { continue }
            #expect(isInside(result, x, y) == isInside(polygon, x, y), "at \(x)/2, \(y)/2")
        }
    }

    @Test func concaveRingFallsIntoPartsWithoutBridges() {
        // An E whose back lies left of the box.
        let e: [(Int32, Int32)] = [
            (-200, 0), (500, 0), (500, 100), (-150, 100), (-150, 300), (500, 300), (500, 400), (-150, 400), (-150, 600),
            (500, 600), (500, 700), (-200, 700),
        ]
        var clipper = PolygonClipper(box: box)
        var result = FlatRings()
        clipper.clip(FlatRings(rings: [e.map { GridPosition(x: $0.0, y: $0.1) }]), into: &result)
        #expect(result.count == 3)
        for r in 0..<3 { #expect(result.doubleArea(r) == 2 * 580 * 100) }
    }

    @Test func polygonAroundTheBoxBecomesTheBoxAndItsHoleCutsIt() {
        let around = [(-500, -500), (2000, -500), (2000, 2000), (-500, 2000)].map { GridPosition(x: $0.0, y: $0.1) }
        let hole = [(500, 500), (500, 1500), (700, 1500), (700, 500)].map { GridPosition(x: $0.0, y: $0.1) }
        var clipper = PolygonClipper(box: box)
        var result = FlatRings()
        clipper.clip(FlatRings(rings: [around]), into: &result)
        #expect(result.count == 1 && result.doubleArea(0) == 2 * 1160 * 1160)
        result.removeAll()
        clipper.clip(FlatRings(rings: [around, hole]), into: &result)
        #expect(result.count == 1 && result.doubleArea(0) == 2 * (1160 * 1160 - 200 * 580))
        result.removeAll()
        clipper.clip(FlatRings(rings: [around.map { GridPosition(x: $0.x + 5000, y: $0.y) }]), into: &result)
        #expect(result.count == 0)
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func linesStayInTheBox(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let line = star(40, &random)
        var result = FlatRings()
        LineClipper(box: box).clip(line, into: &result)
        for p in result.positions { #expect(box.contains(x: p.x, y: p.y)) }
        for r in 0..<result.count { #expect(result.range(r).count >= 2) }
        // A position on the border may be all of the line that touches the box, and is then left out.
        for p in line where box.contains(x: p.x, y: p.y) && !box.isOnBorder(p) {
            #expect(result.positions.contains(p) || isOnPath(result, p), "\(p) of \(line) is lost")
        }
    }

    /// Seed 63 above has such a corner at (1080, 332).
    @Test func aLineThatTouchesTheBoxInOnePositionGivesNoPart() {
        let touching = [(2230, -418), (1080, 332), (1684, 272)].map { GridPosition(x: $0.0, y: $0.1) }
        let along = [(1200, 100), (1080, 332), (1080, 333), (1200, 500)].map { GridPosition(x: $0.0, y: $0.1) }
        var result = FlatRings()
        LineClipper(box: box).clip(touching, into: &result)
        #expect(result.count == 0 && result.positions.isEmpty)
        LineClipper(box: box).clip(along, into: &result)
        #expect(result.count == 1 && result.positions == [along[1], along[2]])
    }

    private func isOnPath(_ rings: FlatRings, _ p: GridPosition) -> Bool {
        (0..<rings.count).contains { r in
            rings.range(r).dropFirst().contains { i in
                meetNaively(rings.positions[i - 1], rings.positions[i], p, p)
            }
        }
    }
}
