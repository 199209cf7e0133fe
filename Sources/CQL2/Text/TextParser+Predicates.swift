internal import Wording

extension TextParser {
    /// A comparison of some kind, or what else stands there.
    mutating func predicate() throws(CQL2Error) -> CQL2Expression {
        let start = position
        let left = try sum()
        if case .sign(let sign) = token, let comparison = ComparisonOperator(rawValue: sign) {
            position += 1
            try require(.scalar, left, at: start)
            let right = try operand(.scalar)
            return try counted(.comparison(comparison, left, right))
        }
        if takeWord("IS") {
            try require(.nullable, left, at: start)
            let isNegated = takeWord("NOT")
            guard takeWord("NULL") else { throw unexpected(.init(zh: "NULL", en: "NULL")) }
            return try negated(isNegated, .isNull(left))
        }
        let isNegated = isWord("NOT")
        if isNegated { position += 1 }
        if takeWord("LIKE") {
            try require(.character, left, at: start)
            return try negated(isNegated, .like(left, pattern: try operand(.pattern)))
        }
        if takeWord("BETWEEN") {
            try require(.numeric, left, at: start)
            let low = try operand(.numeric)
            guard takeWord("AND") else { throw unexpected(.init(zh: "AND 与上限", en: "AND and the upper end")) }
            return try negated(isNegated, .between(left, low: low, high: try operand(.numeric)))
        }
        if takeWord("IN") {
            try require(.scalar, left, at: start)
            return try negated(isNegated, .isIn(left, try scalars()))
        }
        if isNegated { throw unexpected(.init(zh: "LIKE、BETWEEN 或 IN", en: "LIKE, BETWEEN or IN")) }
        return left
    }

    private mutating func negated(_ isNegated: Bool, _ predicate: CQL2Expression) throws(CQL2Error) -> CQL2Expression {
        let counted = try counted(predicate)
        return isNegated ? .not(counted) : counted
    }

    private mutating func operand(_ slot: OperandSlot) throws(CQL2Error) -> CQL2Expression {
        let start = position
        let expression = try sum()
        try require(slot, expression, at: start)
        return expression
    }

    /// The list after `IN`.
    private mutating func scalars() throws(CQL2Error) -> [CQL2Expression] {
        try expect("(")
        var list = [try operand(.scalar)]
        while take(",") { list.append(try operand(.scalar)) }
        try expect(")")
        return list
    }

    // MARK: Operands

    mutating func primary() throws(CQL2Error) -> CQL2Expression {
        switch token {
        case .number(let spelt):
            guard let number = CQL2Number(text: spelt) else { throw unexpected(OperandSlot.numeric.expected) }
            position += 1
            return try counted(.number(number))
        case .text(let text):
            position += 1
            return try counted(.text(text))
        case .quotedName(let name):
            position += 1
            return try counted(.property(name))
        case .sign("("): return try parenthesised()
        case .name(let name): return try named(name)
        case .sign, .end: throw unexpected(OperandSlot.anything.expected)
        }
    }

    private mutating func parenthesised() throws(CQL2Error) -> CQL2Expression {
        let opening = tokens[position]
        if opening.isList || opening.mate == position + 1 { return try list() }
        position += 1
        let inner = try disjunction()
        try expect(")")
        return inner
    }

    private static let reserved: Set<String> = ["AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL"]

    private mutating func named(_ name: String) throws(CQL2Error) -> CQL2Expression {
        let word = name.uppercased()
        let next = tokens[position + 1].token
        if next == .sign("(") { return try call(name, word) }
        if case .name(let dimension) = next, dimension.uppercased() == "Z", tokens[position + 2].token == .sign("("), Self.isGeometry(word) {
            return try call(name, word)
        }
        if Self.reserved.contains(word) { throw unexpected(OperandSlot.anything.expected) }
        position += 1
        switch word {
        case "TRUE": return try counted(.boolean(true))
        case "FALSE": return try counted(.boolean(false))
        default: return try counted(.property(name))
        }
    }

    /// What a name before a parenthesis stands for.
    private mutating func call(_ name: String, _ word: String) throws(CQL2Error) -> CQL2Expression {
        if Self.isGeometry(word) { return try counted(try geometryLiteral(word)) }
        if Self.reserved.contains(word) { throw unexpected(OperandSlot.anything.expected) }
        position += 1
        switch word {
        case "CASEI": return try counted(.caseInsensitive(try only(.character)))
        case "ACCENTI": return try counted(.accentInsensitive(try only(.character)))
        case "BBOX": return try counted(try box())
        case "DATE": return try counted(try instant(isDate: true))
        case "TIMESTAMP": return try counted(try instant(isDate: false))
        case "INTERVAL": return try counted(try interval())
        default: break
        }
        let lower = name.lowercased()
        if let function = SpatialFunction.allCases.first(where: { $0.rawValue == lower }) {
            let (a, b) = try pair(.spatial)
            return try counted(.spatial(function, a, b))
        }
        if let function = TemporalFunction.allCases.first(where: { $0.rawValue.lowercased() == lower }) {
            let (a, b) = try pair(.temporal)
            return try counted(.temporal(function, a, b))
        }
        if let function = ArrayFunction.allCases.first(where: { $0.rawValue.lowercased() == lower }) {
            let (a, b) = try pair(.array)
            return try counted(.array(function, a, b))
        }
        guard case .list(let arguments) = try list() else { preconditionFailure("a list is a list") }
        return try counted(.function(name, arguments))
    }

    private mutating func only(_ slot: OperandSlot) throws(CQL2Error) -> CQL2Expression {
        try expect("(")
        let operand = try operand(slot)
        try expect(")")
        return operand
    }

    private mutating func pair(_ slot: OperandSlot) throws(CQL2Error) -> (CQL2Expression, CQL2Expression) {
        try expect("(")
        let first = try argument(slot)
        try expect(",")
        let second = try argument(slot)
        try expect(")")
        return (first, second)
    }

    private mutating func argument(_ slot: OperandSlot) throws(CQL2Error) -> CQL2Expression {
        let start = position
        let expression = try element()
        try require(slot, expression, at: start)
        return expression
    }

    /// What stands between the parentheses that come next, as a list.
    private mutating func list() throws(CQL2Error) -> CQL2Expression {
        try expect("(")
        if take(")") { return try counted(.list([])) }
        var elements = [try element()]
        while take(",") { elements.append(try element()) }
        try expect(")")
        return try counted(.list(elements))
    }

    /// A parenthesis that is all of an element makes it a list, also one of a single element.
    private mutating func element() throws(CQL2Error) -> CQL2Expression {
        if token == .sign("(") {
            switch tokens[tokens[position].mate + 1].token {
            case .sign(","), .sign(")"): return try list()
            default: break
            }
        }
        return try disjunction()
    }
}
