/// Ranks the vertices of lines and rings by Douglas-Peucker split distance, made monotone, so that simplifying to
/// any tolerance is a filter over one byte a vertex.
///
/// Every arc is ranked in a direction that its own positions choose, so that an arc shared by two rings gets the
/// same bytes from both. Never recurses; n log n steps even for a spiral: past `greatestDepth` an arc is split in
/// the middle instead of at its farthest vertex, which keeps the tolerance's promise and costs a few vertices.
public struct VertexRanking: Sendable {
    private struct Segment {
        var from: Int
        var to: Int
        var limit: UInt8
        var depth: UInt8
    }

    private static let greatestDepth: UInt8 = 48

    /// Metres of the ranking CRS in one grid unit.
    public let metresPerUnit: Double
    private var arc: [Int32] = []
    private var ranks: [UInt8] = []
    private var stack: [Segment] = []
    private var cuts: [Int] = []

    public init(metresPerUnit: Double) {
        self.metresPerUnit = metresPerUnit
    }

    /// Ranks a line: both ends are kept always, and every junction when `junctions` is given.
    ///
    /// - Parameters:
    ///   - line: flat x, y pairs in grid units.
    ///   - significance: receives one byte a vertex at `offset` and after.
    public mutating func rankLine(
        _ line: Span<Int32>, junctions: VertexJunctions?, into significance: inout [UInt8], at offset: Int
    ) {
        let n = line.count / 2
        guard n > 0 else { return }
        cuts.removeAll(keepingCapacity: true)
        for i in 0..<n {
            let isEnd = i == 0 || i == n - 1
            if isEnd || junctions?.contains(x: line[2 * i], y: line[2 * i + 1]) == true { cuts.append(i) }
        }
        for cut in cuts { significance[offset + cut] = Significance.always }
        for k in 1..<max(1, cuts.count) { rankArc(line, from: cuts[k - 1], to: cuts[k], into: &significance, at: offset) }
    }

    /// Ranks a ring given without its repeated closing position.
    ///
    /// The ring is cut at its junctions; one without any is cut at its lowest vertex (by x, then y) and the
    /// vertex farthest from that. Parameters as in `rankLine`.
    public mutating func rankRing(
        _ ring: Span<Int32>, junctions: VertexJunctions?, into significance: inout [UInt8], at offset: Int
    ) {
        let n = ring.count / 2
        guard n > 0 else { return }
        cuts.removeAll(keepingCapacity: true)
        if let junctions {
            for i in 0..<n where junctions.contains(x: ring[2 * i], y: ring[2 * i + 1]) { cuts.append(i) }
        }
        if cuts.isEmpty { cutAtAnchors(ring) }
        for cut in cuts { significance[offset + cut] = Significance.always }
        for k in cuts.indices {
            let next = k + 1 < cuts.count ? cuts[k + 1] : cuts[0] + n
            rankArc(ring, from: cuts[k], to: next, into: &significance, at: offset)
        }
    }

    private mutating func cutAtAnchors(_ ring: Span<Int32>) {
        let n = ring.count / 2
        var lowest = 0
        for i in 1..<max(1, n) where Self.precedes(ring, i, lowest) { lowest = i }
        var farthest = lowest
        var greatest = 0.0
        for i in 0..<n {
            let dx = Double(ring[2 * i]) - Double(ring[2 * lowest])
            let dy = Double(ring[2 * i + 1]) - Double(ring[2 * lowest + 1])
            let square = dx * dx + dy * dy
            if square > greatest || (square == greatest && Self.precedes(ring, i, farthest)) {
                greatest = square
                farthest = i
            }
        }
        cuts.append(min(lowest, farthest))
        if farthest != lowest { cuts.append(max(lowest, farthest)) }
    }

    /// Whether vertex `i` comes before vertex `j` by x, then y.
    private static func precedes(_ path: Span<Int32>, _ i: Int, _ j: Int) -> Bool {
        (path[2 * i], path[2 * i + 1]) < (path[2 * j], path[2 * j + 1])
    }

