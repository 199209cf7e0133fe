/// A layer's filter: an expression, or the style language's first form rewritten as one.
enum Filter {
    static func compile(_ json: JSONValue) throws(ExpressionFaults) -> PropertyExpression {
        let expression: Expression
        if isExpression(json) {
            var parser = ExpressionParser()
            guard let typed = parser.parse(json, "", expecting: .boolean) else {
                throw ExpressionFaults(issues: parser.issues)
            }
            expression = typed.expression
        } else {
            expression = try legacy(json, "")
        }
        return PropertyExpression(expression, fallback: .boolean(false))
    }

    /// Whether the filter is an expression; the two forms overlap, and the rules are those of the specification.
    static func isExpression(_ json: JSONValue) -> Bool {
        guard case .array(let items) = json, case .string(let name)? = items.first else {
            if case .boolean = json { return true }
            return false
        }
        switch name {
        case "has":
            return items.count >= 2 && items[1] != .string("$id") && items[1] != .string("$type")
        case "in":
            guard items.count >= 3 else { return false }
            if case .string = items[1], items[2].array == nil, items.count == 3 { return false }
            return items[1].text == nil || items[2].array != nil
        case "!in", "!has", "none": return false
        case "==", "!=", ">", ">=", "<", "<=":
            return items.count != 3 || items[1].array != nil || items[2].array != nil
        case "any", "all":
            return items.dropFirst().allSatisfy { isExpression($0) || $0.boolean != nil }
        default: return true
        }
    }

    private static func legacy(_ json: JSONValue, _ key: String) throws(ExpressionFaults) -> Expression {
        guard case .array(let items) = json, case .string(let name)? = items.first else {
            throw ExpressionFaults(issues: [StyleIssue.expected("array", json, at: key).showing(json)])
        }
        switch name {
        case "all", "any", "none":
            var parts: [Expression] = []
            for i in items.indices.dropFirst() { parts.append(try legacy(items[i], "\(key)[\(i)]")) }
            if name == "none" { return .call(.not, [.call(.any, parts)]) }
            return .call(name == "all" ? .all : .any, parts)
        case "has", "!has":
            guard items.count == 2, case .string(let property) = items[1] else {
                throw ExpressionFaults(key, "\"\(name)\" takes one property name", chinese: "“\(name)”后应为一个字段名")
            }
            let test: Expression = property == "$type" ? .literal(.boolean(true))
                : property == "$id" ? .compare(comparison(.notEqual, .call(.id, []), .literal(.null)))
                : .hasProperty(property)
            return name == "has" ? test : .call(.not, [test])
        case "in", "!in":
            guard items.count >= 2, case .string(let property) = items[1] else {
                throw ExpressionFaults(key, "\"\(name)\" takes a property name and values", chinese: "“\(name)”后应为字段名和值")
            }
            let labels = Dictionary(
                items.dropFirst(2).map { (ExpressionValue($0), 0) }, uniquingKeysWith: { a, _ in a })
            let test = Expression.match(
                Expression.Match(
                    input: operand(property), labels: labels, outputs: [.literal(.boolean(true))],
                    otherwise: .literal(.boolean(false)), isNumeric: false))
            return name == "in" ? test : .call(.not, [test])
        default:
            if isExpression(json) {
                var parser = ExpressionParser()
                guard let typed = parser.parse(json, key, expecting: .boolean) else {
                    throw ExpressionFaults(issues: parser.issues)
                }
                return typed.expression
            }
            guard let op = Expression.Comparison.Operator(rawValue: name), items.count == 3,
                case .string(let property) = items[1]
            else {
                throw ExpressionFaults(
                    key + "[0]", "unknown filter operator \"\(name)\"", chinese: "没有“\(name)”这种筛选")
            }
            return .compare(comparison(op, operand(property), .literal(ExpressionValue(items[2]))))
        }
    }

    private static func operand(_ property: String) -> Expression {
        switch property {
        case "$type": .call(.geometryType, [])
        case "$id": .call(.id, [])
        default: .property(property)
        }
    }

    private static func comparison(
        _ op: Expression.Comparison.Operator, _ left: Expression, _ right: Expression
    ) -> Expression.Comparison {
        // The old form is false, not a failure, where the types differ.
        Expression.Comparison(comparison: op, left: left, right: right, collator: nil, isUntyped: false)
    }
}
