/// A label of signed distance glyphs, laid out as MapLibre's clients do it: character by character, in glyph pixels of
/// which `GlyphRange.sizeInPixels` make an em. The origin is the anchored position, x right and y down.
public struct DistanceLayout: Sendable {
    /// A stretch of text with one font and size, or a picture in the text.
    public struct Section {
        public enum Content {
            case text(String, DistanceFont)
            /// Logical pixels.
            case image(width: Float, height: Float)
        }
        public var content: Content
        /// Factor on the text size; of a picture glyph pixels a logical pixel.
        public var scale: Float
        /// Where the section stands in a line that is higher than it: 0 at its top, 1 at its bottom.
        public var height: Float

        public init(_ content: Content, scale: Float = 1, height: Float = 1) {
            self.content = content
            self.scale = scale
            self.height = height
        }
    }

    public enum Shape: Sendable {
        case glyph(DistanceGlyph)
        /// Logical pixels.
        case image(width: Float, height: Float)
    }

    public struct Glyph: Sendable {
        public var shape: Shape
        public var section: Int
        public var scale: Float
        /// Pen position, and the top of the glyph's line.
        public var x: Float
        public var y: Float
        /// Glyph pixels the pen moves for the shape alone, `scale` not applied.
        public var advance: Float
        /// Whether it stands upright where the text runs down a line.
        public var isUpright: Bool
        /// Whether it lies on its side, turned clockwise, in a column.
        public var isTurned = false
    }

    /// Which way the text runs.
    public enum Direction: Sendable {
        case row
        /// Along a line that leads down: hanzi stand upright on it.
        case steepLine
        /// From top to bottom, lines from right to left.
        case column
    }

    public struct Options {
        /// 0 for lines as long as they come.
        public var maxWidthInEm: Float
        public var lineHeightInEm: Float
        public var letterSpacingInEm: Float
        /// 0 flush left, 0.5 centred, 1 flush right.
        public var justification: Float
        /// The part of the box's width that lies left of the anchored position, and of its height above; in a column of its
        /// length above and of its breadth to the right.
        public var across: Float
        public var down: Float
        /// Glyph pixels; along and aside in a column.
        public var offset: (x: Float, y: Float)
        public var direction = Direction.row

        public init(
            maxWidthInEm: Float, lineHeightInEm: Float, letterSpacingInEm: Float, justification: Float, across: Float,
            down: Float, offset: (x: Float, y: Float)
        ) {
            self.maxWidthInEm = maxWidthInEm
            self.lineHeightInEm = lineHeightInEm
            self.letterSpacingInEm = letterSpacingInEm
            self.justification = justification
            self.across = across
            self.down = down
            self.offset = offset
        }
    }

    public internal(set) var glyphs: [Glyph] = []
    /// Characters that their font lacks, each once; clients draw the rest without them.
    public private(set) var missing: [Unicode.Scalar] = []
    public let isColumn: Bool
    /// The box, offset included.
    public internal(set) var left: Float
    public internal(set) var right: Float
    public internal(set) var top: Float
    public internal(set) var bottom: Float

    static let em = Float(GlyphRange.sizeInPixels)
    /// From a line's middle up to where its glyphs are measured from.
    static let middle: Float = 17

    /// - Throws: what is wrong with a glyph block.
    public init(_ sections: [Section], options: Options) throws(TypographyError) {
        (left, right, top, bottom) = (options.offset.x, options.offset.x, options.offset.y, options.offset.y)
        isColumn = options.direction == .column
        var text = try DistanceText(sections, direction: options.direction)
        missing = text.missing
        let spacing = text.joinsLetters ? 0 : options.letterSpacingInEm * Self.em
        let lines = try text.lines(maxWidth: options.maxWidthInEm * Self.em, spacing: spacing)
        place(lines, options, spacing: spacing)
        if isColumn { turn() }
    }

    /// Moves everything by glyph pixels.
    public mutating func move(_ dx: Float, _ dy: Float) {
        for i in glyphs.indices {
            glyphs[i].x += dx
            glyphs[i].y += dy
        }
        (left, right) = (left + dx, right + dx)
        (top, bottom) = (top + dy, bottom + dy)
    }
}
