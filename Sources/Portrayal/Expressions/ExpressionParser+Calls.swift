/// The argument and result types of one form of a function.
struct FunctionSignature: Sendable {
    var result: ExpressionType
    var parameters: [ExpressionType]
    /// The type of any number of arguments, in place of `parameters`.
    var repeated: ExpressionType?

    init(_ result: ExpressionType, _ parameters: [ExpressionType] = [], repeated: ExpressionType? = nil) {
        self.result = result
        self.parameters = parameters
        self.repeated = repeated
    }

    var shown: String {
        if let repeated { return "(\(repeated)...)" }
        return "(" + parameters.map(\.description).joined(separator: ", ") + ")"
    }
}

extension ExpressionFunction {
    var signatures: [FunctionSignature] {
        switch self {
        case .error: [FunctionSignature(.error, [.string])]
        case .typeof: [FunctionSignature(.string, [.value])]
        case .toRGBA: [FunctionSignature(.array(.number, count: 4), [.colour])]
        case .rgb: [FunctionSignature(.colour, [.number, .number, .number])]
        case .rgba: [FunctionSignature(.colour, [.number, .number, .number, .number])]
        case .get: [FunctionSignature(.value, [.string]), FunctionSignature(.value, [.string, .object])]
        case .has: [FunctionSignature(.boolean, [.string]), FunctionSignature(.boolean, [.string, .object])]
        case .featureState: [FunctionSignature(.value, [.string])]
        case .properties: [FunctionSignature(.object)]
        case .geometryType: [FunctionSignature(.string)]
        case .id, .accumulated: [FunctionSignature(.value)]
        case .zoom, .heatmapDensity, .elevation, .lineProgress, .ln2, .pi, .e: [FunctionSignature(.number)]
        case .plus, .times, .min, .max: [FunctionSignature(.number, repeated: .number)]
        case .minus: [FunctionSignature(.number, [.number, .number]), FunctionSignature(.number, [.number])]
        case .divide, .remainder, .power: [FunctionSignature(.number, [.number, .number])]
        case .sqrt, .log10, .ln, .log2, .sin, .cos, .tan, .asin, .acos, .atan, .abs, .round, .floor, .ceil:
            [FunctionSignature(.number, [.number])]
        case .not: [FunctionSignature(.boolean, [.boolean])]
        case .all, .any: [FunctionSignature(.boolean, repeated: .boolean)]
        case .isSupportedScript: [FunctionSignature(.boolean, [.string])]
        case .upcase, .downcase: [FunctionSignature(.string, [.string])]
        case .concat: [FunctionSignature(.string, repeated: .value)]
        case .join: [FunctionSignature(.string, [.array(.string, count: nil), .string])]
        case .split: [FunctionSignature(.array(.string, count: nil), [.string, .string])]
        case .resolvedLocale: [FunctionSignature(.string, [.collator])]
        case .at, .isIn, .indexOf, .slice, .length, .image: []
        }
    }
}

extension ExpressionParser {
    mutating func call(_ name: String, _ items: [JSONValue], _ key: String) -> Typed? {
        guard let function = ExpressionFunction(rawValue: name), !function.signatures.isEmpty else {
            return fail(
                key + "[0]",
                "Unknown expression \"\(name)\". If you wanted a literal array, use [\"literal\", [...]].")
        }
        let fitting = function.signatures.filter { $0.repeated != nil || $0.parameters.count == items.count - 1 }
        for signature in fitting {
            let (typed, faults) = attempt { $0.call(function, signature, items, key) }
            if let typed { return typed }
            if fitting.count == 1 {
                keep(faults)
                return nil
            }
        }
        var found: [String] = []
        for i in items.indices.dropFirst() {
            let (typed, _) = attempt { $0.parse(items[i], "\(key)[\(i)]", expecting: nil) }
            found.append(typed?.type.description ?? "error")
        }
        let wanted = function.signatures.map(\.shown).joined(separator: " | ")
        return fail(
            key, "Expected arguments of type \(wanted), but found (\(found.joined(separator: ", "))) instead.")
    }

    private mutating func call(
        _ function: ExpressionFunction, _ signature: FunctionSignature, _ items: [JSONValue], _ key: String
    ) -> Typed? {
        var arguments: [Expression] = []
        for i in items.indices.dropFirst() {
            let type = signature.repeated ?? signature.parameters[i - 1]
            guard let argument = parse(items[i], "\(key)[\(i)]", expecting: type) else { return nil }
            arguments.append(argument.expression)
        }
        if arguments.count == 1, case .literal(.string(let name)) = arguments[0] {
            if function == .get { return (.property(name), signature.result) }
            if function == .has { return (.hasProperty(name), signature.result) }
        }
        return (.call(function, arguments), signature.result)
    }

