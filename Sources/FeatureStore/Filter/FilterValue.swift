internal import CQL2
internal import SimpleFeatures

/// A value of a row, or made of one.
enum FilterValue: Equatable {
    case null
    case number(CQL2Number)
    case text(String)
    case boolean(Bool)
    case instant(FilterInstant)

    enum Order {
        case less, equal, greater
    }

    /// The value of a field; text that is no date in a field of dates counts as missing.
    init(_ row: borrowing FeatureRow, at index: Int, _ kind: FieldKind) {
        switch unsafe row.lentValue(at: index) {
        case .null: self = .null
        case .boolean(let flag): self = .boolean(flag)
        case .integer(let n): self = .number(.integer(n))
        case .real(let r): self = CQL2Number(r).map { .number($0) } ?? .null
        case .text(let utf8):
            switch kind {
            case .date, .dateTime:
                if let day = unsafe InstantText.day(utf8) {
                    self = .instant(FilterInstant(microseconds: day, isDay: true))
                } else if let time = unsafe InstantText.time(utf8) {
                    self = .instant(FilterInstant(microseconds: time, isDay: false))
                } else {
                    self = .null
                }
            default: self = .text(unsafe String(decoding: utf8, as: UTF8.self))
            }
        }
    }

    /// `nil` where one of the two is missing, or they are of different kinds. Text is ordered by its code points.
    func compare(_ other: FilterValue) -> Order? {
        switch (self, other) {
        case (.number(.integer(let a)), .number(.integer(let b))): Self.order(a, b)
        case (.number(let a), .number(let b)): Self.order(a.double, b.double)
        case (.text(let a), .text(let b)):
            a.utf8.elementsEqual(b.utf8) ? .equal : a.utf8.lexicographicallyPrecedes(b.utf8) ? .less : .greater
        case (.boolean(let a), .boolean(let b)): Self.order(a ? 1 : 0, b ? 1 : 0)
        case (.instant(let a), .instant(let b)): Self.order(a.microseconds, b.microseconds)
        default: nil
        }
    }

    private static func order<Value: Comparable>(_ a: Value, _ b: Value) -> Order {
        a == b ? .equal : a < b ? .less : .greater
    }
}

extension ComparisonOperator {
    func holds(_ order: FilterValue.Order) -> Bool {
        switch self {
        case .equal: order == .equal
        case .notEqual: order != .equal
        case .less: order == .less
        case .greater: order == .greater
        case .lessOrEqual: order != .greater
        case .greaterOrEqual: order != .less
        }
    }
}

extension ArrayFunction {
    /// Of two sets (OGC 21-065r2 clause 7.7); unknown where a missing value decides.
    func holds(_ a: [FilterValue], _ b: [FilterValue]) -> Bool? {
        switch self {
        case .contains: Self.contains(a, b)
        case .containedBy: Self.contains(b, a)
        case .equals:
            switch (Self.contains(a, b), Self.contains(b, a)) {
            case (false, _), (_, false): false
            case (true, true): true
            default: nil
            }
        case .overlaps: Self.any(a) { Self.contains(b, [$0]) }
        }
    }

    private static func contains(_ whole: [FilterValue], _ part: [FilterValue]) -> Bool? {
        // Not that one of the part is missing from the whole.
        any(part) { element in any(whole) { $0 == .null || element == .null ? nil : $0.compare(element) == .equal }.map { !$0 } }
            .map { !$0 }
    }

    private static func any(_ values: [FilterValue], _ body: (FilterValue) -> Bool?) -> Bool? {
        var result: Bool? = false
        for value in values {
            switch body(value) {
            case true?: return true
            case nil: result = nil
            case false?: break
            }
        }
        return result
    }
}

extension FilterFunction {
    /// Missing where an argument is.
    func apply(_ arguments: [FilterValue]) -> FilterValue {
        switch (self, arguments.first) {
        case (.lower, .text(let text)?): .text(text.lowercased())
        case (.upper, .text(let text)?): .text(text.uppercased())
        case (.length, .text(let text)?): .number(.integer(Int64(text.unicodeScalars.count)))
        case (.abs, .number(let number)?): rounded(number) { $0.magnitude }
        case (.floor, .number(let number)?): rounded(number) { $0.rounded(.down) }
        case (.ceil, .number(let number)?): rounded(number) { $0.rounded(.up) }
        case (.round, .number(let number)?): rounded(number) { $0.rounded(.toNearestOrAwayFromZero) }
        default: .null
        }
    }

    private func rounded(_ number: CQL2Number, _ body: (Double) -> Double) -> FilterValue {
        if case .integer(let n) = number {
            return self == .abs ? .number(n == .min ? .real(-Double(n)) : .integer(Swift.abs(n))) : .number(number)
        }
        return CQL2Number(body(number.double)).map { .number($0) } ?? .null
    }
}
