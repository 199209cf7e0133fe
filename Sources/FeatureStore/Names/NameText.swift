/// Names and what is typed to find them, as they are compared: full width and half width, capital and small letters are
/// one, blanks and control characters do not count. Variants of a character (滘, 埗) stay what they are.
enum NameText {
    /// What stands between two blanks.
    static func words(of text: String) -> [[Unicode.Scalar]] {
        var words: [[Unicode.Scalar]] = [[]]
        for scalar in text.unicodeScalars {
            if let level = level(scalar) {
                words[words.count - 1].append(level)
            } else if words.last?.isEmpty == false {
                words.append([])
            }
        }
        if words.last?.isEmpty == true { words.removeLast() }
        return words
    }

    /// The whole text without its blanks.
    static func joined(_ text: String) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(text.utf8.count / 2)
        for scalar in text.unicodeScalars {
            if let level = level(scalar) { scalars.append(level) }
        }
        return scalars
    }

    /// `nil` for what only separates.
    private static func level(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x41...0x5A: Unicode.Scalar(scalar.value + 0x20)
        case 0x21...0x7E: scalar
        case 0...0x20, 0x7F...0xA0, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x3000, 0xFEFF: nil
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0).flatMap(level)
        // Latin, Greek and Cyrillic have letter case; what lies above in the basic plane is not worth the look-up.
        case 0xA1...0x1FFF:
            scalar.properties.lowercaseMapping.unicodeScalars.count == 1
                ? scalar.properties.lowercaseMapping.unicodeScalars.first : scalar
        case NameTerms.reserved: nil
        default: scalar
        }
    }
}

extension Array where Element == Unicode.Scalar {
    /// Whether `part` stands in it without a gap.
    func holds(_ part: [Unicode.Scalar]) -> Bool {
        guard let first = part.first, part.count <= count else { return part.isEmpty }
        for start in 0...(count - part.count) where self[start] == first {
            if self[start...].starts(with: part) { return true }
        }
        return false
    }
}