    mutating func comparison(_ name: String, _ items: [JSONValue], _ key: String) -> Typed? {
        guard items.count == 3 || items.count == 4 else { return fail(key, "Expected two or three arguments.") }
        guard let op = Expression.Comparison.Operator(rawValue: name) else { return nil }
        func comparable(_ type: ExpressionType) -> Bool {
            switch type {
            case .string, .number, .value: true
            case .boolean, .null: !op.isOrder
            default: false
            }
        }
        guard var l = parse(items[1], key + "[1]", expecting: .value) else { return nil }
        guard comparable(l.type) else {
            return fail(key + "[1]", "\"\(name)\" comparisons are not supported for type '\(l.type)'.")
        }
        guard var r = parse(items[2], key + "[2]", expecting: .value) else { return nil }
        guard comparable(r.type) else {
            return fail(key + "[2]", "\"\(name)\" comparisons are not supported for type '\(r.type)'.")
        }
        if l.type != r.type && l.type != .value && r.type != .value {
            return fail(key, "Cannot compare types '\(l.type)' and '\(r.type)'.")
        }
        if op.isOrder {
            if l.type == .value && r.type != .value {
                l = (.assertion(r.type, [l.expression]), r.type)
            } else if l.type != .value && r.type == .value {
                r = (.assertion(l.type, [r.expression]), l.type)
            }
        }
        var rules: Expression?
        if items.count == 4 {
            let texts: [ExpressionType] = [.string, .value]
            guard texts.contains(l.type) || texts.contains(r.type) else {
                return fail(key, "Cannot use collator to compare non-string types.")
            }
            guard let parsed = parse(items[3], key + "[3]", expecting: .collator) else { return nil }
            rules = parsed.expression
        }
        let comparison = Expression.Comparison(
            comparison: op, left: l.expression, right: r.expression, collator: rules,
            isUntyped: l.type == .value || r.type == .value)
        return (.compare(comparison), .boolean)
    }

    mutating func at(_ items: [JSONValue], _ key: String, _ expected: ExpressionType?) -> Typed? {
        guard items.count == 3 else {
            return fail(key, "Expected 2 arguments, but found \(items.count - 1) instead.")
        }
        guard let index = parse(items[1], key + "[1]", expecting: .number),
            let list = parse(items[2], key + "[2]", expecting: .array(expected ?? .value, count: nil))
        else { return nil }
        var item = ExpressionType.value
        if case .array(let known, _) = list.type { item = known }
        return (.call(.at, [index.expression, list.expression]), item)
    }

    mutating func sequence(_ name: String, _ items: [JSONValue], _ key: String) -> Typed? {
        let n = items.count - 1
        switch name {
        case "in":
            guard n == 2 else { return fail(key, "Expected 2 arguments, but found \(n) instead.") }
        case "length":
            guard n == 1 else { return fail(key, "Expected 1 argument, but found \(n) instead.") }
        default:
            guard n == 2 || n == 3 else { return fail(key, "Expected 2 or 3 arguments, but found \(n) instead.") }
        }
        func isSequence(_ type: ExpressionType) -> Bool { type.isArray || type == .string || type == .value }
        var parsed: [Typed] = []
        for i in 1...n {
            let isNumber = name == "slice" && i > 1 || name == "index-of" && i == 3
            guard let item = parse(items[i], "\(key)[\(i)]", expecting: isNumber ? .number : .value) else { return nil }
            parsed.append(item)
        }
        switch name {
        case "length":
            guard isSequence(parsed[0].type) else {
                return fail(key, "Expected argument of type string or array, but found \(parsed[0].type) instead.")
            }
            return (.call(.length, parsed.map(\.expression)), .number)
        case "slice":
            guard isSequence(parsed[0].type) else {
                return fail(key, "Expected first argument to be of type array or string, but found \(parsed[0].type) instead")
            }
            return (.call(.slice, parsed.map(\.expression)), parsed[0].type)
        default:
            let needles: [ExpressionType] = [.boolean, .string, .number, .null, .value]
            guard needles.contains(parsed[0].type) else {
                return fail(
                    key,
                    "Expected first argument to be of type boolean, string, number or null, but found \(parsed[0].type) instead")
            }
            let function: ExpressionFunction = name == "in" ? .isIn : .indexOf
            return (.call(function, parsed.map(\.expression)), name == "in" ? .boolean : .number)
        }
    }
}
