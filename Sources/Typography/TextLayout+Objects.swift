/// A picture that stands in a text like a letter.
public struct TextObject: Hashable, Sendable {
    /// Pixels.
    public var width: Float
    public var height: Float
    /// Where it stands in a line that is higher than it: 0 at its top, 1 at its bottom.
    public var alignment: Float

    public init(width: Float, height: Float, alignment: Float) {
        self.width = width
        self.height = height
        self.alignment = alignment
    }
}

extension TextLayout {
    /// Where a picture comes.
    public struct PlacedObject: Hashable, Sendable {
        /// Among those given.
        public var number: Int
        public var line: Int
        /// Its middle, in pixels from the line's start and from the box's top.
        public var x: Float
        public var y: Float
    }

    /// Parts the letters where pictures stand between them, and makes room for the high ones; before lines are justified.
    mutating func insert(_ given: [TextObject], sizeInPixels size: Float, lineHeight: Float) {
        var (next, top) = (0, Float(0))
        width = 0
        for i in lines.indices {
            var numbers: [Int: Int] = [:]
            for (cluster, scalar) in lines[i].text.unicodeScalars.enumerated()
            where scalar == DistanceText.object && given.indices.contains(next) {
                numbers[cluster] = next
                next += 1
            }
            let extra = max(0, (numbers.values.map { given[$0].height }.max() ?? 0) - size)
            let content = top + (lineHeight - size) / 2
            var letters: [PositionedGlyph] = []
            var shift: Float = 0
            for var glyph in lines[i].run.glyphs {
                glyph.x += shift
                guard let number = numbers[glyph.cluster] else {
                    letters.append(glyph)
                    continue
                }
                let object = given[number]
                let y = content + (size + extra - object.height) * object.alignment + object.height / 2
                objects.append(PlacedObject(number: number, line: i, x: glyph.x + object.width / 2, y: y))
                shift += object.width - glyph.advance
            }
            lines[i].run.glyphs = letters
            lines[i].run.width += shift
            lines[i].baseline = content + extra + (0.5 + TextLayout.baselineBelowMiddleInEm) * size
            top += lineHeight + extra
            width = max(width, lines[i].run.width)
        }
        height = top
    }
}
