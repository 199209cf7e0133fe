/// Says whether the quantised rings of one feature bound areas as they should: exact, in integers.
public struct RingCheck: Sendable {
    private struct Edge {
        var a: GridPosition
        var b: GridPosition
        /// The edges before and after it in its ring.
        var previous: Int32
        var next: Int32
    }

    /// Up to here every pair of edges is looked at; beyond, a grid of buckets picks the pairs.
    private static let fewEdges = 24

    private var edges: [Edge] = []
    private var bucketStarts: [Int32] = []
    private var bucketEdges: [Int32] = []

    public init() {}

    /// Whether no two edges of the rings `range` of `rings` meet except neighbours in their common position, and
    /// every hole lies in the exterior before it and in no other hole.
    ///
    /// Stricter than OGC 06-103r4 in one point: rings that touch in a position are not accepted.
    /// - Complexity: about linear in the number of edges; quadratic up to 24.
    public mutating func isSimple(_ rings: FlatRings, in range: Range<Int>) -> Bool {
        if range.count == 1 && Self.isConvex(rings.positions.span.extracting(rings.range(range.lowerBound))) {
            return true
        }
        edges.removeAll(keepingCapacity: true)
        for r in range { collectEdges(rings.positions.span.extracting(rings.range(r))) }
        guard edges.count <= Self.fewEdges ? everyPairIsApart() : everyBucketIsApart() else { return false }
        return range.count == 1 || holesAreInPlace(rings, range)
    }

    public mutating func isSimple(_ rings: FlatRings) -> Bool { isSimple(rings, in: 0..<rings.count) }

    /// Whether the ring turns one way only and goes round once.
    static func isConvex(_ ring: Span<GridPosition>) -> Bool {
        let n = ring.count
        guard n >= 3 else { return false }
        var (a, b) = (ring[n - 2], ring[n - 1])
        let isPositive = GridPosition.turn(a, b, ring[0]) > 0
        var wasRising = b.x > a.x || (b.x == a.x && b.y > a.y)
        var changes = 0
        for i in 0..<n {
            let c = ring[i]
            let turn = GridPosition.turn(a, b, c)
            guard turn != 0 && (turn > 0) == isPositive else { return false }
            let isRising = c.x > b.x || (c.x == b.x && c.y > b.y)
            if isRising != wasRising { changes += 1 }
            wasRising = isRising
            (a, b) = (b, c)
        }
        return changes <= 2
    }

    private mutating func collectEdges(_ ring: Span<GridPosition>) {
        let n = ring.count
        let base = edges.count
        for i in 0..<n {
            let next = i + 1 == n ? 0 : i + 1
            let previous = i == 0 ? n - 1 : i - 1
            edges.append(
                Edge(a: ring[i], b: ring[next], previous: Int32(base + previous), next: Int32(base + next)))
        }
    }

    private func everyPairIsApart() -> Bool {
        let edges = edges.span
        for i in 0..<edges.count {
            for j in (i + 1)..<max(i + 1, edges.count) where !Self.areApart(edges, i, j) { return false }
        }
        return true
    }

    private static func areApart(_ edges: Span<Edge>, _ i: Int, _ j: Int) -> Bool {
        let (e, f) = (edges[i], edges[j])
        if max(e.a.x, e.b.x) < min(f.a.x, f.b.x) || max(f.a.x, f.b.x) < min(e.a.x, e.b.x) { return true }
        if max(e.a.y, e.b.y) < min(f.a.y, f.b.y) || max(f.a.y, f.b.y) < min(e.a.y, e.b.y) { return true }
        // Neighbours share a position; they meet elsewhere only when one folds back on the other.
        if Int(e.next) == j || Int(e.previous) == j {
            guard e.next != e.previous else { return false }
            let (p, q, r) = Int(e.next) == j ? (e.a, e.b, f.b) : (f.a, f.b, e.b)
            guard GridPosition.turn(p, q, r) == 0 else { return true }
            let along = (Int64(q.x) - Int64(p.x)) * (Int64(r.x) - Int64(q.x))
                + (Int64(q.y) - Int64(p.y)) * (Int64(r.y) - Int64(q.y))
            return along > 0
        }
        let (c, d) = (GridPosition.turn(e.a, e.b, f.a), GridPosition.turn(e.a, e.b, f.b))
        if (c > 0 && d > 0) || (c < 0 && d < 0) { return true }
        let (g, h) = (GridPosition.turn(f.a, f.b, e.a), GridPosition.turn(f.a, f.b, e.b))
        if (g > 0 && h > 0) || (g < 0 && h < 0) { return true }
        // On one straight line the boxes, which meet, decide; otherwise each line crosses or touches the other edge.
        return false
    }

