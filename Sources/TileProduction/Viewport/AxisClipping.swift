/// A position on a tile's plane in its units, y down.
struct TilePosition: Hashable, Sendable {
    var x: Double
    var y: Double
    /// How far along its whole line it lies, 0...1, where that is asked for.
    var share = 0.0
}

/// Cuts lines and rings to the span between two values of one axis.
struct AxisClipping {
    let axis: any WritableKeyPath<TilePosition, Double> & Sendable
    let low: Double
    let high: Double

    /// The runs of a line that lie in the span, in its direction.
    func line(_ points: [TilePosition]) -> [[TilePosition]] {
        var runs: [[TilePosition]] = []
        let last = cut(points) { runs.append($0) }
        if last.count > 1 { runs.append(last) }
        return runs.filter { $0.count > 1 }
    }

    /// A ring, closed by repeating its first position, cut and closed again; empty where nothing is left.
    func ring(_ points: [TilePosition]) -> [TilePosition] {
        var ring = cut(points, whenLeaving: nil)
        if let first = ring.first, ring.last != first { ring.append(first) }
        return ring.count >= 4 ? ring : []
    }

    /// - Parameter whenLeaving: takes each finished run where the line leaves the span; `nil` to go on along the border.
    private func cut(_ points: [TilePosition], whenLeaving: (([TilePosition]) -> Void)?) -> [TilePosition] {
        var run: [TilePosition] = []
        for i in 0..<max(points.count - 1, 0) {
            let (a, b) = (points[i], points[i + 1])
            let (from, to) = (a[keyPath: axis], b[keyPath: axis])
            if from < low {
                if to > low { run.append(crossing(a, b, low)) }
            } else if from > high {
                if to < high { run.append(crossing(a, b, high)) }
            } else {
                run.append(a)
            }
            var leaves = false
            if to < low, from >= low {
                run.append(crossing(a, b, low))
                leaves = true
            }
            if to > high, from <= high {
                run.append(crossing(a, b, high))
                leaves = true
            }
            if leaves, let whenLeaving {
                whenLeaving(run)
                run = []
            }
        }
        if let last = points.last, (low...high).contains(last[keyPath: axis]) { run.append(last) }
        return run
    }

    private func crossing(_ a: TilePosition, _ b: TilePosition, _ value: Double) -> TilePosition {
        let share = (value - a[keyPath: axis]) / (b[keyPath: axis] - a[keyPath: axis])
        var p = TilePosition(
            x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share, share: a.share + (b.share - a.share) * share)
        p[keyPath: axis] = value
        return p
    }
}
