internal import SimpleFeatures
internal import Wording

extension CQL2Expression {
    /// Reads CQL2 JSON.
    public init(json: [UInt8], limits: CQL2Limits = CQL2Limits()) throws(CQL2Error) {
        let tree = try JSONTreeReader.read(json.span, limits)
        var parser = JSONParser(limits)
        let expression = try parser.expression(tree, .boolean)
        guard !expression.isDeeper(than: limits.nesting * 2) else {
            throw CQL2Error(
                .tooDeep, at: .pointer(""), found: .init(zh: "嵌套过深的表达式", en: "an expression that is nested too deeply"),
                expected: .atMost(limits.nesting, zh: "层嵌套", en: "inside one another"))
        }
        self = expression
    }
}

/// Makes expressions of JSON that was read; its depth is that of the JSON, which is bounded.
struct JSONParser {
    let limits: CQL2Limits
    /// Members and indices on the way to the value that is looked at.
    private var path: [String] = []
    private var nodes = 0
    var vertices = 0

    init(_ limits: CQL2Limits) {
        self.limits = limits
    }

    mutating func expression(_ tree: JSONTree, _ slot: OperandSlot) throws(CQL2Error) -> CQL2Expression {
        nodes += 1
        guard nodes <= limits.nodes else {
            throw CQL2Error(
                .tooManyNodes, at: place, found: .init(zh: "第 \(nodes) 个运算符或操作数", en: "operator or operand number \(nodes)"),
                expected: .atMost(limits.nodes, zh: "个", en: "of them"))
        }
        let expression: CQL2Expression
        switch tree {
        case .null: throw fault(tree, slot.expected)
        case .boolean(let flag): expression = .boolean(flag)
        case .number(let number): expression = .number(number)
        case .string(let text): expression = .text(text)
        case .array(let elements): expression = .list(try each(elements, .anything))
        case .object: expression = try object(tree, slot)
        }
        guard slot.admits(expression) else { throw fault(tree, slot.expected, .operand) }
        return expression
    }

    private mutating func object(_ tree: JSONTree, _ slot: OperandSlot) throws(CQL2Error) -> CQL2Expression {
        if let op = tree["op"] {
            guard case .string(let name) = op else { throw inside("op", fault(op, .init(zh: "运算符或函数的名称", en: "the name of an operator or a function"))) }
            return try operation(name, tree)
        }
        if let property = tree["property"] {
            guard case .string(let name) = property, !name.isEmpty else {
                throw inside("property", fault(property, .init(zh: "属性名", en: "the name of a property")))
            }
            return .property(name)
        }
        if let date = tree["date"] {
            guard case .string(let text) = date, case .date(let day)? = CQL2Expression(instant: text) else { throw inside("date", fault(date, .date)) }
            return .date(day)
        }
        if let timestamp = tree["timestamp"] {
            guard case .string(let text) = timestamp, case .timestamp(let time)? = CQL2Expression(instant: text) else {
                throw inside("timestamp", fault(timestamp, .timestamp))
            }
            return .timestamp(time)
        }
        if let interval = tree["interval"] { return try within("interval") { (p) throws(CQL2Error) in try p.interval(interval) } }
        if tree["type"] != nil { return .geometry(try geometry(tree)) }
        if let box = tree["bbox"] {
            guard case .array(let elements) = box, elements.count == 4 || elements.count == 6 else { throw inside("bbox", fault(box, .box)) }
            return .box(try within("bbox") { (p) throws(CQL2Error) in try p.numbers(elements) })
        }
        throw fault(tree, slot.expected)
    }

    private mutating func interval(_ tree: JSONTree) throws(CQL2Error) -> CQL2Expression {
        guard case .array(let ends) = tree, ends.count == 2 else {
            throw fault(tree, .init(zh: "两个端点的数组", en: "an array of two ends"))
        }
        var read: [CQL2Expression?] = []
        for (index, end) in ends.enumerated() {
            let expression = try within(String(index)) { (p) throws(CQL2Error) -> CQL2Expression? in
                if case .string(let text) = end {
                    if text == ".." { return nil }
                    guard let instant = CQL2Expression(instant: text) else { throw p.fault(end, OperandSlot.intervalEnd.expected) }
                    return instant
                }
                return try p.expression(end, .intervalEnd)
            }
            read.append(expression)
        }
        return .interval(read[0], read[1])
    }

    // MARK: Operators

    private mutating func operation(_ name: String, _ tree: JSONTree) throws(CQL2Error) -> CQL2Expression {
        guard case .array(let arguments)? = tree["args"] else {
            throw inside("args", fault(tree["args"] ?? .null, .init(zh: "操作数的数组", en: "an array of operands")))
        }
        return try within("args") { (p) throws(CQL2Error) in try p.operation(name, arguments) }
    }