    /// Ranks the vertices strictly between two cuts; `to` may run past the end of a ring.
    private mutating func rankArc(
        _ path: Span<Int32>, from: Int, to: Int, into significance: inout [UInt8], at offset: Int
    ) {
        let n = path.count / 2
        let count = to - from + 1
        guard count > 2 else { return }
        arc.removeAll(keepingCapacity: true)
        for k in 0..<count {
            let i = from + k < n ? from + k : from + k - n
            arc.append(path[2 * i])
            arc.append(path[2 * i + 1])
        }
        let isBackward = runsBackward(count)
        if isBackward { reverseArc(count) }
        splitArc(count)
        for k in 1..<(count - 1) {
            let place = from + (isBackward ? count - 1 - k : k)
            significance[offset + (place < n ? place : place - n)] = ranks[k]
        }
    }

    /// Whether the arc read from its end compares lower than read from its start.
    private func runsBackward(_ count: Int) -> Bool {
        for k in 0..<(count / 2) {
            let e = count - 1 - k
            let a = (arc[2 * k], arc[2 * k + 1])
            let b = (arc[2 * e], arc[2 * e + 1])
            if a != b { return b < a }
        }
        return false
    }

    private mutating func reverseArc(_ count: Int) {
        for k in 0..<(count / 2) {
            let e = count - 1 - k
            arc.swapAt(2 * k, 2 * e)
            arc.swapAt(2 * k + 1, 2 * e + 1)
        }
    }

    private mutating func splitArc(_ count: Int) {
        ranks.removeAll(keepingCapacity: true)
        ranks.append(contentsOf: repeatElement(0, count: count))
        stack.removeAll(keepingCapacity: true)
        stack.append(Segment(from: 0, to: count - 1, limit: 254, depth: 0))
        while let segment = stack.popLast() {
            let (farthest, square) = Self.farthestVertex(arc.span, segment.from, segment.to)
            let rank = min(segment.limit, Significance.step(metres: square.squareRoot() * metresPerUnit))
            let isDeep = segment.depth >= Self.greatestDepth
            let split = isDeep ? (segment.from + segment.to) / 2 : farthest
            ranks[split] = rank
            // Below the least step all that follows ranks 0, which it does already.
            guard rank > 0 else { continue }
            let depth = isDeep ? segment.depth : segment.depth + 1
            if split - segment.from > 1 {
                stack.append(Segment(from: segment.from, to: split, limit: rank, depth: depth))
            }
            if segment.to - split > 1 {
                stack.append(Segment(from: split, to: segment.to, limit: rank, depth: depth))
            }
        }
    }

    /// The vertex strictly between `from` and `to` farthest from the segment joining them (the first of equals),
    /// and the square of its distance in grid units.
    private static func farthestVertex(_ arc: Span<Int32>, _ from: Int, _ to: Int) -> (vertex: Int, square: Double) {
        let ax = Double(arc[2 * from])
        let ay = Double(arc[2 * from + 1])
        let dx = Double(arc[2 * to]) - ax
        let dy = Double(arc[2 * to + 1]) - ay
        let length = dx * dx + dy * dy
        let inverse = length > 0 ? 1 / length : 0
        var farthest = from + 1
        var greatest = -1.0
        for i in (from + 1)..<to {
            let px = Double(arc[2 * i]) - ax
            let py = Double(arc[2 * i + 1]) - ay
            let along = px * dx + py * dy
            let square: Double
            if along <= 0 {
                square = px * px + py * py
            } else if along >= length {
                let qx = px - dx
                let qy = py - dy
                square = qx * qx + qy * qy
            } else {
                let cross = px * dy - py * dx
                square = cross * cross * inverse
            }
            if square > greatest {
                greatest = square
                farthest = i
            }
        }
        return (farthest, greatest)
    }
}
