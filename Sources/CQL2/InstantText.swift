internal import SimpleFeatures

/// Days and times of the proleptic Gregorian calendar in UTC, as filters and features spell them.
public enum InstantText {
    public static let microsecondsADay: Int64 = 86_400_000_000

    /// The beginning of a day, in microseconds since 1970; `nil` where the text is no `YYYY-MM-DD` or there is no such day.
    public static func day(_ text: some Collection<UInt8>) -> Int64? {
        var reader = DigitReader(text)
        guard let day = reader.day(), reader.isAtEnd else { return nil }
        return day * microsecondsADay
    }

    /// A time `YYYY-MM-DDThh:mm:ss[.f]Z`, in microseconds since 1970; further digits of the fraction do not count.
    public static func time(_ text: some Collection<UInt8>) -> Int64? {
        var reader = DigitReader(text)
        guard let day = reader.day(), reader.take("T"), let hour = reader.number(2), reader.take(":"), let minute = reader.number(2),
            reader.take(":"), let second = reader.number(2), hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction: Int64 = 0
        if reader.take(".") {
            guard let parsed = reader.fraction() else { return nil }
            fraction = parsed
        }
        guard reader.take("Z"), reader.isAtEnd else { return nil }
        return day * microsecondsADay + ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
    }

    /// Microseconds since 1970 as the text that reads back as them.
    static func text(time: Int64) -> String {
        let days = time >= 0 ? time / microsecondsADay : (time - microsecondsADay + 1) / microsecondsADay
        let rest = time - days * microsecondsADay
        let date = CivilDate(daysSince1970: days)
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let seconds = rest / 1_000_000
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        return normalised("\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(clock).\(padded(rest % 1_000_000, 6))Z")
    }

    /// The text of a time without zeros at the end of its fraction.
    static func normalised(_ text: String) -> String {
        guard text.contains("."), text.last == "Z" else { return text }
        var kept = text.dropLast()
        while kept.last == "0" { kept.removeLast() }
        if kept.last == "." { kept.removeLast() }
        return kept + "Z"
    }
}

/// Reads digits and signs front to back.
private struct DigitReader<Text: Collection<UInt8>> {
    private var rest: Text.SubSequence

    init(_ text: Text) { rest = text[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: scalar) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let byte = rest.first, byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int64(byte - 0x30)
            rest = rest.dropFirst()
        }
        return value
    }

    /// Microseconds.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var scale: Int64 = 100_000
        var count = 0
        while let byte = rest.first, byte >= 0x30, byte <= 0x39 {
            value += Int64(byte - 0x30) * scale
            scale /= 10
            count += 1
            rest = rest.dropFirst()
        }
        return count > 0 ? value : nil
    }

    /// Days since 1970.
    mutating func day() -> Int64? {
        guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2) else { return nil }
        return CivilDate(year: year, month: month, day: day)?.daysSince1970
    }
}
