import SimpleFeatures

/// Dates and times as fields hold them (RFC 3339).
enum ISOTime {
    /// `2018-05-09`.
    static func isDate(_ text: String) -> Bool { isDate(Array(text.utf8)[...]) }

    /// `2018-05-09T08:00:00Z`, with or without a fraction of a second.
    static func isInstant(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40, isDate(bytes[..<10]), bytes[10] == 0x54, bytes.last == 0x5A,
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            bytes[13] == 0x3A, bytes[16] == 0x3A, hour < 24, minute < 60, second <= 60
        else { return false }
        let fraction = bytes[19..<(bytes.count - 1)]
        return fraction.isEmpty || (fraction.first == 0x2E && fraction.count > 1 && number(fraction.dropFirst()) != nil)
    }

    private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count == 10, let start = bytes.indices.first, bytes[start + 4] == 0x2D, bytes[start + 7] == 0x2D,
            let year = number(bytes[start..<(start + 4)]), let month = number(bytes[(start + 5)..<(start + 7)]),
            let day = number(bytes[(start + 8)...])
        else { return false }
        return CivilDate(year: year, month: month, day: day) != nil
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.count <= 18, digits.allSatisfy({ $0 &- 0x30 <= 9 }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
}
