/// Vertical measures of a font stack at one size, in pixels, all positive.
@frozen
public struct FontMetrics: Hashable, Sendable {
    /// From the baseline up; the largest of the stack's faces.
    public var ascender: Float
    /// From the baseline down; the largest of the stack's faces.
    public var descender: Float
    /// From baseline to baseline as the fonts advise; a style's own line height goes before it.
    public var lineHeight: Float

    @inlinable
    public init(ascender: Float, descender: Float, lineHeight: Float) {
        self.ascender = ascender
        self.descender = descender
        self.lineHeight = lineHeight
    }
}
