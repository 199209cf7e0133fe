/// Compiles the JSON of one expression to a typed tree, collecting every fault with its place.
struct ExpressionParser {
    typealias Typed = (expression: Expression, type: ExpressionType)

    /// Faults with keys relative to the expression, as `[2][1]`.
    private(set) var issues: [StyleIssue] = []
    private var scope: [String: Typed] = [:]

    /// How a value whose type is not known is brought to the expected type.
    enum Annotation {
        case assert, coerce, omit
    }

    mutating func fail(_ key: String, _ message: String) -> Typed? {
        issues.append(StyleIssue(path: key, message: message, chinese: "表达式不合样式规范"))
        return nil
    }

    mutating func parse(
        _ json: JSONValue, _ key: String, expecting expected: ExpressionType?, annotation: Annotation? = nil
    ) -> Typed? {
        guard let parsed = parseBare(json, key, expected) else { return nil }
        var typed = parsed
        if let expected {
            guard let fitted = fit(typed, to: expected, key, annotation) else { return nil }
            typed = fitted
        }
        if typed.expression.literalValue == nil, typed.type != .image, typed.expression.isConstant {
            do {
                typed.expression = .literal(try typed.expression.value(EvaluationContext()))
            } catch {
                return fail(key, error.message)
            }
        }
        return typed
    }

    private mutating func parseBare(_ json: JSONValue, _ key: String, _ expected: ExpressionType?) -> Typed? {
        switch json {
        case .object:
            return fail(key, "Bare objects invalid. Use [\"literal\", {...}] instead.")
        case .array(let items):
            guard let first = items.first else {
                return fail(
                    key,
                    "Expected an array with at least one element. If you wanted a literal array, use [\"literal\", []].")
            }
            guard case .string(let name) = first else {
                return fail(
                    key + "[0]",
                    "Expression name must be a string, but found \(first.typeName) instead. If you wanted a literal array, "
                        + "use [\"literal\", [...]].")
            }
            return parse(operator: name, items, key, expected)
        default:
            let value = ExpressionValue(json)
            return (.literal(value), value.type)
        }
    }

    private mutating func fit(
        _ typed: Typed, to expected: ExpressionType, _ key: String, _ annotation: Annotation?
    ) -> Typed? {
        let actual = typed.type
        func annotated(_ how: Annotation) -> Typed {
            switch annotation ?? how {
            case .assert: (.assertion(expected, [typed.expression]), expected)
            case .coerce: (.coercion(expected, [typed.expression]), expected)
            case .omit: typed
            }
        }
        switch expected {
        case .string, .number, .boolean, .object, .array:
            if actual == .value { return annotated(.assert) }
        case .colour, .formatted, .image:
            if actual == .value || actual == .string { return annotated(.coerce) }
        case .projection:
            if actual == .value || actual == .string || actual.isArray { return annotated(.coerce) }
        case .padding, .numberArray:
            if actual == .value || actual == .number || actual.isArray { return annotated(.coerce) }
        case .colourArray:
            if actual == .value || actual == .string || actual.isArray { return annotated(.coerce) }
        case .anchorOffsets:
            if actual == .value || actual.isArray { return annotated(.coerce) }
        default: break
        }
        guard expected.accepts(actual) else {
            return fail(key, "Expected \(expected) but found \(actual) instead.")
        }
        return typed
    }

    private mutating func parse(
        operator name: String, _ items: [JSONValue], _ key: String, _ expected: ExpressionType?
    ) -> Typed? {
        switch name {
        case "literal", "semiliteral": return literal(name, items, key, expected)
        case "array", "string", "number", "boolean", "object": return assertion(name, items, key)
        case "to-boolean", "to-color", "to-number", "to-string": return coercion(name, items, key)
        case "==", "!=", "<", "<=", ">", ">=": return comparison(name, items, key)
        case "case": return branch(items, key, expected)
        case "match": return match(items, key, expected)
        case "coalesce": return coalesce(items, key, expected)
        case "step": return step(items, key, expected)
        case "interpolate", "interpolate-hcl", "interpolate-lab": return interpolate(name, items, key, expected)
        case "let": return letBinding(items, key, expected)
        case "var": return variable(items, key)
        case "at": return at(items, key, expected)
        case "in", "index-of", "slice", "length": return sequence(name, items, key)
        case "format": return format(items, key)
        case "image": return image(items, key)
        case "collator": return collator(items, key)
        case "number-format": return numberFormat(items, key)
        case "global-state": return globalState(items, key)
        case "within", "distance": return place(name, items, key)
        default: return call(name, items, key)
        }
    }

    /// Parses in a scope of its own and gives back the faults instead of keeping them.
    mutating func attempt(_ body: (inout ExpressionParser) -> Typed?) -> (Typed?, [StyleIssue]) {
        var trial = self
        trial.issues = []
        let result = body(&trial)
        return (result, trial.issues)
    }

    mutating func keep(_ more: [StyleIssue]) { issues += more }

