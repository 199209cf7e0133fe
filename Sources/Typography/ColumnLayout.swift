/// A label set in columns, which run from top to bottom and follow one another from right to left: x right from the box's left, y
/// down from its top.
///
/// Hanzi and their punctuation stand upright, Latin letters and digits lie on their side.
public struct ColumnLayout: Hashable, Sendable {
    public struct Glyph: Hashable, Sendable {
        /// The glyph's number inside its face.
        public var glyph: UInt32
        /// Index into the faces of the stack.
        public var face: Int
        /// The glyph's origin in pixels.
        public var x: Float
        public var y: Float
        /// Whether it is turned clockwise by a right angle about its origin.
        public var isTurned: Bool
    }

    public private(set) var glyphs: [Glyph] = []
    /// Of the box in pixels: as many line heights as columns.
    public private(set) var width: Float
    /// Of the box in pixels: the longest column.
    public private(set) var height: Float = 0
    /// Characters no face of the stack has, each once.
    public private(set) var missing: [Unicode.Scalar] = []

    /// - Parameters:
    ///   - text: line feeds begin a new column.
    ///   - options: the maximum width is that of a column's length; columns begin at one height, whatever the justification.
    public init(_ text: String, stack: FontStack, sizeInPixels size: Float, options: TextLayout.Options) {
        let columns = TextLayout.broken(text, false, stack: stack, options: options).map(\.text)
        let (pitch, spacing) = (options.lineHeightInEm * size, options.letterSpacingInEm * size)
        width = Float(columns.count) * pitch
        for (number, column) in columns.enumerated() {
            let middle = width - (Float(number) + 0.5) * pitch
            var y: Float = 0
            for piece in ColumnPiece.pieces(of: column, stack) {
                switch piece {
                case .upright(let scalar): append(scalar, stack, size, middle, top: y)
                case .turned(let text): y += append(text, stack, size, spacing, middle, top: y)
                }
                if case .upright = piece { y += size }
                y += spacing
            }
            height = max(height, y - spacing)
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar, _ stack: FontStack, _ size: Float, _ middle: Float, top: Float) {
        let glyph = stack.upright(scalar)
        if glyph.isMissing, !missing.contains(scalar) { missing.append(scalar) }
        let advance = glyph.advanceInEm * size
        glyphs.append(
            Glyph(
                glyph: glyph.glyph, face: glyph.face, x: middle - advance / 2,
                y: top + (0.5 + TextLayout.baselineBelowMiddleInEm) * size, isTurned: false))
    }

    /// - Returns: the pixels that the text takes of the column.
    private mutating func append(
        _ text: String, _ stack: FontStack, _ size: Float, _ spacing: Float, _ middle: Float, top: Float
    ) -> Float {
        let run = stack.shape(text, sizeInPixels: size, letterSpacingInPixels: spacing)
        for scalar in run.missing where !missing.contains(scalar) { missing.append(scalar) }
        let baseline = middle - TextLayout.baselineBelowMiddleInEm * size
        for glyph in run.glyphs {
            glyphs.append(
                Glyph(glyph: glyph.glyph, face: glyph.face, x: baseline - glyph.y, y: top + glyph.x, isTurned: true))
        }
        return run.width
    }
}

/// What a column is made of, from the top.
private enum ColumnPiece {
    case upright(Unicode.Scalar)
    case turned(String)

    static func pieces(of column: String, _ stack: FontStack) -> [ColumnPiece] {
        let scalars = Array(column.unicodeScalars)
        var pieces: [ColumnPiece] = []
        var turned = String.UnicodeScalarView()
        func yields(_ i: Int) -> Bool {
            !scalars.indices.contains(i) || !scalars[i].liesTurned || scalars[i].formInColumns != nil
        }
        for (i, scalar) in scalars.enumerated() where !scalar.drawsNothing {
            let isPunctuation = scalar.formInColumns != nil && yields(i - 1) && yields(i + 1)
            let isUpright = scalar.standsUpright || scalar.standsEitherWay || isPunctuation && stack.hasColumnForm(of: scalar)
            guard isUpright, !scalar.properties.isWhitespace || turned.isEmpty else {
                turned.append(scalar)
                continue
            }
            if !turned.isEmpty { pieces.append(.turned(String(turned))) }
            turned = String.UnicodeScalarView()
            pieces.append(.upright(scalar))
        }
        if !turned.isEmpty { pieces.append(.turned(String(turned))) }
        return pieces
    }
}