    private mutating func operation(_ name: String, _ arguments: [JSONTree]) throws(CQL2Error) -> CQL2Expression {
        let lower = name.lowercased()
        if let comparison = ComparisonOperator(rawValue: name) {
            let (a, b) = try pair(arguments, .scalar, .scalar)
            return .comparison(comparison, a, b)
        }
        if let sign = ArithmeticOperator(rawValue: lower) {
            let (a, b) = try pair(arguments, .numeric, .numeric)
            return .arithmetic(sign, a, b)
        }
        if let function = SpatialFunction(rawValue: lower) {
            let (a, b) = try pair(arguments, .spatial, .spatial)
            return .spatial(function, a, b)
        }
        if let function = TemporalFunction.allCases.first(where: { $0.rawValue.lowercased() == lower }) {
            let (a, b) = try pair(arguments, .temporal, .temporal)
            return .temporal(function, a, b)
        }
        if let function = ArrayFunction.allCases.first(where: { $0.rawValue.lowercased() == lower }) {
            let (a, b) = try pair(arguments, .array, .array)
            return .array(function, a, b)
        }
        switch lower {
        case "and", "or":
            guard arguments.count >= 2 else { throw miscounted(arguments, zh: "两个以上的操作数", en: "two or more operands") }
            let terms = try each(arguments, .boolean)
            return lower == "and" ? .and(terms) : .or(terms)
        case "not": return .not(try only(arguments, .boolean))
        case "like":
            let (value, pattern) = try pair(arguments, .character, .pattern)
            return .like(value, pattern: pattern)
        case "between":
            guard arguments.count == 3 else { throw miscounted(arguments, zh: "三个操作数", en: "three operands") }
            let operands = try each(arguments, .numeric)
            return .between(operands[0], low: operands[1], high: operands[2])
        case "in": return try membership(arguments)
        case "isnull": return .isNull(try only(arguments, .nullable))
        case "casei": return .caseInsensitive(try only(arguments, .character))
        case "accenti": return .accentInsensitive(try only(arguments, .character))
        default: return .function(name, try each(arguments, .anything))
        }
    }

    private mutating func membership(_ arguments: [JSONTree]) throws(CQL2Error) -> CQL2Expression {
        guard arguments.count == 2 else { throw miscounted(arguments, zh: "一个值与一个数组", en: "a value and an array") }
        let value = try within("0") { (p) throws(CQL2Error) in try p.expression(arguments[0], .scalar) }
        guard case .array(let list) = arguments[1], !list.isEmpty else {
            throw inside("1", fault(arguments[1], .init(zh: "非空的数组", en: "an array that is not empty")))
        }
        return .isIn(value, try within("1") { (p) throws(CQL2Error) in try p.each(list, .scalar) })
    }

    private mutating func only(_ arguments: [JSONTree], _ slot: OperandSlot) throws(CQL2Error) -> CQL2Expression {
        guard arguments.count == 1 else { throw miscounted(arguments, zh: "一个操作数", en: "one operand") }
        return try each(arguments, slot)[0]
    }

    private mutating func pair(
        _ arguments: [JSONTree], _ first: OperandSlot, _ second: OperandSlot
    ) throws(CQL2Error) -> (CQL2Expression, CQL2Expression) {
        guard arguments.count == 2 else { throw miscounted(arguments, zh: "两个操作数", en: "two operands") }
        let a = try within("0") { (p) throws(CQL2Error) in try p.expression(arguments[0], first) }
        let b = try within("1") { (p) throws(CQL2Error) in try p.expression(arguments[1], second) }
        return (a, b)
    }

    private mutating func each(_ trees: [JSONTree], _ slot: OperandSlot) throws(CQL2Error) -> [CQL2Expression] {
        var expressions: [CQL2Expression] = []
        for (index, tree) in trees.enumerated() {
            expressions.append(try within(String(index)) { (p) throws(CQL2Error) in try p.expression(tree, slot) })
        }
        return expressions
    }

    // MARK: Places

    /// Does what belongs to a member or an element.
    mutating func within<Result>(
        _ step: String, _ body: (inout JSONParser) throws(CQL2Error) -> Result
    ) throws(CQL2Error) -> Result {
        path.append(step)
        let result = try body(&self)
        path.removeLast()
        return result
    }

    var place: CQL2Error.Place { .pointer(path.map { "/" + $0 }.joined()) }

    func fault(_ tree: JSONTree, _ expected: LocalisedText, _ code: CQL2Error.Code = .syntax) -> CQL2Error {
        CQL2Error(code, at: place, found: tree.excerpt, expected: expected)
    }

    /// The error, at a member of what is looked at.
    func inside(_ step: String, _ error: CQL2Error) -> CQL2Error {
        var error = error
        if case .pointer(let pointer) = error.place { error.place = .pointer(pointer + "/" + step) }
        return error
    }

    private func miscounted(_ arguments: [JSONTree], zh: String, en: String) -> CQL2Error {
        CQL2Error(
            .operand, at: place, found: .init(zh: "\(arguments.count) 个操作数", en: "\(arguments.count) operands"),
            expected: .init(zh: zh, en: en))
    }
}

extension JSONTree {
    /// What an error repeats of it.
    fileprivate var excerpt: LocalisedText {
        switch self {
        case .null: .init(zh: "空值或缺失", en: "null or nothing")
        case .boolean(let flag): .verbatim(flag ? "true" : "false")
        case .number(let number): .verbatim(number.text)
        case .string(let text): .verbatim(text)
        case .array(let elements): .init(zh: "\(elements.count) 个元素的数组", en: "an array of \(elements.count)")
        case .object(let members): .verbatim("{" + members.prefix(3).map { $0.name }.joined(separator: ", ") + "}")
        }
    }
}