    private mutating func letBinding(_ items: [JSONValue], _ key: String, _ expected: ExpressionType?) -> Typed? {
        guard items.count >= 4 else {
            return fail(key, "Expected at least 3 arguments, but found \(items.count - 1) instead.")
        }
        var bindings: [(String, Typed)] = []
        for i in stride(from: 1, to: items.count - 1, by: 2) {
            guard case .string(let name) = items[i] else {
                return fail("\(key)[\(i)]", "Expected string, but found \(items[i].typeName) instead.")
            }
            guard name.unicodeScalars.allSatisfy({ $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_") })
            else { return fail("\(key)[\(i)]", "Variable names must contain only alphanumeric characters or '_'.") }
            guard let value = parse(items[i + 1], "\(key)[\(i + 1)]", expecting: nil) else { return nil }
            bindings.append((name, value))
        }
        let outer = scope
        for (name, value) in bindings { scope[name] = value }
        let last = items.count - 1
        let result = parse(items[last], "\(key)[\(last)]", expecting: expected)
        scope = outer
        // A variable is put in place where it is used, so a curve over the zoom in one is looked for here.
        if let result, bindings.contains(where: { ZoomCurve.isPresent(in: $0.1.expression) }) {
            let isSecond = ZoomCurve.isPresent(in: result.expression)
            return fail(key, isSecond ? ZoomCurve.onceMessage : ZoomCurve.placeMessage)
        }
        return result
    }

    private mutating func variable(_ items: [JSONValue], _ key: String) -> Typed? {
        guard items.count == 2, case .string(let name) = items[1] else {
            return fail(key, "'var' expression requires exactly one string literal argument.")
        }
        guard let bound = scope[name] else {
            return fail(
                key + "[1]",
                "Unknown variable \"\(name)\". Make sure \"\(name)\" has been bound in an enclosing \"let\" expression before using it.")
        }
        return bound
    }

    private mutating func place(_ name: String, _ items: [JSONValue], _ key: String) -> Typed? {
        guard items.count == 2 else {
            return fail(key, "'\(name)' expression requires exactly one argument, but found \(items.count - 1) instead.")
        }
        guard let geometry = PlacedGeometry(items[1]), name == "distance" || !geometry.polygons.isEmpty else {
            return fail(
                key, "'\(name)' expression requires valid geojson object that contains polygon geometry type.")
        }
        return name == "within" ? (.within(geometry), .boolean) : (.distance(geometry), .number)
    }

    private mutating func globalState(_ items: [JSONValue], _ key: String) -> Typed? {
        guard items.count == 2 else {
            return fail(key, "Expected 1 argument, but found \(items.count - 1) instead.")
        }
        guard case .string(let name) = items[1] else {
            return fail(key, "Global state property must be string, but found object instead.")
        }
        return (.globalState(name), .value)
    }

    private mutating func literal(
        _ name: String, _ items: [JSONValue], _ key: String, _ expected: ExpressionType?
    ) -> Typed? {
        guard items.count == 2 else {
            return fail(key, "'\(name)' expression requires exactly one argument, but found \(items.count - 1) instead.")
        }
        if name == "semiliteral" {
            guard case .array(let members) = items[1] else {
                return fail(key, "'semiliteral' expects an array, but found \(items[1].typeName) instead.")
            }
            var parsed: [Expression] = []
            var type: ExpressionType?
            for (i, member) in members.enumerated() {
                guard let item = parse(member, "\(key)[1][\(i)]", expecting: nil) else { return nil }
                parsed.append(item.expression)
                type = type == nil || type == item.type ? item.type : .value
            }
            return (.list(parsed), .array(type ?? .value, count: members.count))
        }
        let value = ExpressionValue(items[1])
        var type = value.type
        if case .array(_, count: 0) = type, let expected, case .array(_, let count) = expected,
            count == nil || count == 0
        {
            type = expected
        }
        return (.literal(value), type)
    }

    private mutating func assertion(_ name: String, _ items: [JSONValue], _ key: String) -> Typed? {
        guard items.count >= 2 else { return fail(key, "Expected at least one argument.") }
        var type: ExpressionType
        var first = 1
        if name == "array" {
            var item = ExpressionType.value
            if items.count > 2 {
                switch items[1] {
                case .string("string"): item = .string
                case .string("number"): item = .number
                case .string("boolean"): item = .boolean
                default:
                    return fail(key + "[1]", "The item type argument of \"array\" must be one of string, number, boolean")
                }
                first = 2
            }
            var count: Int?
            if items.count > 3 {
                if items[2] != .null {
                    guard case .number(let n) = items[2], n >= 0, n == n.rounded(), n < 1e9 else {
                        return fail(key + "[2]", "The length argument to \"array\" must be a positive integer literal")
                    }
                    count = Int(n)
                }
                first = 3
            }
            type = .array(item, count: count)
        } else {
            type = ["string": .string, "number": .number, "boolean": .boolean][name] ?? .object
        }
        var parsed: [Expression] = []
        for i in first..<items.count {
            guard let argument = parse(items[i], "\(key)[\(i)]", expecting: .value) else { return nil }
            parsed.append(argument.expression)
        }
        return (.assertion(type, parsed), type)
    }

    private mutating func coercion(_ name: String, _ items: [JSONValue], _ key: String) -> Typed? {
        guard items.count >= 2 else { return fail(key, "Expected at least one argument.") }
        if name == "to-boolean" || name == "to-string", items.count != 2 {
            return fail(key, "Expected one argument.")
        }
        let types: [String: ExpressionType] = [
            "to-boolean": .boolean, "to-color": .colour, "to-number": .number, "to-string": .string,
        ]
        var parsed: [Expression] = []
        for i in 1..<items.count {
            guard let argument = parse(items[i], "\(key)[\(i)]", expecting: .value) else { return nil }
            parsed.append(argument.expression)
        }
        let type = types[name] ?? .string
        return (.coercion(type, parsed), type)
    }
}
