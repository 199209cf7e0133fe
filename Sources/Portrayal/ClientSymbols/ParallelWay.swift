import Raster

/// The way beside a line that a text with an offset follows, from the point beside its anchor in both directions.
///
/// Every stretch of the line is moved sideways. Two stretches meet at their crossing, so that letters neither pile up inside
/// a bend nor part outside; round a sharp one the text leaps from the end of one stretch to the start of the next, as it does
/// on MapLibre's clients. Lengths are measured on the moved stretches.
struct ParallelWay {
    private struct Stretch {
        var from: SIMD2<Float>
        var to: SIMD2<Float>
        var length: Float { ((to - from) * (to - from)).sum().squareRoot() }
    }

    private let line: LabelLine
    private let offset: Float
    /// Beside the anchor.
    private let start: SIMD2<Float>
    /// The line's stretch that holds the anchor.
    private let index: Int

    /// One and the cosine of the bend: below this, neighbouring stretches turn back on themselves and do not cross.
    private static let leastOpenness: Float = 1e-3
    /// On the outer side, bends of a right angle and sharper are leapt over.
    private static let leastOuterOpenness: Float = 1

    /// - Parameters:
    ///   - anchor: the anchor's distance from the line's start.
    ///   - offset: device pixels to the right of the line's direction.
    init(_ line: LabelLine, anchor: Float, offset: Float) {
        let p = line.point(at: anchor)
        let beside = p.turn.applied(0, offset)
        start = SIMD2(p.x + beside.x, p.y + beside.y)
        index = line.stretch(at: anchor)
        self.line = line
        self.offset = offset
    }

    /// The stretches from the anchor outwards; a text passes few of a long line's.
    private func outwards(_ isBehind: Bool) -> some Sequence<Stretch> {
        sequence(state: index) { (i: inout Int) -> Stretch? in
            guard line.x.indices.contains(i), i < line.x.count - 1 else { return nil }
            defer { i += isBehind ? -1 : 1 }
            let whole = Self.stretch(line, i, offset)
            let (near, far) = isBehind ? (whole.to, whole.from) : (whole.from, whole.to)
            return Stretch(from: i == index ? start : near, to: far)
        }
    }

    private static func stretch(_ line: LabelLine, _ i: Int, _ offset: Float) -> Stretch {
        Stretch(
            from: end(line, i, from: i - 1, own: i, offset), to: end(line, i + 1, from: i, own: i, offset))
    }

    /// Where the moved stretch `own` has its end beside position `i`, between stretches `before` and `before + 1`.
    private static func end(_ line: LabelLine, _ i: Int, from before: Int, own: Int, _ offset: Float) -> SIMD2<Float> {
        let place = SIMD2(line.x[i], line.y[i])
        func side(_ s: Int) -> SIMD2<Float> {
            let turned = Rotation(dx: line.x[s + 1] - line.x[s], dy: line.y[s + 1] - line.y[s]).applied(0, 1)
            return SIMD2(turned.x, turned.y)
        }
        let perpendicular = place + side(own) * offset
        guard before >= 0, before + 2 < line.x.count else { return perpendicular }
        let (a, b) = (side(before), side(before + 1))
        let (openness, bend) = (1 + (a * b).sum(), a.x * b.y - a.y * b.x)
        guard openness > (bend * offset > 0 ? leastOpenness : leastOuterOpenness) else { return perpendicular }
        return place + (a + b) * (offset / openness)
    }

    /// The place at a distance from the anchor, negative ones behind it; `nil` past the way's ends.
    func point(at distance: Float) -> (x: Float, y: Float, turn: Rotation)? {
        let isBehind = distance < 0
        var rest = abs(distance)
        for stretch in outwards(isBehind) {
            let length = stretch.length
            guard rest <= length else {
                rest -= length
                continue
            }
            let p = length > 0 ? stretch.from + (stretch.to - stretch.from) * (rest / length) : stretch.from
            let d = isBehind ? stretch.from - stretch.to : stretch.to - stretch.from
            return (p.x, p.y, Rotation(dx: d.x, dy: d.y))
        }
        return nil
    }
}