    private mutating func everyBucketIsApart() -> Bool {
        var (minX, minY, maxX, maxY) = (Int32.max, Int32.max, Int32.min, Int32.min)
        for e in edges {
            minX = min(minX, e.a.x)
            maxX = max(maxX, e.a.x)
            minY = min(minY, e.a.y)
            maxY = max(maxY, e.a.y)
        }
        var side = 1
        while side * side < edges.count { side += 1 }
        let grid = BucketGrid(
            minX: minX, minY: minY, cellWidth: (Int64(maxX) - Int64(minX)) / Int64(side) + 1,
            cellHeight: (Int64(maxY) - Int64(minY)) / Int64(side) + 1, side: side)
        fillBuckets(grid)
        let edges = edges.span
        for cell in 0..<(side * side) {
            let bucket = Int(bucketStarts[cell])..<Int(bucketStarts[cell + 1])
            for i in bucket {
                for j in (i + 1)..<max(i + 1, bucket.upperBound)
                where !Self.areApart(edges, Int(bucketEdges[i]), Int(bucketEdges[j])) { return false }
            }
        }
        return true
    }

    /// Sorts the edges into the cells they pass, by counting first.
    private mutating func fillBuckets(_ grid: BucketGrid) {
        let cells = grid.side * grid.side
        bucketStarts.removeAll(keepingCapacity: true)
        bucketStarts.append(contentsOf: repeatElement(0, count: cells + 1))
        for e in edges { grid.forEachCell(e.a, e.b) { bucketStarts[$0 + 1] += 1 } }
        for c in 0..<cells { bucketStarts[c + 1] += bucketStarts[c] }
        bucketEdges.removeAll(keepingCapacity: true)
        bucketEdges.append(contentsOf: repeatElement(0, count: Int(bucketStarts[cells])))
        // Filling from the end of each cell leaves its end where its start belongs.
        for i in edges.indices.reversed() {
            grid.forEachCell(edges[i].a, edges[i].b) {
                bucketStarts[$0 + 1] -= 1
                bucketEdges[Int(bucketStarts[$0 + 1])] = Int32(i)
            }
        }
        for c in 0..<cells { bucketStarts[c] = bucketStarts[c + 1] }
        bucketStarts[cells] = Int32(bucketEdges.count)
    }

    private func holesAreInPlace(_ rings: FlatRings, _ range: Range<Int>) -> Bool {
        var exterior: Int?
        for r in range {
            if rings.doubleArea(r) > 0 {
                exterior = r
                continue
            }
            guard let exterior else { return false }
            let p = rings.positions[rings.range(r).lowerBound]
            let doubled = (2 * Int64(p.x), 2 * Int64(p.y))
            guard rings.ring(exterior, contains: doubled) else { return false }
            for other in (exterior + 1)..<range.upperBound where other != r {
                if rings.doubleArea(other) > 0 { break }
                if rings.ring(other, contains: doubled) { return false }
            }
        }
        return true
    }
}

/// The cells that edges are sorted into, `side` in a row and in a column.
struct BucketGrid {
    var minX: Int32
    var minY: Int32
    var cellWidth: Int64
    var cellHeight: Int64
    var side: Int

    /// Calls `body` with a superset of the cells that the edge passes: per row, those its run in that row spans.
    @inline(__always)
    func forEachCell(_ a: GridPosition, _ b: GridPosition, _ body: (Int) -> Void) {
        let (low, high) = a.y <= b.y ? (a, b) : (b, a)
        let firstRow = (Int64(low.y) - Int64(minY)) / cellHeight
        let lastRow = (Int64(high.y) - Int64(minY)) / cellHeight
        for row in firstRow...lastRow {
            var (fromX, toX) = (low.x, high.x)
            if firstRow != lastRow {
                let top = Int64(minY) + row * cellHeight
                if row > firstRow { fromX = Self.x(at: top - 1, low, high) }
                if row < lastRow { toX = Self.x(at: top + cellHeight, low, high) }
            }
            // One unit wider on both sides makes up for rounding.
            let left = max(0, (Int64(min(fromX, toX)) - Int64(minX) - 1) / cellWidth)
            let right = min(Int64(side) - 1, (Int64(max(fromX, toX)) - Int64(minX) + 1) / cellWidth)
            for column in left...right { body(Int(row) * side + Int(column)) }
        }
    }

    private static func x(at y: Int64, _ low: GridPosition, _ high: GridPosition) -> Int32 {
        let held = max(Int64(low.y), min(Int64(high.y), y))
        return ClipBox.crossing(Int32(held), (low.y, low.x), (high.y, high.x))
    }
}
