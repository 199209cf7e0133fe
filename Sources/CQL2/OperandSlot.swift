internal import Wording

/// A place in an expression and what may stand there (the productions of the standard's grammar).
enum OperandSlot {
    case boolean
    case scalar
    case character
    case pattern
    case numeric
    case spatial
    case temporal
    case array
    /// Of `IS NULL`.
    case nullable
    case anything
    case intervalEnd

    func admits(_ expression: CQL2Expression) -> Bool {
        switch self {
        case .boolean:
            switch expression {
            case .function: true
            default: expression.isBoolean
            }
        case .scalar:
            switch expression {
            case .text, .caseInsensitive, .accentInsensitive, .number, .arithmetic, .date, .timestamp, .boolean, .property, .function: true
            default: false
            }
        case .character:
            switch expression {
            case .text, .caseInsensitive, .accentInsensitive, .property, .function: true
            default: false
            }
        case .pattern:
            switch expression {
            case .text: true
            case .caseInsensitive(let inner), .accentInsensitive(let inner): admits(inner)
            default: false
            }
        case .numeric:
            switch expression {
            case .number, .arithmetic, .property, .function: true
            default: false
            }
        case .spatial:
            switch expression {
            case .geometry, .box, .property, .function: true
            default: false
            }
        case .temporal:
            switch expression {
            case .date, .timestamp, .interval, .property, .function: true
            default: false
            }
        case .array:
            switch expression {
            case .list, .property, .function: true
            default: false
            }
        case .nullable:
            switch expression {
            case .list: false
            default: true
            }
        case .anything: true
        case .intervalEnd:
            switch expression {
            case .date, .timestamp, .property, .function: true
            default: false
            }
        }
    }

    var expected: LocalisedText {
        switch self {
        case .boolean: .init(zh: "谓词、函数或 TRUE、FALSE", en: "a predicate, a function, TRUE or FALSE")
        case .scalar: .init(zh: "文本、数值、日期时间、布尔值、属性或函数", en: "a text, number, date, time, boolean, property or function")
        case .character: .init(zh: "文本、CASEI()、ACCENTI()、属性或函数", en: "a text, CASEI(), ACCENTI(), a property or a function")
        case .pattern: .init(zh: "单引号中的模式，可加 CASEI()、ACCENTI()", en: "a pattern in single quotes, in CASEI() or ACCENTI() if need be")
        case .numeric: .init(zh: "数值、算式、属性或函数", en: "a number, an arithmetic expression, a property or a function")
        case .spatial: .init(zh: "几何、BBOX()、几何属性或函数", en: "a geometry, BBOX(), a geometry property or a function")
        case .temporal: .init(zh: "DATE()、TIMESTAMP()、INTERVAL()、属性或函数", en: "DATE(), TIMESTAMP(), INTERVAL(), a property or a function")
        case .array: .init(zh: "括号中的数组、属性或函数", en: "an array in parentheses, a property or a function")
        case .nullable, .anything: .init(zh: "表达式", en: "an expression")
        case .intervalEnd: .init(zh: "日期、时刻、'..'、属性或函数", en: "a date, a time, '..', a property or a function")
        }
    }
}

extension CQL2Expression {
    /// Whether it is true or false by its form alone.
    var isBoolean: Bool {
        switch self {
        case .and, .or, .not, .comparison, .like, .between, .isIn, .isNull, .spatial, .temporal, .array, .boolean: true
        default: false
        }
    }

    /// What holds for the operands of its own operator.
    var operands: [(slot: OperandSlot, expression: CQL2Expression)] {
        switch self {
        case .and(let terms), .or(let terms): terms.map { (.boolean, $0) }
        case .not(let term): [(.boolean, term)]
        case .comparison(_, let a, let b): [(.scalar, a), (.scalar, b)]
        case .like(let value, let pattern): [(.character, value), (.pattern, pattern)]
        case .between(let value, let low, let high): [(.numeric, value), (.numeric, low), (.numeric, high)]
        case .isIn(let value, let list): [(.scalar, value)] + list.map { (.scalar, $0) }
        case .isNull(let operand): [(.nullable, operand)]
        case .spatial(_, let a, let b): [(.spatial, a), (.spatial, b)]
        case .temporal(_, let a, let b): [(.temporal, a), (.temporal, b)]
        case .array(_, let a, let b): [(.array, a), (.array, b)]
        case .function(_, let arguments): arguments.map { (.anything, $0) }
        case .arithmetic(_, let a, let b): [(.numeric, a), (.numeric, b)]
        case .caseInsensitive(let inner), .accentInsensitive(let inner): [(.character, inner)]
        case .interval(let from, let to): [from, to].compactMap { $0 }.map { (.intervalEnd, $0) }
        case .list(let elements): elements.map { (.anything, $0) }
        case .property, .boolean, .number, .text, .geometry, .box, .date, .timestamp: []
        }
    }

    /// Whether more than `limit` expressions stand inside one another; found without recursion.
    func isDeeper(than limit: Int) -> Bool {
        var open: [(CQL2Expression, Int)] = [(self, 1)]
        while let (expression, depth) = open.popLast() {
            if depth > limit { return true }
            for operand in expression.operands { open.append((operand.expression, depth + 1)) }
        }
        return false
    }
}
