internal import CQL2
internal import SQLite
internal import SimpleFeatures

/// A condition as SQLite says it: values are parameters, names are the table's own.
struct FilterSQL {
    private let layout: TableLayout
    private var values: [SQLiteValue] = []

    /// Comparisons that SQLite makes for a row; more are judged here, where a clock is looked at.
    private static let comparisonLimit = 64

    /// Parameters that a filter may bring, twice where a former state is read; SQLite refuses more than 32 766 in one statement.
    private static let parameterLimit = 10_000
    /// Bytes that a filter may bring, as often; SQLite refuses a statement of more than a million.
    private static let textLimit = 300_000

    /// What SQLite can say of the conjuncts, and those that it cannot.
    struct Parts {
        /// Empty, or ` AND (…)` as often as need be.
        var text = ""
        var values: [SQLiteValue] = []
        var rest: [FilterCondition] = []
    }

    private init(_ layout: TableLayout) {
        self.layout = layout
    }

    static func parts(_ filter: FeatureFilter, _ layout: TableLayout) -> Parts {
        var parts = Parts()
        var comparisons = 0
        for conjunct in filter.condition.conjuncts {
            var writer = FilterSQL(layout)
            let added = conjunct.comparisonCount
            if comparisons + added <= comparisonLimit, let text = writer.text(conjunct), parts.values.count + writer.values.count <= parameterLimit,
                parts.text.utf8.count + text.utf8.count <= textLimit
            {
                parts.text += " AND (\(text))"
                parts.values += writer.values
                comparisons += added
            } else {
                parts.rest.append(conjunct)
            }
        }
        return parts
    }

    private mutating func text(_ condition: FilterCondition) -> String? {
        switch condition {
        case .and(let terms): return joined(terms, " AND ")
        case .or(let terms): return joined(terms, " OR ")
        case .not(let term): return text(term).map { "NOT (\($0))" }
        case .constant(let flag): return flag.map { $0 ? "1" : "0" } ?? "NULL"
        case .comparison(let sign, let a, let b): return comparison(sign, a, b)
        case .like(let value, let pattern):
            guard case .field(_, .text) = value, let column = text(value) else { return nil }
            values.append(.text(pattern.glob))
            return "\(column) GLOB ?"
        case .isIn(let value, let list): return membership(value, list)
        case .isNull(let value): return text(value).map { "\($0) IS NULL" }
        case .isUnknown(let term): return text(term).map { "(\($0)) IS NULL" }
        case .geometryIsNull: return layout.geometry.map { "\(quotedIdentifier($0)) IS NULL" }
        case .temporal(let relation, .instant(let a), .instant(let b)): return comparison(relation, a, b)
        case .spatial, .toItself, .temporal, .array: return nil
        }
    }

    /// Halves of halves: SQLite lets an expression be a thousand levels deep, and a row of ORs is a level each.
    private mutating func joined(_ terms: [FilterCondition], _ word: String) -> String? {
        var texts: [String] = []
        for term in terms {
            guard let text = text(term) else { return nil }
            texts.append("(\(text))")
        }
        return Self.balanced(texts[...], word)
    }

    private static func balanced(_ texts: ArraySlice<String>, _ word: String) -> String {
        guard texts.count > 1 else { return texts.first ?? "1" }
        let middle = (texts.startIndex + texts.endIndex) / 2
        return "(" + balanced(texts[..<middle], word) + word + balanced(texts[middle...], word) + ")"
    }

    private mutating func membership(_ value: FilterScalar, _ list: [FilterScalar]) -> String? {
        guard let left = text(value) else { return nil }
        var items: [String] = []
        for item in list {
            guard Self.areAlike(value, item), let text = text(item, beside: value) else { return nil }
            items.append(text)
        }
        return "\(left) IN (\(items.joined(separator: ", ")))"
    }

    private mutating func comparison(_ sign: ComparisonOperator, _ a: FilterScalar, _ b: FilterScalar) -> String? {
        guard Self.areAlike(a, b), let left = text(a, beside: b), let right = text(b, beside: a) else { return nil }
        return "\(left) \(sign.rawValue) \(right)"
    }

    /// Relations of two instants are comparisons.
    private mutating func comparison(_ relation: TemporalFunction, _ a: FilterScalar, _ b: FilterScalar) -> String? {
        let sign: ComparisonOperator? =
            switch relation {
            case .after: .greater
            case .before: .less
            case .equals, .intersects: .equal
            case .disjoint: .notEqual
            default: nil
            }
        return sign.flatMap { comparison($0, a, b) }
    }

    /// Whether the stored forms of two values are ordered as the values are: days beside days, times beside times.
    private static func areAlike(_ a: FilterScalar, _ b: FilterScalar) -> Bool {
        guard a.type == .instant || b.type == .instant else { return true }
        guard let first = isDay(a), let second = isDay(b) else { return false }
        return first == second
    }

    private static func isDay(_ scalar: FilterScalar) -> Bool? {
        switch scalar {
        case .field(_, .date): true
        case .field(_, .dateTime): false
        case .instant(let instant): instant.isDay
        default: nil
        }
    }

    private mutating func text(_ scalar: FilterScalar, beside other: FilterScalar? = nil) -> String? {
        switch scalar {
        case .field(let index, _): return quotedIdentifier(layout.columns[index])
        case .identifier: return quotedIdentifier(layout.key)
        case .number(.integer(let n)): return parameter(.integer(n))
        case .number(.real(let r)): return parameter(.real(r))
        case .text(let text): return parameter(.text(text))
        case .boolean(let flag): return parameter(.integer(flag ? 1 : 0))
        case .instant(let instant): return StoredInstant.text(instant).map { parameter(.text($0)) }
        case .arithmetic(let sign, let a, let b):
            guard [.plus, .minus, .times, .divided].contains(sign), let left = text(a), let right = text(b) else { return nil }
            // A quotient of whole numbers is none where SQLite divides.
            return sign == .divided ? "(CAST(\(left) AS REAL) / \(right))" : "(\(left) \(sign.rawValue) \(right))"
        case .null: return "NULL"
        case .folded, .function: return nil
        }
    }

    private mutating func parameter(_ value: SQLiteValue) -> String {
        values.append(value)
        return "?"
    }
}

extension FilterCondition {
    /// How often a row is compared with something at most; a list is looked up once.
    fileprivate var comparisonCount: Int {
        switch self {
        case .and(let terms), .or(let terms): terms.reduce(0) { $0 + $1.comparisonCount }
        case .not(let term), .isUnknown(let term): term.comparisonCount
        default: 1
        }
    }
}

/// Instants as the registry's columns hold them.
enum StoredInstant {
    /// `nil` for a time that falls between two milliseconds, which no stored text equals.
    static func text(_ instant: FilterInstant) -> String? {
        let (day, rest) = instant.microseconds.quotientAndRemainder(dividingBy: InstantText.microsecondsADay)
        let days = rest < 0 ? day - 1 : day
        let microseconds = rest < 0 ? rest + InstantText.microsecondsADay : rest
        let date = date(days)
        if instant.isDay { return date }
        guard microseconds % 1000 == 0 else { return nil }
        let seconds = microseconds / 1_000_000
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(date)T\(time).\(padded(microseconds / 1000 % 1000, 3))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static func date(_ days: Int64) -> String {
        let date = CivilDate(daysSince1970: days)
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }
}
