import TestSupport
import Testing

@testable import Generalisation

struct PoleOfInaccessibilityTests {
    @Test func aRectangleHasItOnItsMiddleLine() throws {
        let pole = try #require(
            PoleOfInaccessibility(rings: [[(0, 0), (100, 0), (100, 20), (0, 20)]]).point(precision: 0.01))
        #expect(abs(pole.distance - 10) < 0.01 && abs(pole.y - 10) < 0.01 && (10...90).contains(pole.x))
    }

    @Test func aHorseshoeHasItInAnArmNotBetweenThem() throws {
        let shoe: [(x: Double, y: Double)] = [(0, 0), (90, 0), (90, 100), (60, 100), (60, 20), (30, 20), (30, 100), (0, 100)]
        let pole = try #require(PoleOfInaccessibility(rings: [shoe]).point(precision: 0.01))
        #expect(pole.distance > 14.9 && !((30...60).contains(pole.x) && pole.y > 20))
    }

    @Test func aHolePushesItAway() throws {
        let outer: [(x: Double, y: Double)] = [(0, 0), (100, 0), (100, 100), (0, 100)]
        let hole: [(x: Double, y: Double)] = [(40, 40), (60, 40), (60, 60), (40, 60)]
        let pole = try #require(PoleOfInaccessibility(rings: [outer, hole]).point(precision: 0.01))
        // In a corner, where the circle touches two sides and the hole's corner: d (1 + 1/sqrt 2) = 40.
        #expect(abs(pole.distance - 40 / (1 + 0.5.squareRoot())) < 0.02)
    }

    @Test func theLargerOfTwoPolygonsHasIt() throws {
        let small: [(x: Double, y: Double)] = [(0, 0), (10, 0), (10, 10), (0, 10)]
        let large: [(x: Double, y: Double)] = [(200, 0), (240, 0), (240, 40), (200, 40)]
        let pole = try #require(PoleOfInaccessibility(rings: [small, large]).point(precision: 0.01))
        #expect(abs(pole.x - 220) < 0.1 && abs(pole.y - 20) < 0.1)
    }

    @Test func whatHasNoAreaHasNone() {
        #expect(PoleOfInaccessibility(rings: []).point(precision: 1) == nil)
        #expect(PoleOfInaccessibility(rings: [[(0, 0), (5, 5), (10, 10)]]).point(precision: 1) == nil)
        #expect(PoleOfInaccessibility(rings: [[(3, 3)]]).point(precision: 1) == nil)
    }

    /// No point of a grid has a greater distance.
    @Test(arguments: 1...30 as ClosedRange<UInt64>) func noGridPointIsBetter(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let ring: [(x: Double, y: Double)] = (0..<8).map { k in
            let r = Double.random(in: 20...100, using: &random)
            let corner: (Double, Double) = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)][k]
            return (x: corner.0 * r, y: corner.1 * r)
        }
        let pole = try #require(PoleOfInaccessibility(rings: [ring]).point(precision: 0.1))
        for i in -20...20 {
            for j in -20...20 {
                #expect(distance(ring, Double(i) * 5, Double(j) * 5) <= pole.distance + 0.1)
            }
        }
    }

    private func distance(_ ring: [(x: Double, y: Double)], _ px: Double, _ py: Double) -> Double {
        var (isInside, nearest) = (false, Double.infinity)
        for i in ring.indices {
            let (a, b) = (ring[i], ring[(i + 1) % ring.count])
            if (a.y > py) != (b.y > py), px < (b.x - a.x) * (py - a.y) / (b.y - a.y) + a.x { isInside.toggle() }
            let (dx, dy) = (b.x - a.x, b.y - a.y)
            let t = max(0, min(1, ((px - a.x) * dx + (py - a.y) * dy) / (dx * dx + dy * dy)))
            let (ex, ey) = (px - a.x - t * dx, py - a.y - t * dy)
            nearest = min(nearest, (ex * ex + ey * ey).squareRoot())
        }
        return isInside ? nearest : -nearest
    }
}
