import FoundationEssentials
import SimpleFeatures

/// The time of an answer as HTTP writes it (RFC 9110 section 5.6.7), written out once a second.
struct DateStamp {
    private var second = Int.min
    private var text = ""

    /// Now, for the header `Date`.
    mutating func now() -> String {
        let current = Int(Date().timeIntervalSince1970)
        if current != second {
            second = current
            text = Self.text(secondsSince1970: current)
        }
        return text
    }

    /// Such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(secondsSince1970 seconds: Int) -> String {
        let days = seconds / 86_400, rest = seconds % 86_400
        let date = CivilDate(daysSince1970: Int64(days))
        // 1 January 1970 was a Thursday.
        let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][(days + 4) % 7]
        let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][Int(date.month) - 1]
        return "\(weekday), \(two(Int(date.day))) \(name) \(date.year) \(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60)) GMT"
    }

    private static func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
}
