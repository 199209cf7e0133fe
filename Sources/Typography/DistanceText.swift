/// The characters of a label with their glyphs, before they are placed.
struct DistanceText {
    struct Character {
        var scalar: Unicode.Scalar
        /// `nil` where the font lacks the character.
        var shape: DistanceLayout.Shape?
        var section: Int
        var scale: Float
        /// What the section's size adds to that of its line.
        var lineScale: Float
        var height: Float
        var isUpright = false

        /// Glyph pixels, `scale` not applied.
        var advance: Float {
            switch shape {
            case .glyph(let glyph): Float(glyph.advance)
            case .image(let width, let height): isUpright ? height : width
            case nil: 0
            }
        }

        /// Width and height of a picture in glyph pixels.
        var picture: (width: Float, height: Float) {
            if case .image(let width, let height) = shape { (width * scale, height * scale) } else { (0, 0) }
        }
    }

    private(set) var missing: [Unicode.Scalar] = []
    private let sections: [DistanceLayout.Section]
    private var characters: [Character] = []
    private var isBidirectional = false

    /// Stands for a picture.
    static let object: Unicode.Scalar = "\u{FFFC}"

    /// - Throws: what is wrong with a glyph block.
    init(_ sections: [DistanceLayout.Section], direction: DistanceLayout.Direction) throws(TypographyError) {
        self.sections = sections
        for (i, section) in sections.enumerated() {
            switch section.content {
            case .image(let width, let height):
                append(Self.object, .image(width: width, height: height), i)
                characters[characters.count - 1].lineScale = 1
            case .text(let text, _):
                for scalar in letters(text) { append(scalar, nil, i) }
            }
        }
        if direction != .row { standUp(direction) }
        for i in characters.indices where characters[i].shape == nil { try draw(i) }
    }

    /// Whether letters join, so that no space may come between them.
    var joinsLetters: Bool { isBidirectional && characters.contains { BidirectionalText.joinsLetters($0.scalar.value) } }

    private mutating func append(_ scalar: Unicode.Scalar, _ shape: DistanceLayout.Shape?, _ i: Int) {
        let section = sections[i]
        characters.append(
            Character(
                scalar: scalar, shape: shape, section: i, scale: section.scale, lineScale: section.scale, height: section.height))
    }

    /// A section's characters, Arabic letters in the forms in which they join.
    private mutating func letters(_ text: String) -> [Unicode.Scalar] {
        let scalars = Array(text.unicodeScalars)
        guard scalars.contains(where: { BidirectionalText.isNeeded($0.value) }) else { return scalars }
        isBidirectional = true
        var out: [Unicode.Scalar] = []
        for (i, part) in scalars.split(omittingEmptySubsequences: false, whereSeparator: \.endsParagraph).enumerated() {
            if i > 0 { out.append("\n") }
            out += BidirectionalText.joined(part.map(\.value)).compactMap { Unicode.Scalar($0) }
        }
        return out
    }

    /// Turns punctuation between upright characters into its vertical form, and says which characters stand upright.
    private mutating func standUp(_ direction: DistanceLayout.Direction) {
        let scalars = characters.map(\.scalar)
        func yields(_ i: Int) -> Bool {
            !scalars.indices.contains(i) || !scalars[i].liesTurned || scalars[i].formInColumns != nil
        }
        for i in scalars.indices {
            if let form = scalars[i].formInColumns, yields(i - 1), yields(i + 1) { characters[i].scalar = form }
            let scalar = characters[i].scalar
            characters[i].isUpright = direction == .column
                ? !scalar.properties.isWhitespace && !scalar.isOfComplexScript : scalar.standsUpright
        }
    }

    private mutating func draw(_ i: Int) throws(TypographyError) {
        guard case .text(_, let font) = sections[characters[i].section].content else { return }
        let scalar = characters[i].scalar
        if let glyph = try font.glyph(scalar) {
            characters[i].shape = .glyph(glyph)
        } else if !scalar.drawsNothing, !scalar.properties.isWhitespace, !missing.contains(scalar) {
            missing.append(scalar)
        }
    }

    // MARK: Lines

    /// - Parameters:
    ///   - maxWidth: glyph pixels; 0 for lines as long as they come.
    ///   - spacing: glyph pixels after each character.
    /// - Returns: the lines, each in the order in which its characters stand.
    mutating func lines(maxWidth: Float, spacing: Float) throws(TypographyError) -> [[Character]] {
        var lines: [[Character]] = []
        let isBidirectional = isBidirectional
        let paragraphs = characters.split(omittingEmptySubsequences: false) {
            $0.scalar == "\n" || isBidirectional && $0.scalar.endsParagraph
        }
        for paragraph in paragraphs {
            let paragraph = Array(paragraph)
            let order = isBidirectional ? BidirectionalText(paragraph.map(\.scalar.value)) : nil
            var ends = [paragraph.count]
            if maxWidth > 0, paragraph.count > 1 {
                let advances = paragraph.map { $0.advance * $0.scale + spacing }
                ends = LineBreaking(paragraph.map(\.scalar), advancesInEm: advances).ends(maxWidthInEm: maxWidth)
            }
            var start = 0
            for end in ends {
                let line = Self.trimmed(paragraph, start..<end)
                if let order {
                    lines.append(try order.visualOrder(of: line).map { (i) throws(TypographyError) in
                        try order.levels[i] & 1 == 1 ? mirrored(paragraph[i]) : paragraph[i]
                    })
                } else {
                    lines.append(Array(paragraph[line]))
                }
                start = end
            }
        }
        return lines
    }

    /// A line without the spaces at its ends.
    private static func trimmed(_ characters: [Character], _ line: Range<Int>) -> Range<Int> {
        var (start, end) = (line.lowerBound, line.upperBound)
        while start < end, characters[start].scalar.properties.isWhitespace { start += 1 }
        while start < end, characters[end - 1].scalar.properties.isWhitespace { end -= 1 }
        return start..<end
    }

    private func mirrored(_ character: Character) throws(TypographyError) -> Character {
        let value = BidirectionalText.mirrored(character.scalar.value)
        guard value != character.scalar.value, let scalar = Unicode.Scalar(value),
            case .text(_, let font) = sections[character.section].content, let glyph = try font.glyph(scalar)
        else { return character }
        var mirrored = character
        mirrored.scalar = scalar
        mirrored.shape = .glyph(glyph)
        return mirrored
    }
}
