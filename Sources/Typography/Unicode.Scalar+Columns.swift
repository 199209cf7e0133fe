/// How characters stand in text that runs down the page, after UAX #50.
extension Unicode.Scalar {
    /// True of hanzi, kana, hangul and the signs that go with them, which stand upright in a column.
    public var standsUpright: Bool {
        switch value {
        case 0x4E00...0xA4CF, 0x3400...0x4DFF: return true
        case 0x3000...0x303F: return !(0x3008...0x3011).contains(value) && !(0x3014...0x301F).contains(value) && value != 0x3030
        case 0x3040...0x33FF: return value != 0x30FC
        case 0x2EA...0x2EB, 0x1100...0x11FF, 0x1400...0x167F, 0x18B0...0x18FF, 0x2E80...0x2FDF, 0x2FF0...0x2FFF, 0xA960...0xA97F,
            0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFE10...0xFE1F, 0xFE30...0xFE48, 0x1F200...0x1F2FF, 0x20000...0x3FFFF:
            return true
        case 0xFE50...0xFE6F: return !(0xFE58...0xFE5E).contains(value) && !(0xFE63...0xFE66).contains(value)
        case 0xFF01...0xFFE7: return !isTurnedFullWidth
        default: return false
        }
    }

    private var isTurnedFullWidth: Bool {
        switch value {
        case 0xFF08, 0xFF09, 0xFF0D, 0xFF1A...0xFF1E, 0xFF3B, 0xFF3D, 0xFF3F, 0xFF5B...0xFFDF, 0xFFE3: true
        default: false
        }
    }

    /// True of signs that may stand either way.
    var standsEitherWay: Bool {
        switch value {
        case 0xA7, 0xA9, 0xAE, 0xB1, 0xBC...0xBE, 0xD7, 0xF7, 0x2016, 0x2020, 0x2021, 0x2030, 0x2031, 0x203B, 0x203C, 0x2042,
            0x2047...0x2049, 0x2051, 0x2100...0x218F, 0x221E, 0x2234, 0x2235, 0x2300...0x2307, 0x230C...0x231F, 0x2324...0x2328,
            0x232B, 0x237D...0x239A, 0x23BE...0x23CD, 0x23CF, 0x23D1...0x23DB, 0x23E2...0x2422, 0x2424...0x24FF, 0x25A0...0x2619,
            0x2620...0x2767, 0x2776...0x2793, 0x2B12...0x2B2F, 0x2B50...0x2B59, 0x2BB8...0x2BEB, 0xE000...0xF8FF, 0xFFFC, 0xFFFD:
            true
        default: false
        }
    }

    /// True of letters and signs that lie on their side in a column.
    var liesTurned: Bool { !standsUpright && !standsEitherWay }

    /// True of scripts whose letters change with their neighbours, so that they are not set one by one.
    var isOfComplexScript: Bool {
        BidirectionalText.joinsLetters(value) || (0x900...0xDFF).contains(value) || (0xF00...0x109F).contains(value)
            || (0x1780...0x17FF).contains(value)
    }

    private static let rowForms = Array("，、。：；！？…—–＿（）｛｝〔〕【】《》〈〉「」『』［］〖〗,:;!?_(){}[]<>-“”‘’".unicodeScalars)
    private static let columnForms = Array("︐︑︒︓︔︕︖︙︱︲︳︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈︗︘︐︓︔︕︖︳︵︶︷︸﹇﹈︿﹀︲﹁﹂﹃﹄".unicodeScalars)
    private static let forms = Dictionary(zip(rowForms, columnForms), uniquingKeysWith: { first, _ in first })

    /// The form that punctuation has in a column, as a character of its own: Unicode's vertical forms, and corner brackets
    /// for quotation marks (GB/T 15834).
    var formInColumns: Unicode.Scalar? { Self.forms[self] }
}
