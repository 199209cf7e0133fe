/// Hairlines that fade towards either side.
///
/// Where several meet the strongest counts, so that a vertex is no darker than the rest.
struct SoftOutline {
    let width: Int
    let height: Int
    /// 0...255, row after row.
    private(set) var alphas: [UInt8]
    /// The rows that may hold something.
    private(set) var rows = 0..<0

    /// How far to either side a line marks pixels, 0.5 or 1, counted along the axis that it runs less along.
    private let reach: Float
    /// A line nearer than this to the border between two pixels runs between them.
    private static let tieInPixels: Float = 1 / 512

    init(width: Int, height: Int, reach: Float) {
        self.reach = reach
        self.width = width
        self.height = height
        alphas = [UInt8](repeating: 0, count: width * height)
    }

    /// - Parameters:
    ///   - xy: x, y pairs in 24.8 pixels.
    ///   - dx, dy: added to each, 24.8 pixels.
    mutating func add(_ xy: UnsafePointer<Int32>, _ count: Int, _ dx: Float, _ dy: Float, closed: Bool) {
        guard count > 1 else { return }
        func point(_ i: Int) -> SIMD2<Float> {
            unsafe SIMD2((Float(xy[2 &* i]) + dx) / 256, (Float(xy[2 &* i &+ 1]) + dy) / 256)
        }
        for i in 1..<count { add(point(i - 1), point(i)) }
        if closed { add(point(count - 1), point(0)) }
    }

    private mutating func add(_ a: SIMD2<Float>, _ b: SIMD2<Float>) {
        let span = b - a
        let lines = Self.pixels(min(a.y, b.y) - reach, max(a.y, b.y) + reach, limit: height)
        guard !lines.isEmpty else { return }
        rows = rows.isEmpty ? lines : min(rows.lowerBound, lines.lowerBound)..<max(rows.upperBound, lines.upperBound)
        let square = (span * span).sum()
        guard square > 0 else { return }
        let limit = reach * max(abs(span.x), abs(span.y)) / square.squareRoot()
        for row in lines {
            let y = Float(row) + 0.5
            // The part of the segment that is near enough to the row, and what lies beside it.
            var (from, to): (Float, Float) = (0, 1)
            if span.y != 0 {
                let (s, t) = ((y - reach - a.y) / span.y, (y + reach - a.y) / span.y)
                (from, to) = (max(0, min(s, t)), min(1, max(s, t)))
            }
            guard from <= to else { continue }
            let (left, right) = (a.x + span.x * from, a.x + span.x * to)
            for column in Self.pixels(min(left, right) - reach, max(left, right) + reach, limit: width) {
                let p = SIMD2(Float(column) + 0.5, y) - a
                let share = (p * span).sum() / square
                guard share >= 0 && share <= 1 || Self.holds(p, .zero) || Self.holds(p, span) else { continue }
                let away = p - span * share
                let distance = (away * away).sum().squareRoot()
                if distance > limit || distance >= 1 || isLeftOfTie(away, distance) { continue }
                let alpha = UInt8((1 - distance * distance * (3 - 2 * distance)) * 255 + 0.5)
                let at = row &* width &+ column
                if alpha > alphas[at] { alphas[at] = alpha }
            }
        }
    }

    /// Whether a line's end lies in the diamond within a pixel, which makes the pixel the line's.
    private static func holds(_ pixel: SIMD2<Float>, _ end: SIMD2<Float>) -> Bool {
        abs(pixel.x - end.x) + abs(pixel.y - end.y) < 0.5
    }

    /// Of two pixels that a line runs between exactly, the right or lower one has it.
    private func isLeftOfTie(_ away: SIMD2<Float>, _ distance: Float) -> Bool {
        abs(distance - 0.5) < Self.tieInPixels && away.x <= 0 && away.y <= 0
            && (away.x == 0 || away.y == 0)
    }

    private static func pixels(_ low: Float, _ high: Float, limit: Int) -> Range<Int> {
        let first = Int(min(max((low - 0.5).rounded(.up), 0), Float(limit)))
        let end = Int(min(max((high + 0.5).rounded(.down), 0), Float(limit)))
        return first..<max(first, end)
    }

    /// Takes out the pixels that are marked.
    mutating func spare(_ marked: [UInt8]) {
        for i in rows.lowerBound * width..<rows.upperBound * width where marked[i] != 0 { alphas[i] = 0 }
    }
}
