/// The terms that a text is indexed by: each two neighbouring characters, a mark before the first and one after the last.
///
/// A run of terms in which each begins with the character that the one before ends with is a run of characters, so a
/// phrase of terms finds exactly the texts that hold it, however short it is and whether or not it is a word.
enum NameTerms {
    /// Characters of the last private plane that no text keeps: marks, and ASCII signs that SQLite's tokeniser would cut at.
    static let reserved: ClosedRange<UInt32> = 0x10FE00...0x10FFFF
    private static let signs: UInt32 = 0x10FE00
    private static let beginning: Unicode.Scalar = "\u{10FF00}"
    private static let end: Unicode.Scalar = "\u{10FF01}"

    /// Appends the terms of a whole text, each with a blank after it.
    static func append(_ text: [Unicode.Scalar], to terms: inout String.UnicodeScalarView) {
        guard !text.isEmpty else { return }
        append(pairs: text, from: beginning, to: end, into: &terms)
    }

    /// The phrase that finds texts with `part` in them, at their beginning, or as all they are.
    ///
    /// Quotes around the terms are safe: no term holds one.
    static func phrase(_ part: [Unicode.Scalar], atBeginning: Bool, toEnd: Bool) -> String {
        var terms = String.UnicodeScalarView()
        if part.count == 1, !atBeginning, !toEnd {
            terms.append(contentsOf: part.map(spelled))
            return "\"\(String(terms))\" *"
        }
        append(pairs: part, from: atBeginning ? beginning : nil, to: toEnd ? end : nil, into: &terms)
        return "\"\(String(terms))\""
    }

    private static func append(
        pairs text: [Unicode.Scalar], from first: Unicode.Scalar?, to last: Unicode.Scalar?,
        into terms: inout String.UnicodeScalarView
    ) {
        var before = first
        for scalar in text {
            let next = spelled(scalar)
            if let before { append(before, next, &terms) }
            before = next
        }
        if let before, let last { append(before, last, &terms) }
    }

    private static func append(_ first: Unicode.Scalar, _ second: Unicode.Scalar, _ terms: inout String.UnicodeScalarView) {
        terms.append(first)
        terms.append(second)
        terms.append(" ")
    }

    private static func spelled(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A, 0x80...: scalar
        default: Unicode.Scalar(signs + scalar.value) ?? scalar
        }
    }
}
