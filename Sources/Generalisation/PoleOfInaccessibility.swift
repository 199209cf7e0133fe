/// The point inside a polygon that is farthest from its outline: where its label stands best.
///
/// The polygon's box is covered with square cells; the cell that may hold the greatest distance is split first, until no
/// cell can do better than the best found by more than the precision (V. Agafonkin's method, 2016). Where several
/// polygons make one feature, the largest circle wins.
public struct PoleOfInaccessibility: Sendable {
    private struct Cell {
        var x: Double
        var y: Double
        /// Half its side.
        var half: Double
        /// From the outline, negative outside.
        var distance: Double
        /// The greatest distance any of its points may have.
        var bound: Double

        /// Greatest bound first; equal ones from the lower left, so that the result is the same everywhere.
        static func precedes(_ a: Cell, _ b: Cell) -> Bool {
            if a.bound != b.bound { return a.bound > b.bound }
            return (a.y, a.x) < (b.y, b.x)
        }
    }

    /// Flat x, y pairs of all rings, and where each ring ends in positions.
    private let x: [Double]
    private let y: [Double]
    private let ends: [Int]

    /// The box is cut into at most so many cells before the best one so far is taken.
    private static let cellLimit = 2_000

    /// - Parameter rings: closed or not, of one or several polygons; orientation does not matter.
    public init(rings: [[(x: Double, y: Double)]]) {
        var (x, y, ends): ([Double], [Double], [Int]) = ([], [], [])
        for ring in rings {
            x += ring.map(\.x)
            y += ring.map(\.y)
            ends.append(x.count)
        }
        (self.x, self.y, self.ends) = (x, y, ends)
    }

    /// - Parameter precision: in coordinate units; the point's distance is at most so much less than the greatest.
    /// - Returns: the point and its distance from the outline; `nil` where the rings hold no area.
    public func point(precision: Double) -> (x: Double, y: Double, distance: Double)? {
        guard let minX = x.min(), let maxX = x.max(), let minY = y.min(), let maxY = y.max() else { return nil }
        let side = min(maxX - minX, maxY - minY)
        guard side > 0, side.isFinite else { return nil }
        var best = cell(centroid.x, centroid.y, 0)
        let middle = cell((minX + maxX) / 2, (minY + maxY) / 2, 0)
        if middle.distance > best.distance { best = middle }
        var queue = CellQueue()
        // A long polygon starts with a row of squares, but not with an endless one.
        let first = max(side, max(maxX - minX, maxY - minY) / 64)
        var left = minX
        while left < maxX {
            var low = minY
            while low < maxY {
                queue.insert(cell(left + first / 2, low + first / 2, first / 2))
                low += first
            }
            left += first
        }
        var taken = 0
        while let next = queue.removeFirst(), taken < Self.cellLimit {
            taken += 1
            if next.distance > best.distance { best = next }
            guard next.bound - best.distance > precision else { break }
            let half = next.half / 2
            for (dx, dy) in [(-half, -half), (half, -half), (-half, half), (half, half)] {
                queue.insert(cell(next.x + dx, next.y + dy, half))
            }
        }
        return best.distance > 0 ? (best.x, best.y, best.distance) : nil
    }

    private func cell(_ px: Double, _ py: Double, _ half: Double) -> Cell {
        let distance = distance(px, py)
        return Cell(x: px, y: py, half: half, distance: distance, bound: distance + half * 2.0.squareRoot())
    }

    private func distance(_ px: Double, _ py: Double) -> Double {
        var isInside = false
        var nearest = Double.infinity
        var start = 0
        for end in ends {
            var j = end - 1
            for i in start..<end {
                if (y[i] > py) != (y[j] > py), px < (x[j] - x[i]) * (py - y[i]) / (y[j] - y[i]) + x[i] { isInside.toggle() }
                let (dx, dy) = (x[j] - x[i], y[j] - y[i])
                let square = dx * dx + dy * dy
                let t = square > 0 ? min(max(((px - x[i]) * dx + (py - y[i]) * dy) / square, 0), 1) : 0
                let (ex, ey) = (px - x[i] - t * dx, py - y[i] - t * dy)
                nearest = min(nearest, ex * ex + ey * ey)
                j = i
            }
            start = end
        }
        return isInside ? nearest.squareRoot() : -nearest.squareRoot()
    }

    /// Of the first ring; its first position where it has no area.
    private var centroid: (x: Double, y: Double) {
        guard let end = ends.first, end > 0 else { return (0, 0) }
        var (area, sumX, sumY) = (0.0, 0.0, 0.0)
        let (ox, oy) = (x[0], y[0])
        for i in 0..<end {
            let j = i + 1 == end ? 0 : i + 1
            let cross = (x[i] - ox) * (y[j] - oy) - (x[j] - ox) * (y[i] - oy)
            area += cross
            sumX += (x[i] + x[j] - 2 * ox) * cross
            sumY += (y[i] + y[j] - 2 * oy) * cross
        }
        return area == 0 ? (ox, oy) : (ox + sumX / (3 * area), oy + sumY / (3 * area))
    }

    /// A binary heap.
    private struct CellQueue {
        private var cells: [Cell] = []

        mutating func insert(_ cell: Cell) {
            cells.append(cell)
            var i = cells.count - 1
            while i > 0, Cell.precedes(cells[i], cells[(i - 1) / 2]) {
                cells.swapAt(i, (i - 1) / 2)
                i = (i - 1) / 2
            }
        }

        mutating func removeFirst() -> Cell? {
            guard let first = cells.first, let last = cells.popLast() else { return nil }
            if cells.isEmpty { return first }
            cells[0] = last
            var i = 0
            while true {
                var least = i
                for child in [2 * i + 1, 2 * i + 2] where child < cells.count {
                    if Cell.precedes(cells[child], cells[least]) { least = child }
                }
                if least == i { return first }
                cells.swapAt(i, least)
                i = least
            }
        }
    }
}
