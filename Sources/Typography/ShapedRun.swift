/// One glyph of a shaped run, placed on the run's baseline.
@frozen
public struct PositionedGlyph: Hashable, Sendable {
    /// The glyph's number inside its face, not a character.
    public var glyph: UInt32
    /// Index into the faces of the `FontStack` that shaped it.
    public var face: Int
    /// The glyph's origin in pixels from the run's start, x right.
    public var x: Float
    /// The glyph's origin in pixels from the baseline, y down.
    public var y: Float
    /// Pixels the pen moves, letter spacing included.
    public var advance: Float
    /// Index of the first Unicode scalar of the text this glyph stands for.
    public var cluster: Int

    @inlinable
    public init(glyph: UInt32, face: Int, x: Float, y: Float, advance: Float, cluster: Int) {
        self.glyph = glyph
        self.face = face
        self.x = x
        self.y = y
        self.advance = advance
        self.cluster = cluster
    }
}

/// A line of text as glyphs in visual order, left to right.
public struct ShapedRun: Hashable, Sendable {
    public var glyphs: [PositionedGlyph]
    /// Pixels from the start to the end of the last glyph's advance, without the letter spacing after it.
    public var width: Float
    /// Characters no face of the stack has; each is drawn as the first face's box, never as nothing. Empty when all is well.
    public var missing: [Unicode.Scalar]

    public init(glyphs: [PositionedGlyph], width: Float, missing: [Unicode.Scalar]) {
        self.glyphs = glyphs
        self.width = width
        self.missing = missing
    }
}
