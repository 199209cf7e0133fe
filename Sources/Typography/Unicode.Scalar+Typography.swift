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

    /// `U+6ED8`.
    var codePointName: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: Swift.max(0, 4 - digits.count)) + digits
    }
}
