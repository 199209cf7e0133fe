/// Which glyph at which size and place on the pixel grid: what a bitmap is cached by.
@frozen
public struct GlyphPlacement: Hashable, Sendable {
    public var glyph: UInt32
    /// Index into the faces of the stack.
    public var face: Int
    /// Rounded to 1/64 pixel when drawn.
    public var sizeInPixels: Float
    /// Quarters of a pixel, 0...3, the glyph is moved right inside its pixel.
    public var quarter: Int

    @inlinable
    public init(glyph: UInt32, face: Int, sizeInPixels: Float, quarter: Int = 0) {
        self.glyph = glyph
        self.face = face
        self.sizeInPixels = sizeInPixels
        self.quarter = quarter
    }
}
