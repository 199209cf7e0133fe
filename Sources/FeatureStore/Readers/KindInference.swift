import SimpleFeatures

/// Widens the kind of a field over all its values, so that no value loses a digit.
///
/// Nothing but nulls is text; integers become reals beside reals, unless one of them needs more than 53 bits;
/// any other mixture is text.
struct KindInference {
    /// What one value looks like.
    struct Form: OptionSet {
        let rawValue: UInt8
        static let boolean = Form(rawValue: 1)
        static let integer = Form(rawValue: 2)
        /// A whole number that a double does not hold exactly.
        static let wideInteger = Form(rawValue: 4)
        static let real = Form(rawValue: 8)
        static let date = Form(rawValue: 16)
        static let dateTime = Form(rawValue: 32)
        static let text = Form(rawValue: 64)
    }

    private var met: Form = []

    mutating func note(_ form: Form) {
        met.formUnion(form)
    }

    var kind: FieldKind {
        switch met {
        case .boolean: .boolean
        case .integer, .wideInteger, [.integer, .wideInteger]: .integer
        case .real, [.integer, .real]: .real
        case .date: .date
        case .dateTime: .dateTime
        default: .text
        }
    }
}

/// Recognises what a run of characters spells.
enum TextForm {
    /// Digits beyond which a whole number in a table is taken for an identifier.
    static let longestNumber = 14
    /// Digits that a double surely tells apart.
    static let longestReal = 17

    /// The form of JSON's number in `range`.
    static func ofNumber(_ range: Range<Int>, _ bytes: Span<UInt8>) -> KindInference.Form {
        for p in range where bytes[p] == 0x2E || bytes[p] | 0x20 == 0x65 { return .real }
        guard let value = integer(range, bytes) else { return .text }
        return value.magnitude <= 1 << 53 ? .integer : .wideInteger
    }

    /// The form of a table's cell: leading zeros, plus signs, exponents and long numbers are text.
    static func ofCell(_ bytes: Span<UInt8>) -> KindInference.Form {
        let range = 0..<bytes.count
        guard let first = bytes.count > 0 ? bytes[0] : nil else { return [] }
        let start = first == 0x2D ? 1 : 0
        guard start < bytes.count, bytes[start] &- 0x30 <= 9 else { return ofWord(range, bytes) }
        var digits = 0
        var points = 0
        for p in start..<bytes.count {
            if bytes[p] &- 0x30 <= 9 {
                digits += 1
            } else if bytes[p] == 0x2E, p + 1 < bytes.count {
                points += 1
            } else {
                return ofWord(range, bytes)
            }
        }
        let hasLeadingZero = bytes[start] == 0x30 && start + 1 < bytes.count && bytes[start + 1] != 0x2E
        if hasLeadingZero || points > 1 || (start == 1 && digits == 1 && bytes[1] == 0x30) { return .text }
        if points == 0 { return digits <= longestNumber ? .integer : .text }
        return digits <= longestReal ? .real : .text
    }

    /// The form of text: an ISO 8601 date, a date and time in UTC, a boolean word or just text.
    static func ofWord(_ range: Range<Int>, _ bytes: Span<UInt8>) -> KindInference.Form {
        switch range.count {
        case 10: return isDate(range.lowerBound, bytes) ? .date : .text
        case 20: return isDate(range.lowerBound, bytes) && isTime(range.lowerBound + 10, bytes) ? .dateTime : .text
        default: return .text
        }
    }

    static func integer(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Int64? {
        let isNegative = !range.isEmpty && bytes[range.lowerBound] == 0x2D
        var value: Int64 = 0
        let start = range.lowerBound + (isNegative ? 1 : 0)
        guard start < range.upperBound else { return nil }
        for p in start..<range.upperBound {
            let digit = bytes[p] &- 0x30
            guard digit <= 9 else { return nil }
            let (tens, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, beyond) = isNegative ? tens.subtractingReportingOverflow(Int64(digit)) : tens.addingReportingOverflow(Int64(digit))
            if over || beyond { return nil }
            value = sum
        }
        return value
    }

    /// `2018-05-09`, with months and days in range.
    private static func isDate(_ p: Int, _ bytes: Span<UInt8>) -> Bool {
        guard bytes[p + 4] == 0x2D, bytes[p + 7] == 0x2D, integer(p..<(p + 4), bytes) != nil,
            let month = integer((p + 5)..<(p + 7), bytes), let day = integer((p + 8)..<(p + 10), bytes)
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }

    /// `T08:00:00Z`
    private static func isTime(_ p: Int, _ bytes: Span<UInt8>) -> Bool {
        guard bytes[p] == 0x54, bytes[p + 3] == 0x3A, bytes[p + 6] == 0x3A, bytes[p + 9] == 0x5A,
            let hour = integer((p + 1)..<(p + 3), bytes), let minute = integer((p + 4)..<(p + 6), bytes),
            let second = integer((p + 7)..<(p + 9), bytes)
        else { return false }
        return (0...23).contains(hour) && (0...59).contains(minute) && (0...60).contains(second)
    }
}
