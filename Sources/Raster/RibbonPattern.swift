/// A picture repeated along a ribbon, its height spread from edge to edge.
public struct RibbonPattern: Sendable, Hashable {
    private let image: Pixmap
    private let period: Float

    /// What clients' sheets keep of the repeated picture on every side of it, and show at its seams.
    private static let rim: Float = 1

    /// - Parameter period: pixels along the line after which the picture begins anew.
    /// - Returns: `nil` for a picture or a period of nothing.
    public init?(image: Pixmap, period: Float) {
        guard !image.pixels.isEmpty, period > 0, period.isFinite else { return nil }
        self.image = image
        self.period = period
    }

    /// Premultiplied.
    func word(along: Float, side: Float) -> UInt32 {
        let turns = along / period
        let (width, height) = (Float(image.width), Float(image.height))
        let u = (turns - turns.rounded(.down)) * (width + 2 * Self.rim) - Self.rim
        let v = (side + 1) / 2 * (height + 2 * Self.rim) - Self.rim
        return image.repeated(Double(u) - 0.5, Double(v) - 0.5)
    }
}

extension Pixmap {
    /// The endlessly repeated picture between its pixels' middles, premultiplied.
    public func repeated(_ x: Double, _ y: Double) -> UInt32 {
        let (column, row) = (x.rounded(.down), y.rounded(.down))
        let (tx, ty) = (Float(x - column), Float(y - row))
        func word(_ dx: Double, _ dy: Double) -> SIMD4<Float> {
            let (u, v) = (Self.wrapped(column + dx, width), Self.wrapped(row + dy, height))
            let word = self[u, v]
            return SIMD4(Float(word & 255), Float(word >> 8 & 255), Float(word >> 16 & 255), Float(word >> 24))
        }
        let above = word(0, 0) * (1 - tx) + word(1, 0) * tx
        let below = word(0, 1) * (1 - tx) + word(1, 1) * tx
        let mixed = above * (1 - ty) + below * ty + 0.5
        return UInt32(mixed.x) | UInt32(mixed.y) << 8 | UInt32(mixed.z) << 16 | UInt32(mixed.w) << 24
    }

    private static func wrapped(_ value: Double, _ count: Int) -> Int {
        let rest = value.truncatingRemainder(dividingBy: Double(count))
        return Int(rest < 0 ? rest + Double(count) : rest)
    }
}
