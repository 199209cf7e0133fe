extension Unicode.Scalar {
    /// True of controls, joiners, variation selectors and the like, for which no font needs a glyph.
    var drawsNothing: Bool {
        if value >= 0x20, value < 0x7F { return false }
        if value >= 0x4E00, value < 0xA000 { return false }
        if properties.isDefaultIgnorableCodePoint || properties.isVariationSelector { return true }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    /// True of accents, vowel signs and the like, which stand on the letter before them.
    var isMark: Bool {
        if value < 0x300 || value >= 0x2E80 && value < 0xA66F { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// True of line ends and separators after which text begins afresh, for its direction too.
    var endsParagraph: Bool {
        switch value {
        case 0x0A, 0x0D, 0x1C...0x1E, 0x85, 0x2029: true
        default: false
        }
    }

    /// `U+6ED8`.
    var codePointName: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: Swift.max(0, 4 - digits.count)) + digits
    }
}
