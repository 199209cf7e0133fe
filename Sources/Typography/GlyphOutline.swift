/// A glyph's outline as closed polylines, its curves flattened; filled by the nonzero rule.
public struct GlyphOutline: Hashable, Sendable {
    /// x, y pairs in 1/256 pixel from the glyph's origin on the baseline, y down.
    public var coordinates: [Int32]
    /// Where each contour ends, counted in positions; the closing position is not repeated.
    public var partEnds: [Int]

    public init(coordinates: [Int32], partEnds: [Int]) {
        self.coordinates = coordinates
        self.partEnds = partEnds
    }
}
