extension Unicode.Scalar {
    private static let nonStarters: Set<Unicode.Scalar> = Set(
        ("，。、；：？！…—～·‧・）〕】》〉」』〗〙〛”’｝］＞％‰℃°々〻〞ーぁぃぅぇぉっゃゅょァィゥェォッャュョ．／"
            + ",.;:?!)]}>%~").unicodeScalars)
    private static let nonEnders: Set<Unicode.Scalar> = Set("（〔【《〈「『〖〘〚“‘｛［＜￥＄№＃([{<$¥£#".unicodeScalars)
    private static let breakable: Set<Unicode.Scalar> = Set("&)+-/]}|·\u{AD}\u{200B}\u{2010}\u{2013}\u{2027},;".unicodeScalars)
    private static let glue: Set<Unicode.Scalar> = ["\u{A0}", "\u{202F}", "\u{2007}"]

    /// True of closing punctuation, which must not begin a line.
    var startsNoLine: Bool { Unicode.Scalar.nonStarters.contains(self) }

    /// True of opening punctuation and signs before a number, which must not end a line.
    var endsNoLine: Bool { Unicode.Scalar.nonEnders.contains(self) }

    /// True of hyphens, slashes and the like, after which a line of Latin text may end.
    var allowsBreakAfter: Bool { Unicode.Scalar.breakable.contains(self) }

    /// True of spaces at which no line may end.
    var isGlue: Bool { Unicode.Scalar.glue.contains(self) }

    /// True of hanzi, kana, full-width forms and their punctuation: a line may end after each.
    var isIdeographic: Bool {
        switch value {
        case 0x2E80...0x312F, 0x31A0...0x4DBF, 0x4E00...0xA4CF, 0xF900...0xFAFF, 0xFE10...0xFE1F, 0xFE30...0xFE4F, 0xFF00...0xFFEF, 0x20000...0x3FFFF:
            return true
        default:
            return false
        }
    }

    /// True of dashes, ellipses and closing quotation marks, which Chinese shares with Latin: a line may end after them before a hanzi.
    var closesChinese: Bool { value == 0x2014 || value == 0x2026 || value == 0x201D || value == 0x2019 }
}
