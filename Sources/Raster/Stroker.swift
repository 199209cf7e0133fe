/// Walks round a line at half its width and hands the edges to the accumulator.
///
/// Forward along one side, a cap, back along the other, a cap; on the inside of a bend the walk takes the corner
/// where both sides meet, or goes through the vertex where the segments are too short, so that the outline always winds
/// one way. Offsets are rounded per vertex, which keeps a line moved by whole units
/// the same line.
struct Stroker {
    var accumulator: CoverageAccumulator
    var scratch: StrokeScratch
    let frame: CanvasFrame
    /// Half the width in 1/256 pixel.
    let half: Double
    private let cap: LineCap
    private let join: LineJoin
    private let miterLimitSquared: Double
    /// How far any edge may lie from the line, in 1/256 pixel.
    let reach: Int
    private var penX = 0
    private var penY = 0

    init(stroke: Stroke, frame: CanvasFrame, scratch: StrokeScratch, accumulator: CoverageAccumulator) {
        self.accumulator = accumulator
        self.scratch = scratch
        self.frame = frame
        half = Double(min(stroke.width, 65_536)) * 128
        cap = stroke.cap
        join = stroke.join
        let limit = Double(max(1, min(stroke.miterLimit, 64)))
        miterLimitSquared = limit * limit
        reach = Self.reach(stroke)
    }

    /// How far a stroke may reach from its line, in 1/256 pixel.
    static func reach(_ stroke: Stroke) -> Int {
        guard stroke.width > 0 else { return 0 }
        let half = Double(min(stroke.width, 65_536)) * 128
        let limit = Double(max(1, min(stroke.miterLimit, 64)))
        return Int(half * (stroke.join == .miter ? max(limit, 1.5) : 1.5)) + 512
    }

    /// Takes a part over into `scratch.source`, dropping positions that repeat the one before.
    mutating func read(_ xy: UnsafePointer<Int32>, _ count: Int, _ dx: Int, _ dy: Int) {
        scratch.source.removeAll(keepingCapacity: true)
        var lastX = Int.min
        var lastY = Int.min
        for i in 0..<count {
            let x = unsafe Int(xy[2 &* i]) &+ dx
            let y = unsafe Int(xy[2 &* i &+ 1]) &+ dy
            if x == lastX && y == lastY { continue }
            scratch.source.append(StrokePoint(x: x, y: y))
            lastX = x
            lastY = y
        }
    }

    /// The normal of a segment that has a length.
    @inline(__always)
    func normal(_ dx: Int, _ dy: Int) -> (x: Double, y: Double) {
        let x = Double(dx)
        let y = Double(dy)
        let scale = half / (x * x + y * y).squareRoot()
        return (y * scale, -x * scale)
    }

    /// Outlines the whole part in `scratch.source`.
    mutating func addLine(closed: Bool) {
        var count = scratch.source.count
        if closed, count > 1, let first = scratch.source.first, let last = scratch.source.last,
            first.x == last.x, first.y == last.y
        {
            scratch.source.removeLast()
            count -= 1
        }
        guard count > 0, isVisible() else { return }
        swap(&scratch.source, &scratch.line)
        let isRing = closed && count > 1
        for i in 0..<(isRing ? count : count - 1) {
            let next = i + 1 == count ? 0 : i + 1
            let n = normal(scratch.line[next].x - scratch.line[i].x, scratch.line[next].y - scratch.line[i].y)
            scratch.line[i].normalX = n.x
            scratch.line[i].normalY = n.y
        }
        if isRing { outlineRing() } else { outlineLine() }
    }

    private func isVisible() -> Bool {
        var left = Int.max
        var top = Int.max
        var right = Int.min
        var bottom = Int.min
        for point in scratch.source {
            left = min(left, point.x)
            right = max(right, point.x)
            top = min(top, point.y)
            bottom = max(bottom, point.y)
        }
        return !accumulator.misses(
            left: left - reach, top: top - reach, right: right + reach, bottom: bottom + reach)
    }

    /// Outlines `scratch.line`, whose normals are set, from its first to its last position.
    mutating func outlineLine() {
        let count = scratch.line.count
        guard count > 1 else {
            if count == 1 { outlineDot(scratch.line[0]) }
            return
        }
        let first = scratch.line[0]
        let start = offset(first, first.normalX, first.normalY)
        (penX, penY) = start
        for i in 1..<count {
            let before = scratch.line[i - 1]
            let here = scratch.line[i]
            if i < count - 1 {
                addForwardJoin(before, here, scratch.line[i + 1])
            } else {
                go(here, before.normalX, before.normalY)
                addCap(here, before.normalX, before.normalY)
            }
        }
        for i in stride(from: count - 2, through: 0, by: -1) {
            let here = scratch.line[i]
            if i > 0 {
                addBackwardJoin(scratch.line[i - 1], here, scratch.line[i + 1])
            } else {
                go(here, -here.normalX, -here.normalY)
                addCap(here, -here.normalX, -here.normalY)
            }
        }
        line(start.x, start.y)
    }

