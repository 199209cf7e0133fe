internal import CQL2
internal import SimpleFeatures

extension FilterCompiler {
    /// Two values that are compared: of one kind, or refused.
    func matched(_ a: CQL2Expression, _ b: CQL2Expression) throws(FilterError) -> (FilterScalar, FilterScalar) {
        var left = try scalar(a)
        var right = try scalar(b)
        // Dates written as plain text are what many clients send.
        if left.type == .instant, case .text(let text) = right, let instant = FilterInstant(text) { right = .instant(instant) }
        if right.type == .instant, case .text(let text) = left, let instant = FilterInstant(text) { left = .instant(instant) }
        guard left.type == right.type || left.type == .any || right.type == .any else {
            // The literal is what the person can change.
            if case .field = right { throw mismatch(a, right.type, left.type) }
            throw mismatch(b, left.type, right.type)
        }
        return (left, right)
    }

    func scalar(_ expression: CQL2Expression) throws(FilterError) -> FilterScalar {
        switch expression {
        case .property(let name):
            guard let field = field(name) else {
                if let identifierName, name.lowercased() == identifierName.lowercased() { return .identifier }
                if isGeometry(name) {
                    throw FilterError(.kindMismatch, name, zh: "文本、数值、布尔或日期属性；几何只能用于 S_ 函数", en: "a property that is no geometry: geometries belong into S_ functions")
                }
                throw unknown(name)
            }
            return .field(field, schema.fields[field].kind)
        case .number(let number): return .number(number)
        case .text(let text): return .text(text)
        case .boolean(let flag): return .boolean(flag)
        case .date(let text), .timestamp(let text):
            guard let instant = FilterInstant(text) else { throw FilterError(.kindMismatch, text, zh: "日期或 UTC 时刻", en: "a day or a time in UTC") }
            return .instant(instant)
        case .caseInsensitive(let inner): return try folded(inner, .letterCase)
        case .accentInsensitive(let inner): return try folded(inner, .accents)
        case .arithmetic(let sign, let a, let b): return try arithmetic(sign, a, b)
        case .function(let name, let arguments): return try function(name, arguments, expression)
        default: throw FilterError(.kindMismatch, expression.text, zh: "文本、数值、布尔值或日期", en: "a text, number, boolean, date or time")
        }
    }

    private func folded(_ inner: CQL2Expression, _ folding: TextFolding) throws(FilterError) -> FilterScalar {
        let bound = try scalar(inner)
        switch bound {
        case .text(let text): return .text(folding.fold(text))
        case .folded(let innermost, let before): return .folded(innermost, before.union(folding))
        case _ where bound.type == .text: return .folded(bound, folding)
        default: throw mismatch(inner, .text, bound.type)
        }
    }

    private func arithmetic(_ sign: ArithmeticOperator, _ a: CQL2Expression, _ b: CQL2Expression) throws(FilterError) -> FilterScalar {
        let left = try number(a)
        let right = try number(b)
        if case .number(let x) = left, case .number(let y) = right {
            return sign.apply(x, y).map { .number($0) } ?? .null
        }
        return .arithmetic(sign, left, right)
    }

    private func number(_ expression: CQL2Expression) throws(FilterError) -> FilterScalar {
        let bound = try scalar(expression)
        guard bound.type == .number || bound.type == .any else { throw mismatch(expression, .number, bound.type) }
        return bound
    }

    func function(_ name: String, _ arguments: [CQL2Expression], _ whole: CQL2Expression) throws(FilterError) -> FilterScalar {
        guard let function = FilterFunction(rawValue: name.lowercased()) else {
            let names = FilterFunction.allCases.map(\.rawValue).joined(separator: ", ")
            throw FilterError(.functionUnknown, name, zh: "下列函数之一：\(names)", en: "one of the functions \(names)")
        }
        guard arguments.count == function.arguments.count else {
            throw FilterError(
                .kindMismatch, whole.text, zh: "\(function.arguments.count) 个参数", en: "\(function.arguments.count) arguments")
        }
        var bound: [FilterScalar] = []
        for (argument, type) in zip(arguments, function.arguments) {
            let value = try scalar(argument)
            guard value.type == type || value.type == .any else { throw mismatch(argument, type, value.type) }
            bound.append(value)
        }
        return .function(function, bound)
    }

    // MARK: Time

    func temporal(_ function: TemporalFunction, _ a: CQL2Expression, _ b: CQL2Expression) throws(FilterError) -> FilterCondition {
        .temporal(function, try period(a), try period(b))
    }

    private func period(_ expression: CQL2Expression) throws(FilterError) -> FilterPeriod {
        guard case .interval(let from, let to) = expression else { return .instant(try instant(expression)) }
        let begin = from == nil ? nil : try instant(from!)
        let end = to == nil ? nil : try instant(to!)
        if case .instant(let first)? = begin, case .instant(let last)? = end, first.microseconds > last.microseconds {
            throw FilterError(.literalUnusable, expression.text, zh: "开始不晚于结束的时段", en: "an interval that does not end before it begins")
        }
        return .interval(begin, end)
    }

    private func instant(_ expression: CQL2Expression) throws(FilterError) -> FilterScalar {
        let bound = try scalar(expression)
        guard bound.type == .instant else { throw mismatch(expression, .instant, bound.type) }
        return bound
    }
}

extension FilterInstant {
    /// `nil` for text that is neither a day nor a time in UTC.
    init?(_ text: String) {
        if let day = InstantText.day(text.utf8) {
            self.init(microseconds: day, isDay: true)
        } else if let time = InstantText.time(text.utf8) {
            self.init(microseconds: time, isDay: false)
        } else {
            return nil
        }
    }
}

extension ArithmeticOperator {
    /// `nil` where there is no such number: a division by nought, or beyond the doubles.
    func apply(_ a: CQL2Number, _ b: CQL2Number) -> CQL2Number? {
        if case .integer(let x) = a, case .integer(let y) = b, let exact = exactly(x, y) { return .integer(exact) }
        let (x, y) = (a.double, b.double)
        switch self {
        case .plus: return CQL2Number(x + y)
        case .minus: return CQL2Number(x - y)
        case .times: return CQL2Number(x * y)
        case .divided: return CQL2Number(x / y)
        case .modulo: return CQL2Number(x.truncatingRemainder(dividingBy: y))
        case .wholeDivided: return CQL2Number((x / y).rounded(.towardZero))
        case .power: return CQL2Number(Self.power(x, y))
        }
    }

    /// Whole numbers keep their digits where the result has room.
    private func exactly(_ x: Int64, _ y: Int64) -> Int64? {
        let (result, isOver): (Int64, Bool) =
            switch self {
            case .plus: x.addingReportingOverflow(y)
            case .minus: x.subtractingReportingOverflow(y)
            case .times: x.multipliedReportingOverflow(by: y)
            case .modulo: y == 0 ? (0, true) : x.remainderReportingOverflow(dividingBy: y)
            case .wholeDivided: y == 0 ? (0, true) : x.dividedReportingOverflow(by: y)
            case .divided, .power: (0, true)
            }
        return isOver ? nil : result
    }
}
