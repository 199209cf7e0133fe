import Synchronization

/// A line that a label may follow, in device pixels, with its length measured.
struct LabelLine {
    private(set) var x: [Float]
    private(set) var y: [Float]
    /// Distance from the start to each position.
    private(set) var reach: [Float]

    init(x: [Float], y: [Float]) {
        self.x = x
        self.y = y
        reach = [0]
        for i in 1..<max(x.count, 1) {
            let (dx, dy) = (x[i] - x[i - 1], y[i] - y[i - 1])
            reach.append(reach[i - 1] + (dx * dx + dy * dy).squareRoot())
        }
    }

    var length: Float { reach.last ?? 0 }

    var reversed: LabelLine { LabelLine(x: x.reversed(), y: y.reversed()) }

    /// The segment that holds the point `distance` from the start.
    func stretch(at distance: Float) -> Int {
        var low = 0
        var high = reach.count - 2
        while low < high {
            let middle = (low + high + 1) / 2
            if reach[middle] <= distance { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// The first position that lies farther than `distance` from the start.
    private func firstPosition(after distance: Float) -> Int {
        var (low, high) = (0, reach.count)
        while low < high {
            let middle = (low + high) / 2
            if reach[middle] > distance { high = middle } else { low = middle + 1 }
        }
        return low
    }

    func point(at distance: Float) -> (x: Float, y: Float, turn: Rotation) {
        let i = stretch(at: distance)
        let span = reach[i + 1] - reach[i]
        let t = span > 0 ? (distance - reach[i]) / span : 0
        let (dx, dy) = (x[i + 1] - x[i], y[i + 1] - y[i])
        return (x[i] + dx * t, y[i] + dy * t, Rotation(dx: dx, dy: dy))
    }

    /// Whether the line nowhere turns by more than `degrees` within `window` pixels, between two distances.
    func isGentle(from start: Float, to end: Float, maximumAngle degrees: Float, within window: Float) -> Bool {
        var turns: [(at: Float, angle: Float)] = []
        var first = 0
        var sum: Float = 0
        var i = max(1, firstPosition(after: start))
        while i < reach.count - 1, reach[i] < end {
            let a = Rotation(dx: x[i] - x[i - 1], dy: y[i] - y[i - 1])
            let b = Rotation(dx: x[i + 1] - x[i], dy: y[i + 1] - y[i])
            let between = Rotation(
                dx: a.cosine * b.cosine + a.sine * b.sine, dy: a.cosine * b.sine - a.sine * b.cosine)
            let angle = abs(between.degrees)
            turns.append((reach[i], angle))
            sum += angle
            while first < turns.count, reach[i] - turns[first].at > window {
                sum -= turns[first].angle
                first += 1
            }
            if sum > degrees { return false }
            i += 1
        }
        return true
    }
}

/// A line that texts follow in either direction; the one against its own is made when it is first asked for.
final class TwoWayLine: Sendable {
    let forward: LabelLine
    private let turned = Mutex<LabelLine?>(nil)

    init(_ line: LabelLine) { forward = line }

    var backward: LabelLine {
        turned.withLock { known in
            if let known { return known }
            let made = forward.reversed
            known = made
            return made
        }
    }
}
