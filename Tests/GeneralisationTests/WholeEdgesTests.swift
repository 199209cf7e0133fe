import TestSupport
import Testing

@testable import Generalisation

/// What is kept for a box is what a greater box keeps, wherever it reaches the smaller one.
struct WholeEdgesTests {
    private let box = ClipBox(minX: -80, minY: -80, maxX: 1080, maxY: 1080)

    /// A walk with steps of all sizes, in and out of the box.
    private func walk(_ n: Int, _ random: inout SeededGenerator) -> [GridPosition] {
        var p = GridPosition(x: Int32.random(in: -2000...3000, using: &random), y: Int32.random(in: -2000...3000, using: &random))
        return (0..<n).map { _ in
            let reach: Int32 = [5, 80, 1500][Int.random(in: 0..<3, using: &random)]
            p.x = max(-4000, min(5000, p.x + Int32.random(in: -reach...reach, using: &random)))
            p.y = max(-4000, min(5000, p.y + Int32.random(in: -reach...reach, using: &random)))
            return p
        }
    }

    private func reaches(_ a: GridPosition, _ b: GridPosition) -> Bool { box.cut(a, b) != nil }

    /// Four positions that follow one another around each edge in reach of the box, as a set.
    private func edgesInReach(_ positions: some Collection<GridPosition>, closed: Bool) -> Set<[GridPosition]> {
        let p = Array(positions)
        var found: Set<[GridPosition]> = []
        for i in 0..<(closed ? p.count : p.count - 1) where reaches(p[i], p[(i + 1) % p.count]) {
            let around = (-1...2).compactMap { d -> GridPosition? in
                let j = i + d
                if closed { return p[(j + p.count) % p.count] }
                return p.indices.contains(j) ? p[j] : nil
            }
            found.insert(around)
        }
        return found
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func edgesInReachKeepTheirNeighboursInLines(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let line = walk(Int.random(in: 2...80, using: &random), &random)
        var keeper = WholeEdges(box: box)
        var kept = FlatRings()
        keeper.keep(line: line, into: &kept)
        let wanted = edgesInReach(line, closed: false)
        let found = (0..<kept.count).map { edgesInReach(kept.positions[kept.range($0)], closed: false) }
        #expect(found.reduce(into: Set()) { $0.formUnion($1) } == wanted)
        #expect(kept.positions.count <= line.count + kept.count, "parts overlap in a position at most")
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func edgesInReachKeepTheirNeighboursInRings(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let ring = walk(Int.random(in: 5...80, using: &random), &random)
        var keeper = WholeEdges(box: box)
        var kept = FlatRings()
        keeper.keep(ring: 0, of: FlatRings(rings: [ring]), into: &kept)
        let wanted = edgesInReach(ring, closed: true)
        if kept.count == 0 {
            #expect(wanted.isEmpty)
        } else {
            #expect(edgesInReach(kept.positions, closed: true) == wanted)
        }
        let whole = FlatRings(rings: [ring])
        for _ in 0..<100 {
            let x = 2 * Int64.random(in: -80..<1080, using: &random) + 1
            let y = 2 * Int64.random(in: -80..<1080, using: &random) + 1
            let isCovered = kept.count > 0 && kept.ring(0, contains: (x, y))
            #expect(isCovered == whole.ring(0, contains: (x, y)), "at \(x)/2, \(y)/2")
        }
    }

    /// A comb far to the left of the box costs two positions, not its thousand teeth.
    @Test func whatLiesBeyondOneSideIsLeftOut() {
        var ring = [(500, 500), (-500, 500)].map { GridPosition(x: $0.0, y: $0.1) }
        for i in 0..<1000 { ring.append(GridPosition(x: i % 2 == 0 ? -900 : -500, y: 500 - Int32(i))) }
        ring.append(GridPosition(x: -500, y: -700))
        var keeper = WholeEdges(box: box)
        var kept = FlatRings()
        keeper.keep(ring: 0, of: FlatRings(rings: [ring]), into: &kept)
        #expect(kept.positions.count < 12)
        var line = FlatRings()
        keeper.keep(line: ring, into: &line)
        #expect(line.count == 1 && line.positions == Array(ring[0...2]))
    }

    @Test func whatNeverReachesTheBoxGivesNothing() {
        let far = [(2000, 0), (3000, 0), (3000, 900), (2000, 900)].map { GridPosition(x: $0.0, y: $0.1) }
        var keeper = WholeEdges(box: box)
        var kept = FlatRings()
        keeper.keep(ring: 0, of: FlatRings(rings: [far]), into: &kept)
        keeper.keep(line: far, into: &kept)
        keeper.keep(line: [far[0]], into: &kept)
        #expect(kept == FlatRings())
    }
}
