internal import Wording

extension CQL2Expression {
    /// Reads CQL2 text.
    public init(text: String, limits: CQL2Limits = CQL2Limits()) throws(CQL2Error) {
        let size = text.utf8.count
        guard size <= limits.bytes else {
            throw CQL2Error(
                .tooLong, at: .character(0), found: .init(zh: "\(size) 字节的过滤式", en: "a filter of \(size) bytes"),
                expected: .atMost(limits.bytes, zh: "字节", en: "bytes"))
        }
        var parser = TextParser(text, try TextTokeniser.tokens(of: text, limits), limits)
        self = try parser.filter()
    }
}

/// Reads tokens by recursive descent; parentheses have been counted, so that it cannot go deeper than the limit.
struct TextParser {
    private let text: String
    let tokens: [PlacedToken]
    let limits: CQL2Limits
    var position = 0
    private var nodes = 0
    var vertices = 0

    init(_ text: String, _ tokens: [PlacedToken], _ limits: CQL2Limits) {
        self.text = text
        self.tokens = tokens
        self.limits = limits
    }

    mutating func filter() throws(CQL2Error) -> CQL2Expression {
        let expression = try disjunction()
        guard token == .end else {
            throw unexpected(.init(zh: "AND、OR 或过滤式的结尾", en: "AND, OR or the end of the filter"))
        }
        try require(.boolean, expression, at: 0)
        guard !expression.isDeeper(than: limits.nesting * 2) else { throw tooDeep(at: 0) }
        return expression
    }

    // MARK: Boolean expressions

    mutating func disjunction() throws(CQL2Error) -> CQL2Expression {
        try terms("OR", { .or($0) }) { (p) throws(CQL2Error) in try p.conjunction() }
    }

    private mutating func conjunction() throws(CQL2Error) -> CQL2Expression {
        try terms("AND", { .and($0) }) { (p) throws(CQL2Error) in try p.negation() }
    }

    private mutating func terms(
        _ word: String, _ joined: ([CQL2Expression]) -> CQL2Expression,
        _ term: (inout TextParser) throws(CQL2Error) -> CQL2Expression
    ) throws(CQL2Error) -> CQL2Expression {
        var start = position
        let first = try term(&self)
        guard isWord(word) else { return first }
        try require(.boolean, first, at: start)
        var terms = [first]
        while takeWord(word) {
            start = position
            let next = try term(&self)
            try require(.boolean, next, at: start)
            terms.append(next)
        }
        return try counted(joined(terms))
    }

    private mutating func negation() throws(CQL2Error) -> CQL2Expression {
        guard takeWord("NOT") else { return try predicate() }
        let start = position
        let term = try predicate()
        try require(.boolean, term, at: start)
        return try counted(.not(term))
    }

    // MARK: Arithmetic

    mutating func sum() throws(CQL2Error) -> CQL2Expression {
        try chain([.plus, .minus]) { (p) throws(CQL2Error) in try p.product() }
    }

    private mutating func product() throws(CQL2Error) -> CQL2Expression {
        try chain([.times, .divided, .modulo, .wholeDivided]) { (p) throws(CQL2Error) in try p.power() }
    }

    private mutating func chain(
        _ operators: [ArithmeticOperator], _ term: (inout TextParser) throws(CQL2Error) -> CQL2Expression
    ) throws(CQL2Error) -> CQL2Expression {
        let start = position
        var left = try term(&self)
        var length = 0
        while let sign = operators.first(where: { isArithmetic($0) }) {
            length += 1
            guard length <= CQL2Limits.chain else { throw tooDeep(at: position) }
            try require(.numeric, left, at: start)
            position += 1
            let at = position
            let right = try term(&self)
            try require(.numeric, right, at: at)
            left = try counted(.arithmetic(sign, left, right))
        }
        return left
    }

