/// The pixels whose centres lie inside a convex outline: where painting may leave marks.
///
/// Outlines that share an edge share no pixel and miss none between them, so tiles drawn one after the other join.
public struct ClipArea: Hashable, Sendable {
    /// First row.
    let top: Int
    /// For every row from `top` the first column.
    let lefts: [Int32]
    /// For every row from `top` the column after the last.
    let rights: [Int32]
    /// Corners, x and y in turn, for media without pixels.
    private let corners: [Double]

    /// The corners in pixels, x right and y down.
    public var outline: [(x: Double, y: Double)] {
        stride(from: 0, to: corners.count - 1, by: 2).map { (corners[$0], corners[$0 + 1]) }
    }

    /// - Parameter outline: corners in pixels, x right and y down, in either direction; finite.
    public init(outline: [(x: Double, y: Double)], width: Int, height: Int) {
        corners = outline.flatMap { [$0.x, $0.y] }
        let rows = Self.range(outline.map(\.y), within: height)
        top = rows.lowerBound
        var lefts = [Int32](repeating: Int32(width), count: rows.count)
        var rights = [Int32](repeating: 0, count: rows.count)
        for i in outline.indices {
            let (a, b) = (outline[i], outline[(i + 1) % outline.count])
            let (upper, lower) = a.y <= b.y ? (a, b) : (b, a)
            let slope = (lower.x - upper.x) / (lower.y - upper.y)
            for row in Self.range([upper.y, lower.y], within: height) where rows.contains(row) {
                let x = upper.x + (Double(row) + 0.5 - upper.y) * slope
                let column = Int32(min(max((x - 0.5).rounded(.up), 0), Double(width)))
                lefts[row - top] = min(lefts[row - top], column)
                rights[row - top] = max(rights[row - top], column)
            }
        }
        self.lefts = lefts
        self.rights = rights
    }

    /// The rows whose middles lie between the least and the greatest ordinate.
    private static func range(_ y: [Double], within height: Int) -> Range<Int> {
        guard let low = y.min(), let high = y.max() else { return 0..<0 }
        let first = Int(min(max((low - 0.5).rounded(.up), 0), Double(height)))
        let end = Int(min(max((high - 0.5).rounded(.up), 0), Double(height)))
        return first..<max(first, end)
    }

    /// The columns of a row that may be painted.
    @inline(__always)
    func columns(_ row: Int) -> Range<Int> {
        let index = row &- top
        guard index >= 0, index < lefts.count else { return 0..<0 }
        return Int(lefts[index])..<Int(max(lefts[index], rights[index]))
    }
}

/// Hands on the coverage that lies in a clip area.
struct ClippedReceiver<Inner: CoverageReceiver>: CoverageReceiver {
    let inner: Inner
    let area: ClipArea

    func span(row: Int, x: Int, count: Int, coverage: UInt32) {
        let columns = area.columns(row).clamped(to: x..<(x &+ count))
        if !columns.isEmpty { inner.span(row: row, x: columns.lowerBound, count: columns.count, coverage: coverage) }
    }

    func block(row: Int, x: Int, _ coverage: SIMD8<UInt32>) {
        let columns = area.columns(row)
        if columns.lowerBound <= x, columns.upperBound >= x &+ 8 { return inner.block(row: row, x: x, coverage) }
        let inside = Self.masked(coverage, x, columns)
        if PixelArithmetic.isZero(inside) { return }
        inner.block(row: row, x: x, inside)
    }

    private static func masked(_ coverage: SIMD8<UInt32>, _ x: Int, _ columns: Range<Int>) -> SIMD8<UInt32> {
        let lanes = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7) &+ SIMD8(repeating: Int32(truncatingIfNeeded: x))
        let outside = lanes .< SIMD8(repeating: Int32(columns.lowerBound))
            .| lanes .>= SIMD8(repeating: Int32(columns.upperBound))
        return coverage.replacing(with: 0, where: outside)
    }
}
