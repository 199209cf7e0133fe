import TestSupport
import Testing

@testable import Generalisation

struct VertexRankingTests {
    private func rank(line: [Int32]) -> [UInt8] {
        var ranks = [UInt8](repeating: 0, count: line.count / 2)
        var ranking = VertexRanking(metresPerUnit: 1)
        ranking.rankLine(line.span, junctions: nil, into: &ranks, at: 0)
        return ranks
    }

    private func rank(ring: [Int32], _ junctions: VertexJunctions? = nil) -> [UInt8] {
        var ranks = [UInt8](repeating: 0, count: ring.count / 2)
        var ranking = VertexRanking(metresPerUnit: 1)
        ranking.rankRing(ring.span, junctions: junctions, into: &ranks, at: 0)
        return ranks
    }

    private func walk(_ n: Int, seed: UInt64) -> [Int32] {
        var random = SeededGenerator(seed: seed)
        var (x, y): (Int32, Int32) = (0, 0)
        var line: [Int32] = []
        for _ in 0..<n {
            x += Int32.random(in: -20...60, using: &random)
            y += Int32.random(in: -40...40, using: &random)
            line += [x, y]
        }
        return line
    }

    private func reversed(_ flat: [Int32]) -> [Int32] {
        stride(from: flat.count - 2, through: 0, by: -2).flatMap { [flat[$0], flat[$0 + 1]] }
    }

    /// The distance of vertex `i` from the segment between vertices `a` and `b`.
    private func distance(_ f: [Int32], _ i: Int, _ a: Int, _ b: Int) -> Double {
        let (px, py) = (Double(f[2 * i] - f[2 * a]), Double(f[2 * i + 1] - f[2 * a + 1]))
        let (dx, dy) = (Double(f[2 * b] - f[2 * a]), Double(f[2 * b + 1] - f[2 * a + 1]))
        let square = dx * dx + dy * dy
        let t = square == 0 ? 0 : max(0, min(1, (px * dx + py * dy) / square))
        let (ex, ey) = (px - t * dx, py - t * dy)
        return (ex * ex + ey * ey).squareRoot()
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func droppedVerticesLieWithinTheTolerance(seed: UInt64) {
        let line = walk(300, seed: seed)
        let ranks = rank(line: line)
        var kept = Int.max
        for tolerance in [1.0, 3, 10, 30, 100, 1000] {
            let threshold = Significance.threshold(toleranceInMetres: tolerance)
            let keep = ranks.indices.filter { ranks[$0] >= threshold }
            #expect(keep.first == 0 && keep.last == ranks.count - 1)
            #expect(keep.count <= kept)
            kept = keep.count
            for k in 1..<keep.count {
                for i in keep[k - 1]...keep[k] { #expect(distance(line, i, keep[k - 1], keep[k]) < tolerance) }
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func directionAndStartDoNotMatter(seed: UInt64) {
        let line = walk(200, seed: seed)
        let ranks = rank(line: line)
        #expect(rank(line: reversed(line)) == ranks.reversed())
        let ringRanks = rank(ring: line)
        #expect(rank(ring: reversed(line)) == ringRanks.reversed())
        let k = 57
        #expect(rank(ring: Array(line[(2 * k)...] + line[..<(2 * k)])) == Array(ringRanks[k...] + ringRanks[..<k]))
    }

    @Test func sharedBorderRanksAlikeFromBothSides() {
        let border = walk(120, seed: 7)
        let end = Array(border.suffix(2))
        let left: [Int32] = border + [end[0], 9000, 0, 9000]
        let right: [Int32] = reversed(border) + [0, -9000, end[0], -9000]
        var junctions = VertexJunctions(expectedVertexCount: 4)
        junctions.add(left.span, isRing: true)
        junctions.add(right.span, isRing: true)
        #expect(junctions.contains(x: 0 + border[0], y: border[1]))
        #expect(!junctions.contains(x: border[20], y: border[21]))
        let (a, b) = (rank(ring: left, junctions), rank(ring: right, junctions))
        #expect(a[0..<120].elementsEqual(b[0..<120].reversed()))
        #expect(a[0] == Significance.always && a[119] == Significance.always)
    }

    /// A spiral splits off one vertex at a time: quadratic, and as deep as it is long, without the limit.
    @Test func spiralOfManyVerticesEnds() {
        var ring: [Int32] = []
        for i in 0..<300_000 {
            let step = Int32(i / 4 + 1)
            ring += [[step, step], [-step, step], [-step, -step], [step, -step]][i % 4]
        }
        let ranks = rank(ring: ring)
        #expect(ranks.filter { $0 == Significance.always }.count == 2)
    }
}
