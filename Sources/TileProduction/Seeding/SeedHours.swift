import Glibc

/// The hours of the day in which blocks are made, by the clock on the wall of this machine.
///
/// Asked anew before every block and remembered nowhere: a clock that is put back or forward changes when blocks are made, and
/// nothing else.
public struct SeedHours: Sendable, Equatable {
    private static let day = 24 * 60

    /// Minutes since midnight.
    private let start: Int
    private let end: Int

    /// - Parameter text: `22-6`, `22:30-6:15`; the end is not in it, and it may lie on the next day.
    public init?(_ text: String) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.minutes)
        guard ends.count == 2, let start = ends[0], let end = ends[1], start % Self.day != end % Self.day else { return nil }
        (self.start, self.end) = (start % Self.day, end % Self.day)
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.count <= 2 && $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let hour = parts.first.flatMap({ Int($0) }), let minute = parts.count == 2 ? Int(parts[1]) : 0,
            (0...24).contains(hour), (0..<60).contains(minute), hour < 24 || minute == 0
        else { return nil }
        return hour * 60 + minute
    }

    /// - Parameter minute: since midnight.
    public func contains(minute: Int) -> Bool {
        start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    /// Returns when blocks may be made.
    ///
    /// - Parameters:
    ///   - minute: what the clock says, in minutes since midnight.
    ///   - interval: between two looks at it.
    public func wait(minute: @Sendable () -> Int = SeedHours.minuteOfDay, interval: Duration = .seconds(1)) async throws {
        while !contains(minute: minute()) { try await Task.sleep(for: interval) }
    }

    /// By the clock and the time zone of this machine.
    public static func minuteOfDay() -> Int {
        var now = time(nil)
        var parts = unsafe tm()
        guard unsafe localtime_r(&now, &parts) != nil else { return Int(now / 60) % day }
        return unsafe Int(parts.tm_hour) * 60 + Int(parts.tm_min)
    }
}
