internal import SimpleFeatures
internal import Wording

/// The `datetime` parameter (OGC 17-069r4 requirement 26): an instant or an interval, to whole seconds of UTC.
///
/// Besides RFC 3339 times, a date alone is taken for that day in Beijing: its end as an instant or an end, its beginning as a start.
public enum DateTimeRange: Hashable, Sendable {
    /// Seconds since 1970.
    case instant(Int64)
    /// `nil` for an open end; one of them is there.
    case interval(from: Int64?, to: Int64?)

    public init(_ text: String) throws(ParameterError) {
        guard let range = Self.read(text) else {
            throw ParameterError(
                .invalid, name: "datetime", value: text,
                expected: .init(
                    zh: "RFC 3339 时刻（如 2026-09-30T08:00:00Z）、日期，或 2026-05-09T00:00:00Z/.. 这样的时段",
                    en: "an RFC 3339 instant such as 2026-09-30T08:00:00Z, a date, or an interval such as 2026-05-09T00:00:00Z/.."))
        }
        self = range
    }

    private static func read(_ text: String) -> DateTimeRange? {
        let ends = text.split(separator: "/", omittingEmptySubsequences: false)
        switch ends.count {
        case 1: return second(ends[0], isStart: false).map { .instant($0) }
        case 2:
            let open = ends.map { $0.isEmpty || $0 == ".." }
            if open == [true, true] { return nil }
            let from = open[0] ? nil : second(ends[0], isStart: true)
            let to = open[1] ? nil : second(ends[1], isStart: false)
            guard open[0] || from != nil, open[1] || to != nil else { return nil }
            if let from, let to, from > to { return nil }
            return .interval(from: from, to: to)
        default: return nil
        }
    }

    private static let secondsADay: Int64 = 86_400
    /// Beijing is eight hours ahead of UTC.
    private static let beijing: Int64 = 8 * 3600

    private static func second(_ text: Substring, isStart: Bool) -> Int64? {
        var rest = text
        guard let date = date(&rest) else { return nil }
        if rest.isEmpty { return isStart ? date - beijing : date - beijing + secondsADay - 1 }
        return time(&rest).map { date + $0 }
    }

    /// Seconds of the day's beginning, were it UTC.
    private static func date(_ rest: inout Substring) -> Int64? {
        guard let year = number(4, &rest), skip("-", &rest), let month = number(2, &rest), skip("-", &rest), let day = number(2, &rest)
        else { return nil }
        return CivilDate(year: year, month: month, day: day).map { $0.daysSince1970 * secondsADay }
    }

    /// `T08:00:00.5+08:00`: seconds from the beginning of the day in UTC.
    private static func time(_ rest: inout Substring) -> Int64? {
        guard skip("T", &rest) || skip("t", &rest), let hour = number(2, &rest), skip(":", &rest), let minute = number(2, &rest),
            skip(":", &rest), let second = number(2, &rest), hour < 24, minute < 60, second <= 60
        else { return nil }
        if skip(".", &rest) {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty else { return nil }
            rest.removeFirst(digits.count)
        }
        let seconds = hour * 3600 + minute * 60 + second
        if skip("Z", &rest) || skip("z", &rest) { return rest.isEmpty ? seconds : nil }
        // A plus sign that was not escaped has become a blank.
        let isWest = rest.first == "-"
        guard isWest || rest.first == "+" || rest.first == " " else { return nil }
        rest.removeFirst()
        guard let hours = number(2, &rest), skip(":", &rest), let minutes = number(2, &rest), hours < 24, minutes < 60, rest.isEmpty
        else { return nil }
        let offset = hours * 3600 + minutes * 60
        return isWest ? seconds + offset : seconds - offset
    }

    private static func number(_ digits: Int, _ rest: inout Substring) -> Int64? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        rest.removeFirst(digits)
        return Int64(text)
    }

    private static func skip(_ character: Character, _ rest: inout Substring) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }
}
