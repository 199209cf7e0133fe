internal import CQL2

/// From one microsecond to another, both included.
struct TimeSpan: Hashable {
    var begin: Int64
    var end: Int64

    /// Whether it stands in the relation to the other (OGC 21-065r2 clause 7.6, after Allen).
    func holds(_ relation: TemporalFunction, _ other: TimeSpan) -> Bool {
        switch relation {
        case .after: begin > other.end
        case .before: end < other.begin
        case .contains: begin < other.begin && end > other.end
        case .disjoint: begin > other.end || end < other.begin
        case .during: begin > other.begin && end < other.end
        case .equals: begin == other.begin && end == other.end
        case .finishedBy: begin < other.begin && end == other.end
        case .finishes: begin > other.begin && end == other.end
        case .intersects: begin <= other.end && end >= other.begin
        case .meets: end == other.begin
        case .metBy: begin == other.end
        case .overlappedBy: begin > other.begin && begin < other.end && end > other.end
        case .overlaps: begin < other.begin && end > other.begin && end < other.end
        case .startedBy: begin == other.begin && end > other.end
        case .starts: begin == other.begin && end < other.end
        }
    }
}

/// A period whose ends are known.
struct FilterSpan {
    /// `nil` for an open end.
    var begin: FilterInstant?
    var end: FilterInstant?

    private var hasTime: Bool { begin.map { !$0.isDay } ?? false || end.map { !$0.isDay } ?? false }

    /// Days among themselves are points; beside a time a day is all its hours.
    static func holds(_ relation: TemporalFunction, _ a: FilterSpan, _ b: FilterSpan) -> Bool {
        let isExact = a.hasTime || b.hasTime
        return a.span(isExact).holds(relation, b.span(isExact))
    }

    private func span(_ isExact: Bool) -> TimeSpan {
        let last = end.map { $0.isDay && isExact ? $0.microseconds + InstantText.microsecondsADay - 1 : $0.microseconds }
        return TimeSpan(begin: begin?.microseconds ?? .min, end: last ?? .max)
    }
}