    private mutating func outlineRing() {
        let count = scratch.line.count
        // From the middle of the first segment, which no join touches.
        let first = scratch.line[0]
        let next = scratch.line[1]
        let middle = StrokePoint(x: (first.x &+ next.x) &>> 1, y: (first.y &+ next.y) &>> 1)
        var start = offset(middle, first.normalX, first.normalY)
        (penX, penY) = start
        for i in 1...count {
            let here = scratch.line[i == count ? 0 : i]
            addForwardJoin(scratch.line[i - 1], here, scratch.line[i + 1 >= count ? i + 1 - count : i + 1])
        }
        line(start.x, start.y)
        start = offset(middle, -first.normalX, -first.normalY)
        (penX, penY) = start
        for i in stride(from: count, to: 0, by: -1) {
            let here = scratch.line[i == count ? 0 : i]
            addBackwardJoin(scratch.line[i - 1], here, scratch.line[i + 1 >= count ? i + 1 - count : i + 1])
        }
        line(start.x, start.y)
    }

    /// A line of no length: what its caps make of it.
    private mutating func outlineDot(_ point: StrokePoint) {
        switch cap {
        case .butt: return
        case .round: Arc.addCircle(point.x, point.y, half, reversed: false, into: &accumulator)
        case .square:
            var (x, y) = (point.normalX, point.normalY)
            if x == 0 && y == 0 { (x, y) = (0, -half) }
            let start = offset(point, x - y, y + x)
            (penX, penY) = start
            go(point, -y - x, x - y)
            go(point, y - x, -x - y)
            go(point, y + x, y - x)
            line(start.x, start.y)
        }
    }

    @inline(__always)
    private func offset(_ point: StrokePoint, _ x: Double, _ y: Double) -> (x: Int, y: Int) {
        (point.x &+ FixedTrigonometry.round(x), point.y &+ FixedTrigonometry.round(y))
    }

    @inline(__always)
    private mutating func line(_ x: Int, _ y: Int) {
        accumulator.addEdge(penX, penY, x, y)
        penX = x
        penY = y
    }

    @inline(__always)
    private mutating func go(_ point: StrokePoint, _ x: Double, _ y: Double) {
        let target = offset(point, x, y)
        line(target.x, target.y)
    }

    @inline(__always)
    private mutating func addForwardJoin(_ before: StrokePoint, _ here: StrokePoint, _ after: StrokePoint) {
        addJoin(
            here, SIMD2(before.normalX, before.normalY), SIMD2(here.normalX, here.normalY),
            shorter: Self.shorterSquared(before, here, after), forward: true)
    }

    @inline(__always)
    private mutating func addBackwardJoin(_ before: StrokePoint, _ here: StrokePoint, _ after: StrokePoint) {
        addJoin(
            here, SIMD2(-here.normalX, -here.normalY), SIMD2(-before.normalX, -before.normalY),
            shorter: Self.shorterSquared(before, here, after), forward: false)
    }

    /// The squared length of the shorter of two segments.
    @inline(__always)
    private static func shorterSquared(_ a: StrokePoint, _ b: StrokePoint, _ c: StrokePoint) -> Double {
        let first = SIMD2(Double(b.x &- a.x), Double(b.y &- a.y))
        let second = SIMD2(Double(c.x &- b.x), Double(c.y &- b.y))
        return min((first * first).sum(), (second * second).sum())
    }

    /// From the side of one segment, normal `a`, to the same side of the next, normal `b`.
    private mutating func addJoin(
        _ point: StrokePoint, _ a: SIMD2<Double>, _ b: SIMD2<Double>, shorter: Double, forward: Bool
    ) {
        let cross = a.x * b.y - a.y * b.x
        let cosine = (a.x * b.x + a.y * b.y) / (half * half)
        let isOuter = cross > 0 || (cross == 0 && cosine < 0 && forward)
        // Where the two sides meet, half a segment from the vertex at most: no need to go round through it.
        if !isOuter && 4 * half * half * (1 - cosine) < (1 + cosine) * shorter {
            let scale = 1 / (1 + cosine)
            go(point, (a.x + b.x) * scale, (a.y + b.y) * scale)
            return
        }
        go(point, a.x, a.y)
        if !isOuter {
            line(point.x, point.y)
        } else if join == .round {
            addArc(point, a.x, a.y, cosine)
        } else if join == .miter && 2 <= miterLimitSquared * (1 + cosine) && cosine < 0.9999 {
            let scale = 1 / (1 + cosine)
            go(point, (a.x + b.x) * scale, (a.y + b.y) * scale)
        }
        go(point, b.x, b.y)
    }

    private mutating func addCap(_ point: StrokePoint, _ x: Double, _ y: Double) {
        switch cap {
        case .butt: break
        case .round: addArc(point, x, y, -1)
        case .square:
            go(point, x - y, y + x)
            go(point, -x - y, x - y)
        }
        go(point, -x, -y)
    }

    /// Clockwise on the screen from an offset, short of the last step.
    private mutating func addArc(_ point: StrokePoint, _ fromX: Double, _ fromY: Double, _ cosine: Double) {
        let turn = Arc.steps(cosine: cosine, radius: half)
        var x = fromX
        var y = fromY
        for _ in 1..<max(turn.count, 1) {
            (x, y) = (x * turn.cosine - y * turn.sine, x * turn.sine + y * turn.cosine)
            go(point, x, y)
        }
    }
}
