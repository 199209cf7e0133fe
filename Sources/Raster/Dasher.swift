/// A dash pattern in whole 1/65 536 pixel, so that walking it and skipping along it come to the same place.
struct Dasher {
    /// On, off, on, ...; an even count.
    let lengths: [Int]
    let period: Int
    /// Where in the pattern a part begins.
    let firstIndex: Int
    let firstRemaining: Int

    /// Nil for a solid line, which is also what a pattern finer than a quarter pixel, or than a sixty-fourth of the
    /// line's width, is drawn as: nobody could tell, and a line as wide as the city would have millions of dashes.
    init?(stroke: Stroke) {
        var lengths = stroke.dashes.map { length -> Int in
            length.isFinite ? Int(Double(max(0, min(length, 1_000_000))) * 65_536) : 0
        }
        if lengths.count % 2 == 1 { lengths += lengths }
        let period = lengths.reduce(0, +)
        let leastPeriod = max(16_384, Int(Double(min(stroke.width, 65_536)) * 1024))
        guard period >= leastPeriod, lengths.indices.contains(where: { $0 % 2 == 1 && lengths[$0] > 0 }) else { return nil }
        let phase = stroke.dashPhase.isFinite ? Int(Double(max(-1e6, min(stroke.dashPhase, 1e6))) * 65_536) : 0
        var position = phase % period
        if position < 0 { position += period }
        var index = 0
        while position > 0 && position >= lengths[index] {
            position -= lengths[index]
            index += 1
        }
        self.lengths = lengths
        self.period = period
        firstIndex = index
        firstRemaining = lengths[index] - position
    }
}

/// One end-to-end segment of a dashed line.
private struct DashSegment {
    let from: StrokePoint
    let dx: Double
    let dy: Double
    /// In 1/65 536 pixel.
    let length: Int
    /// Distances along the segment between which its stroke may touch the canvas; empty when `low > high`.
    var low = Int.max
    var high = -1

    func point(at distance: Int) -> StrokePoint {
        let t = Double(distance) / Double(length)
        return StrokePoint(
            x: from.x + FixedTrigonometry.round(dx * t), y: from.y + FixedTrigonometry.round(dy * t),
            normalX: from.normalX, normalY: from.normalY)
    }

    init(from: StrokePoint, to: StrokePoint, frame: CanvasFrame, reach: Int) {
        self.from = from
        dx = Double(to.x - from.x)
        dy = Double(to.y - from.y)
        length = max(1, Int((dx * dx + dy * dy).squareRoot() * 256))
        var enter = 0.0
        var leave = 1.0
        for (start, delta, size) in [(from.x, dx, frame.width), (from.y, dy, frame.height)] {
            let low = Double(-reach - start)
            let high = Double(size * 256 + reach - start)
            if delta == 0 {
                if low > 0 || high < 0 { return }
                continue
            }
            enter = max(enter, min(low / delta, high / delta))
            leave = min(leave, max(low / delta, high / delta))
        }
        guard enter <= leave else { return }
        low = Int(Double(length) * enter) - 256
        high = Int(Double(length) * leave) + 256
    }
}

extension Stroker {
    /// Outlines the dashes of the part in `scratch.source`; the pattern runs on across its vertices.
    ///
    /// Dashes that may be seen are always walked whole, from their true beginning to their true end. Of what lies
    /// outside the canvas whole periods are skipped, so a line a million pixels long costs no more than it shows.
    mutating func addDashes(_ dasher: Dasher, closed: Bool) {
        if closed, let first = scratch.source.first, let last = scratch.source.last,
            first.x != last.x || first.y != last.y
        {
            scratch.source.append(first)
        }
        scratch.line.removeAll(keepingCapacity: true)
        guard scratch.source.count > 1 else { return }
        var walk = (index: dasher.firstIndex, remaining: dasher.firstRemaining, isDropped: false)
        for i in 1..<scratch.source.count {
            var from = scratch.source[i - 1]
            let to = scratch.source[i]
            (from.normalX, from.normalY) = normal(to.x - from.x, to.y - from.y)
            let segment = DashSegment(from: from, to: to, frame: frame, reach: reach)
            // The vertex belongs to the running dash with the normal of the segment that leaves it.
            if walk.index % 2 == 0 && !walk.isDropped {
                if let last = scratch.line.last, last.x == from.x, last.y == from.y { scratch.line.removeLast() }
                scratch.line.append(from)
            }
            addDashes(of: segment, dasher, &walk)
        }
        if walk.index % 2 == 0 && !walk.isDropped, let end = scratch.source.last {
            finishDash(at: end)
        }
        scratch.line.removeAll(keepingCapacity: true)
    }

    private mutating func addDashes(
        of segment: DashSegment, _ dasher: Dasher, _ walk: inout (index: Int, remaining: Int, isDropped: Bool)
    ) {
        let period = dasher.period
        var distance = 0
        while true {
            // A dash that is under way may have begun in sight: one period is walked before anything is skipped, and
            // one before anything comes into sight again.
            let target = distance > segment.high + period || segment.low > segment.high ? segment.length : segment.low
            if distance >= period && target - distance > 3 * period {
                distance += ((target - distance) / period - 2) * period
                scratch.line.removeAll(keepingCapacity: true)
                walk.isDropped = true
            }
            if walk.remaining > segment.length - distance {
                walk.remaining -= segment.length - distance
                return
            }
            distance += walk.remaining
            let point = segment.point(at: distance)
            if walk.index % 2 == 0 && !walk.isDropped { finishDash(at: point) }
            walk.isDropped = false
            walk.index = walk.index + 1 == dasher.lengths.count ? 0 : walk.index + 1
            walk.remaining = dasher.lengths[walk.index]
            if walk.index % 2 == 0 { scratch.line.append(point) }
        }
    }

    private mutating func finishDash(at end: StrokePoint) {
        if let last = scratch.line.last, last.x != end.x || last.y != end.y { scratch.line.append(end) }
        outlineLine()
        scratch.line.removeAll(keepingCapacity: true)
    }
}
