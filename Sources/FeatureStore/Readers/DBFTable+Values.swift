import SimpleFeatures

extension DBFTable {
    /// The part of a cell that is not padding; numbers may be padded on either side.
    static func trimmed(_ cell: Span<UInt8>, isText: Bool) -> Range<Int> {
        var end = 0
        while end < cell.count, cell[end] != 0 { end += 1 }
        while end > 0, cell[end - 1] == 0x20 { end -= 1 }
        var start = 0
        while !isText, start < end, cell[start] == 0x20 { start += 1 }
        return start..<end
    }

    static func logical(_ byte: UInt8) -> PropertyValue {
        switch byte {
        case 0x54, 0x74, 0x59, 0x79, 0x31: .boolean(true)
        case 0x46, 0x66, 0x4E, 0x6E, 0x30: .boolean(false)
        default: .null
        }
    }

    /// `20180509` as `2018-05-09`; zeros mean no date, anything else that is not eight digits is kept as it is.
    static func date(_ content: Span<UInt8>) -> PropertyValue {
        let spelt = unsafe content.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        guard content.count == 8, let digits = TextForm.integer(0..<8, content) else { return .text(spelt) }
        if digits == 0 { return .null }
        let text = Array(spelt)
        return .text(String(text[0..<4]) + "-" + String(text[4..<6]) + "-" + String(text[6..<8]))
    }

    /// A Julian day and milliseconds of the day.
    static func timestamp(_ cell: Span<UInt8>) -> PropertyValue {
        let day = Int(cell.int32(at: 0))
        guard day > 0, day < 6_000_000 else { return .null }
        let seconds = max(0, Int(cell.int32(at: 4))) / 1000
        let (year, month, dayOfMonth) = civilDate(julianDay: day)
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let date = "\(String(repeating: "0", count: max(0, 4 - "\(year)".count)))\(year)-\(two(month))-\(two(dayOfMonth))"
        return .text("\(date)T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))Z")
    }

    /// The Gregorian date of a Julian day number (Fliegel and van Flandern, CACM 11, 1968).
    private static func civilDate(julianDay: Int) -> (year: Int, month: Int, day: Int) {
        var l = julianDay + 68569
        let n = 4 * l / 146097
        l -= (146097 * n + 3) / 4
        let i = 4000 * (l + 1) / 1_461_001
        l += 31 - 1461 * i / 4
        let j = 80 * l / 2447
        let month = j + 2 - 12 * (j / 11)
        return (100 * (n - 49) + i + j / 11, month, l - 2447 * j / 80)
    }
}
