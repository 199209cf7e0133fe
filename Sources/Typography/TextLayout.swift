/// A label broken into lines, every glyph placed in one box: x right from the box's left, y down from its top.
public struct TextLayout: Hashable, Sendable {
    public struct Line: Hashable, Sendable {
        public var text: String
        /// Glyph positions count from `x` and `baseline`.
        public var run: ShapedRun
        /// Pixels from the box's left to the line's start, after justification.
        public var x: Float
        /// Pixels from the box's top to the line's baseline.
        public var baseline: Float

        public init(text: String, run: ShapedRun, x: Float, baseline: Float) {
            self.text = text
            self.run = run
            self.x = x
            self.baseline = baseline
        }
    }

    public enum Justification: String, Hashable, Sendable {
        case left, center, right
    }

    public struct Options: Hashable, Sendable {
        /// Lines are broken to about this width, balanced; nil breaks at line ends of the text only.
        public var maxWidthInEm: Float?
        public var lineHeightInEm: Float
        public var letterSpacingInEm: Float
        public var justification: Justification

        public init(maxWidthInEm: Float? = nil, lineHeightInEm: Float = 1.2, letterSpacingInEm: Float = 0, justification: Justification = .center) {
            self.maxWidthInEm = maxWidthInEm
            self.lineHeightInEm = lineHeightInEm
            self.letterSpacingInEm = letterSpacingInEm
            self.justification = justification
        }
    }

    /// From top to bottom; empty for an empty text.
    public var lines: [Line]
    /// Of the box in pixels: the widest line.
    public var width: Float
    /// Of the box in pixels: as many line heights as lines.
    public var height: Float
    /// Characters no face of the stack has, each once.
    public var missing: [Unicode.Scalar]
    /// Pictures between the letters, in the order of the text.
    public internal(set) var objects: [PlacedObject] = []

    /// From a line's middle down to its baseline in em: centres hanzi exactly, and Latin capitals by eye; as MapLibre's clients place SDF glyphs.
    public static let baselineBelowMiddleInEm: Float = 0.375

    /// Breaks, shapes and justifies a text.
    ///
    /// - Parameter text: line feeds break lines; spaces at the ends of lines are dropped.
    public init(_ text: String, stack: FontStack, sizeInPixels: Float, options: Options) {
        self.init(text, objects: [], stack: stack, sizeInPixels: sizeInPixels, options: options)
    }

    /// - Parameter objects: what stands for the object characters (U+FFFC) of the text, in order.
    public init(_ text: String, objects: [TextObject], stack: FontStack, sizeInPixels: Float, options: Options) {
        let isBidirectional = BidirectionalText.isNeeded(in: text)
        var options = options
        if isBidirectional, text.unicodeScalars.contains(where: { BidirectionalText.joinsLetters($0.value) }) {
            options.letterSpacingInEm = 0
        }
        let spacing = options.letterSpacingInEm * sizeInPixels
        let lineHeight = options.lineHeightInEm * sizeInPixels
        lines = []
        missing = []
        width = 0
        for (text, direction) in TextLayout.broken(
            text, isBidirectional, objectWidthsInEm: objects.map { $0.width / sizeInPixels }, stack: stack, options: options)
        {
            let run = stack.shape(text, sizeInPixels: sizeInPixels, letterSpacingInPixels: spacing, direction: direction)
            let middle = (Float(lines.count) + 0.5) * lineHeight
            lines.append(Line(text: text, run: run, x: 0, baseline: middle + TextLayout.baselineBelowMiddleInEm * sizeInPixels))
            width = max(width, run.width)
            for scalar in run.missing where !missing.contains(scalar) { missing.append(scalar) }
        }
        height = Float(lines.count) * lineHeight
        if !objects.isEmpty { insert(objects, sizeInPixels: sizeInPixels, lineHeight: lineHeight) }
        for index in lines.indices {
            let room = width - lines[index].run.width
            switch options.justification {
            case .left: lines[index].x = 0
            case .center: lines[index].x = room / 2
            case .right: lines[index].x = room
            }
        }
    }

    /// The lines, and which way the paragraph runs that each is of.
    static func broken(
        _ text: String, _ isBidirectional: Bool, objectWidthsInEm: [Float] = [], stack: FontStack, options: Options
    ) -> [(text: String, direction: BidirectionalText.Direction)] {
        guard !text.isEmpty else { return [] }
        var lines: [(String, BidirectionalText.Direction)] = []
        var objectWidths = objectWidthsInEm[...]
        for paragraph in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let scalars = Array(paragraph.unicodeScalars)
            let direction = isBidirectional ? BidirectionalText(scalars.map(\.value)).direction : .automatic
            var ends = [scalars.count]
            if let maxWidth = options.maxWidthInEm, maxWidth > 0, scalars.count > 1 {
                let run = stack.shape(String(paragraph), sizeInPixels: 1, letterSpacingInPixels: options.letterSpacingInEm)
                var advances = [Float](repeating: 0, count: scalars.count)
                for glyph in run.glyphs { advances[glyph.cluster] += glyph.advance }
                if !objectWidths.isEmpty {
                    for i in scalars.indices where scalars[i] == DistanceText.object { advances[i] = objectWidths.popFirst() ?? 0 }
                }
                ends = LineBreaking(scalars, advancesInEm: advances).ends(maxWidthInEm: maxWidth)
            }
            var start = 0
            for end in ends {
                lines.append((LineBreaking.trimmed(scalars[start..<end]), direction))
                start = end
            }
        }
        return lines
    }
}
