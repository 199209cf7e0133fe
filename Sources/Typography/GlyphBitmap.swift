/// A glyph's grey coverage on the pixel grid.
public struct GlyphBitmap: Hashable, Sendable {
    public var width: Int
    public var height: Int
    /// Pixels from the glyph's origin to the left edge of the first column, x right.
    public var left: Int
    /// Pixels from the baseline to the top edge of the first row, y down: negative above the baseline.
    public var top: Int
    /// Row by row from the top, `width * height` values, 0 outside to 255 fully covered. Empty for a space.
    public var coverage: [UInt8]

    public init(width: Int, height: Int, left: Int, top: Int, coverage: [UInt8]) {
        self.width = width
        self.height = height
        self.left = left
        self.top = top
        self.coverage = coverage
    }

    /// What a space draws.
    public static let empty = GlyphBitmap(width: 0, height: 0, left: 0, top: 0, coverage: [])
}
