import TestSupport
import Testing

@testable import Generalisation

/// Looks at every pair of edges and says in a second way whether they meet.
func meetNaively(_ a: GridPosition, _ b: GridPosition, _ c: GridPosition, _ d: GridPosition) -> Bool {
    func sign(_ p: GridPosition, _ q: GridPosition, _ r: GridPosition) -> Int {
        let v = (Int(q.x) - Int(p.x)) * (Int(r.y) - Int(p.y)) - (Int(q.y) - Int(p.y)) * (Int(r.x) - Int(p.x))
        return v.signum()
    }
    func holds(_ p: GridPosition, _ q: GridPosition, _ r: GridPosition) -> Bool {
        sign(p, q, r) == 0 && r.x >= min(p.x, q.x) && r.x <= max(p.x, q.x) && r.y >= min(p.y, q.y) && r.y <= max(p.y, q.y)
    }
    if holds(a, b, c) || holds(a, b, d) || holds(c, d, a) || holds(c, d, b) { return true }
    return sign(a, b, c) * sign(a, b, d) < 0 && sign(c, d, a) * sign(c, d, b) < 0
}

func isSimpleNaively(_ ring: [GridPosition]) -> Bool {
    let n = ring.count
    guard n >= 3 else { return false }
    for i in 0..<n {
        let (a, b, c) = (ring[i], ring[(i + 1) % n], ring[(i + 2) % n])
        let turn = (Int(b.x) - Int(a.x)) * (Int(c.y) - Int(b.y)) - (Int(b.y) - Int(a.y)) * (Int(c.x) - Int(b.x))
        let along = (Int(b.x) - Int(a.x)) * (Int(c.x) - Int(b.x)) + (Int(b.y) - Int(a.y)) * (Int(c.y) - Int(b.y))
        if turn == 0 && along <= 0 { return false }
        for j in (i + 2)..<max(i + 2, n) where !(i == 0 && j == n - 1) {
            if meetNaively(ring[i], ring[i + 1], ring[j], ring[(j + 1) % n]) { return false }
        }
    }
    return true
}

struct RingCheckTests {
    private func isSimple(_ rings: [[GridPosition]]) -> Bool {
        var check = RingCheck()
        return check.isSimple(FlatRings(rings: rings))
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func agreesWithEveryPairOnRandomRings(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let n = Int.random(in: 3...9, using: &random)
            let ring = (0..<n).map { _ in
                GridPosition(x: .random(in: 0...12, using: &random), y: .random(in: 0...12, using: &random))
            }
            #expect(isSimple([ring]) == isSimpleNaively(ring), "\(ring)")
        }
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func agreesWithEveryPairOnLongRings(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Combs of steps: simple until a tooth is moved into its neighbours.
        let n = Int.random(in: 20...150, using: &random)
        var ring: [GridPosition] = (0..<n).map {
            GridPosition(x: Int32($0) * 8, y: $0 % 2 == 0 ? 0 : .random(in: 5...900, using: &random))
        }
        ring += [GridPosition(x: Int32(n) * 8, y: -50), GridPosition(x: -8, y: -50)]
        #expect(isSimple([ring]))
        #expect(isSimpleNaively(ring))
        for _ in 0..<10 {
            var moved = ring
            let k = Int.random(in: 0..<n, using: &random)
            moved[k].x += .random(in: -14...14, using: &random)
            moved[k].y += .random(in: -60...60, using: &random)
            #expect(isSimple([moved]) == isSimpleNaively(moved), "vertex \(k) of \(n)")
        }
    }

    @Test func holesMustLieInTheirExteriorAndApart() {
        func square(_ x: Int32, _ y: Int32, _ side: Int32, hole: Bool = false) -> [GridPosition] {
            let ring = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)].map { GridPosition(x: $0.0, y: $0.1) }
            return hole ? ring.reversed() : ring
        }
        let outer = square(0, 0, 100)
        #expect(isSimple([outer, square(10, 10, 10, hole: true)]))
        #expect(isSimple([outer, square(10, 10, 10, hole: true), square(40, 40, 9, hole: true)]))
        #expect(!isSimple([outer, square(10, 10, 30, hole: true), square(20, 20, 5, hole: true)]))
        #expect(!isSimple([outer, square(200, 10, 10, hole: true)]))
        #expect(!isSimple([outer, square(95, 10, 10, hole: true)]))
        #expect(isSimple([outer, square(200, 0, 50), square(210, 10, 10, hole: true)]))
    }
}