    private mutating func power() throws(CQL2Error) -> CQL2Expression {
        let start = position
        let base = try signed()
        guard token == .sign("^") else { return base }
        try require(.numeric, base, at: start)
        position += 1
        let at = position
        let exponent = try signed()
        try require(.numeric, exponent, at: at)
        return try counted(.arithmetic(.power, base, exponent))
    }

    private mutating func signed() throws(CQL2Error) -> CQL2Expression {
        if token == .sign("+"), case .number = tokens[position + 1].token {
            position += 1
            return try primary()
        }
        guard token == .sign("-") else { return try primary() }
        position += 1
        if case .number(let spelt) = token {
            position += 1
            guard let number = CQL2Number(text: "-" + spelt) else { throw unexpected(OperandSlot.numeric.expected) }
            return try counted(.number(number))
        }
        let start = position
        let operand = try primary()
        try require(.numeric, operand, at: start)
        _ = try counted(operand)
        return try counted(.arithmetic(.times, .number(.integer(-1)), operand))
    }

    private func isArithmetic(_ sign: ArithmeticOperator) -> Bool {
        sign == .wholeDivided ? isWord("DIV") : token == .sign(sign.rawValue)
    }

    // MARK: Tokens

    var token: TextToken { tokens[position].token }

    /// Whether a word stands here that is not in double quotes.
    func isWord(_ word: String) -> Bool {
        if case .name(let name) = token { return name.utf8.count == word.utf8.count && name.uppercased() == word }
        return false
    }

    mutating func takeWord(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        position += 1
        return true
    }

    mutating func take(_ sign: String) -> Bool {
        guard token == .sign(sign) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ sign: String) throws(CQL2Error) {
        guard take(sign) else { throw unexpected(.init(zh: "“\(sign)”", en: "“\(sign)”")) }
    }

    // MARK: Judgement

    /// The expression, counted.
    mutating func counted(_ expression: CQL2Expression) throws(CQL2Error) -> CQL2Expression {
        nodes += 1
        guard nodes <= limits.nodes else {
            throw CQL2Error(
                .tooManyNodes, at: place(position), found: .init(zh: "第 \(nodes) 个运算符或操作数", en: "operator or operand number \(nodes)"),
                expected: .atMost(limits.nodes, zh: "个", en: "of them"))
        }
        return expression
    }

    func require(_ slot: OperandSlot, _ expression: CQL2Expression, at index: Int) throws(CQL2Error) {
        guard !slot.admits(expression) else { return }
        throw CQL2Error(.operand, at: place(index), found: excerpt(from: index), expected: slot.expected)
    }

    func unexpected(_ expected: LocalisedText) -> CQL2Error {
        CQL2Error(.syntax, at: place(position), found: excerpt(from: position), expected: expected)
    }

    func tooDeep(at index: Int) -> CQL2Error {
        CQL2Error(
            .tooDeep, at: place(index), found: .init(zh: "嵌套过深的表达式", en: "an expression that is nested too deeply"),
            expected: .init(
                zh: "至多 \(limits.nesting) 层嵌套、一串至多 \(CQL2Limits.chain) 个算术运算符",
                en: "at most \(limits.nesting) levels and \(CQL2Limits.chain) arithmetic operators in a row"))
    }

    func place(_ index: Int) -> CQL2Error.Place { .character(scalarOffset(tokens[index].start, in: text)) }

    private func excerpt(from index: Int) -> LocalisedText {
        guard tokens[index].token != .end else { return .init(zh: "过滤式的结尾", en: "the end of the filter") }
        let start = text.utf8.index(text.utf8.startIndex, offsetBy: tokens[index].start)
        let next = tokens[min(index + 1, tokens.count - 1)].start
        let end = text.utf8.index(text.utf8.startIndex, offsetBy: next)
        let word = text[start..<end]
        return .verbatim(String(word.unicodeScalars.prefix(CQL2Error.excerptLimit + 1)).trimmingEnd)
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = self
        while let last = text.unicodeScalars.last, TextScalars.isBlank(last) { text.unicodeScalars.removeLast() }
        return text
    }
}
