/// A label of signed distance glyphs, laid out as MapLibre's clients do it: character by character, in glyph pixels of
/// which `GlyphRange.sizeInPixels` make an em. The origin is the anchored position, x right and y down.
public struct DistanceLayout: Sendable {
    /// A stretch of text with one font and size.
    public struct Section {
        public var text: String
        public var font: DistanceFont
        /// Factor on the text size.
        public var scale: Float

        public init(text: String, font: DistanceFont, scale: Float = 1) {
            self.text = text
            self.font = font
            self.scale = scale
        }
    }

    public struct Glyph: Sendable {
        public var glyph: DistanceGlyph
        public var section: Int
        public var scale: Float
        /// Pen position, and the top of the glyph's line.
        public var x: Float
        public var y: Float
    }

    public struct Options {
        /// 0 for lines as long as they come.
        public var maxWidthInEm: Float
        public var lineHeightInEm: Float
        public var letterSpacingInEm: Float
        /// 0 flush left, 0.5 centred, 1 flush right.
        public var justification: Float
        /// The part of the box's width that lies left of the anchored position, and of its height above.
        public var across: Float
        public var down: Float
        /// Glyph pixels.
        public var offset: (x: Float, y: Float)

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

    public private(set) var glyphs: [Glyph] = []
    /// The box, offset included.
    public private(set) var left: Float
    public private(set) var right: Float
    public private(set) var top: Float
    public private(set) var bottom: Float

    static let em = Float(GlyphRange.sizeInPixels)
    /// From a line's middle up to where its glyphs are measured from.
    private static let middle: Float = 17

    private struct Character {
        var scalar: Unicode.Scalar
        var glyph: DistanceGlyph?
        var section: Int
        var scale: Float
    }

    /// - Throws: what is wrong with a glyph block.
    public init(_ sections: [Section], options: Options) throws(TypographyError) {
        var characters: [Character] = []
        for (i, section) in sections.enumerated() {
            for scalar in section.text.unicodeScalars {
                characters.append(
                    Character(scalar: scalar, glyph: try section.font.glyph(scalar), section: i, scale: section.scale))
            }
        }
        (left, right, top, bottom) = (options.offset.x, options.offset.x, options.offset.y, options.offset.y)
        let spacing = options.letterSpacingInEm * Self.em
        let lines = Self.lines(characters, maxWidth: options.maxWidthInEm * Self.em, spacing: spacing)
        place(lines, options, spacing: spacing)
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

    private static func lines(_ characters: [Character], maxWidth: Float, spacing: Float) -> [[Character]] {
        var lines: [[Character]] = []
        for paragraph in characters.split(omittingEmptySubsequences: false, whereSeparator: { $0.scalar == "\n" }) {
            let paragraph = Array(paragraph)
            var ends = [paragraph.count]
            if maxWidth > 0, paragraph.count > 1 {
                let advances = paragraph.map { Float($0.glyph?.advance ?? 0) * $0.scale + spacing }
                ends = LineBreaking(paragraph.map(\.scalar), advancesInEm: advances).ends(maxWidthInEm: maxWidth)
            }
            var start = 0
            for end in ends {
                lines.append(trimmed(paragraph[start..<end]))
                start = end
            }
        }
        return lines
    }

    private static func trimmed(_ line: ArraySlice<Character>) -> [Character] {
        var line = line
        while let first = line.first, first.scalar.properties.isWhitespace { line.removeFirst() }
        while let last = line.last, last.scalar.properties.isWhitespace { line.removeLast() }
        return Array(line)
    }

    private mutating func place(_ lines: [[Character]], _ options: Options, spacing: Float) {
        let lineHeight = options.lineHeightInEm * Self.em
        var (y, widest, tallest) = (Float(0), Float(0), Float(0))
        var starts: [(first: Int, width: Float)] = []
        for line in lines {
            let first = glyphs.count
            let greatest = line.map(\.scale).max() ?? 1
            var x: Float = 0
            for character in line {
                guard let glyph = character.glyph else { continue }
                glyphs.append(
                    Glyph(
                        glyph: glyph, section: character.section, scale: character.scale, x: x,
                        y: y + (greatest - character.scale) * Self.em))
                x += Float(glyph.advance) * character.scale + spacing
            }
            let width = line.isEmpty ? 0 : x - spacing
            starts.append((first, width))
            widest = max(widest, width)
            tallest = max(tallest, lineHeight * greatest)
            y += lineHeight * greatest
        }
        align(starts, lineHeight: lineHeight, tallest: tallest, height: y, widest: widest, options)
    }

    private mutating func align(
        _ lines: [(first: Int, width: Float)], lineHeight: Float, tallest: Float, height: Float, widest: Float, _ options: Options
    ) {
        // Lines of one height are centred by their middles, others by their common box.
        let shiftY = tallest == lineHeight
            ? (0.5 - options.down * Float(lines.count)) * lineHeight - Self.middle : -height * options.down
        for (i, line) in lines.enumerated() {
            let end = i + 1 < lines.count ? lines[i + 1].first : glyphs.count
            let shiftX = (options.justification - options.across) * widest - line.width * options.justification
            for g in line.first..<end {
                glyphs[g].x += shiftX + options.offset.x
                glyphs[g].y += shiftY + options.offset.y
            }
        }
        left -= options.across * widest
        right = left + widest
        top -= options.down * height
        bottom = top + height
    }
}
