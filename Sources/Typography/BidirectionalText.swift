import CFriBidi

/// A paragraph some of which may run from right to left, by the Unicode bidirectional algorithm (UAX #9).
struct BidirectionalText {
    /// Which way the paragraph runs as a whole.
    enum Direction: Hashable, Sendable {
        /// As its first letter with a direction does; from left to right where there is none.
        case automatic
        case leftToRight, rightToLeft
    }

    /// By character: even from left to right, odd from right to left.
    let levels: [Int8]
    private let types: [FriBidiCharType]
    private let base: FriBidiParType

    /// - Parameter characters: without line ends.
    init(_ characters: [UInt32], direction: Direction = .automatic) {
        let count = Int32(characters.count)
        var types = [FriBidiCharType](repeating: FriBidiCharType(rawValue: 0), count: characters.count)
        var brackets = [FriBidiBracketType](repeating: 0, count: characters.count)
        var levels = [FriBidiLevel](repeating: 0, count: characters.count)
        var base = switch direction {
        case .automatic: workmap_bidi_weak_left_to_right
        case .leftToRight: workmap_bidi_left_to_right
        case .rightToLeft: workmap_bidi_right_to_left
        }
        unsafe fribidi_get_bidi_types(characters, count, &types)
        unsafe fribidi_get_bracket_types(characters, count, types, &brackets)
        // Zero says that there was no memory: then everything runs from left to right.
        let isResolved = unsafe fribidi_get_par_embedding_levels_ex(types, brackets, count, &base, &levels) != 0
        self.levels = isResolved ? levels : [FriBidiLevel](repeating: 0, count: characters.count)
        self.types = types
        self.base = base
    }

    var direction: Direction { base == workmap_bidi_right_to_left || (levels.first ?? 0) & 1 == 1 ? .rightToLeft : .leftToRight }

    /// The characters of one line in the order in which they stand, from the left.
    func visualOrder(of line: Range<Int>) -> [Int] {
        guard !line.isEmpty else { return [] }
        var levels = levels
        var order = levels.indices.map { FriBidiStrIndex($0) }
        let highest = unsafe fribidi_reorder_line(
            0, types, Int32(line.count), Int32(line.lowerBound), base, &levels, nil, &order)
        return highest == 0 ? Array(line) : order[line].map { Int($0) }
    }

    /// The letters of a text in the forms in which they join, as characters of their own; in logical order, ligatures as one.
    static func joined(_ characters: [UInt32]) -> [UInt32] {
        let text = BidirectionalText(characters)
        var forms = characters
        var properties = [FriBidiArabicProp](repeating: 0, count: characters.count)
        let count = Int32(characters.count)
        unsafe fribidi_get_joining_types(characters, count, &properties)
        unsafe fribidi_join_arabic(text.types, count, text.levels, &properties)
        unsafe fribidi_shape(workmap_bidi_arabic_forms, text.levels, count, &properties, &forms)
        // A letter that went into a ligature leaves a filler.
        return zip(forms, characters).compactMap { $0 == ligatureFiller && $1 != ligatureFiller ? nil : $0 }
    }

    private static let ligatureFiller: UInt32 = 0xFEFF

    /// A bracket as it stands in text from right to left.
    static func mirrored(_ character: UInt32) -> UInt32 {
        var mirrored: FriBidiChar = 0
        return unsafe fribidi_get_mirror_char(character, &mirrored) != 0 ? mirrored : character
    }

    /// Whether a character may make a text run in two directions; quick to say of those that most texts are made of.
    static func isNeeded(_ character: UInt32) -> Bool {
        if character < 0x590 || character >= 0x2E80 && character < 0xFB1D { return false }
        switch character {
        case 0x590...0x8FF, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF,
            0x1E800...0x1EFFF:
            return true
        default: return false
        }
    }

    static func isNeeded(in text: String) -> Bool { text.unicodeScalars.contains { isNeeded($0.value) } }

    /// Whether letters join, so that no space may come between them.
    static func joinsLetters(_ character: UInt32) -> Bool {
        switch character {
        case 0x600...0x6FF, 0x750...0x77F, 0x8A0...0x8FF, 0xFB50...0xFDFF, 0xFE70...0xFEFC: true
        default: false
        }
    }
}
