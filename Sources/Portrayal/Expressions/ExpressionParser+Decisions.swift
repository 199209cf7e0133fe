extension ExpressionParser {
    mutating func branch(_ items: [JSONValue], _ key: String, _ expected: ExpressionType?) -> Typed? {
        guard items.count >= 4 else {
            return fail(key, "Expected at least 3 arguments, but found only \(items.count - 1).")
        }
        guard items.count % 2 == 0 else { return fail(key, "Expected an odd number of arguments.") }
        var output = expected == .value ? nil : expected
        var branches: [(test: Expression, output: Expression)] = []
        for i in stride(from: 1, to: items.count - 1, by: 2) {
            guard let test = parse(items[i], "\(key)[\(i)]", expecting: .boolean),
                let result = parse(items[i + 1], "\(key)[\(i + 1)]", expecting: output)
            else { return nil }
            branches.append((test.expression, result.expression))
            output = output ?? result.type
        }
        let last = items.count - 1
        guard let otherwise = parse(items[last], "\(key)[\(last)]", expecting: output) else { return nil }
        return (.branch(branches, otherwise: otherwise.expression), output ?? otherwise.type)
    }

    mutating func match(_ items: [JSONValue], _ key: String, _ expected: ExpressionType?) -> Typed? {
        guard items.count >= 5 else {
            return fail(key, "Expected at least 4 arguments, but found only \(items.count - 1).")
        }
        guard items.count % 2 == 1 else { return fail(key, "Expected an even number of arguments.") }
        var inputType: ExpressionType?
        var output = expected == .value ? nil : expected
        var labels: [ExpressionValue: Int] = [:]
        var outputs: [Expression] = []
        for i in stride(from: 2, to: items.count - 1, by: 2) {
            let place = "\(key)[\(i)]"
            let group: [JSONValue]
            if case .array(let several) = items[i] { group = several } else { group = [items[i]] }
            guard !group.isEmpty else { return fail(place, "Expected at least one branch label.") }
            for label in group {
                switch label {
                case .number(let n):
                    guard abs(n) <= 9_007_199_254_740_991 else {
                        return fail(place, "Branch labels must be integers no larger than 9007199254740991.")
                    }
                    guard n == n.rounded() else {
                        return fail(place, "Numeric branch labels must be integer values.")
                    }
                case .string: break
                default: return fail(place, "Branch labels must be numbers or strings.")
                }
                let value = ExpressionValue(label)
                if let inputType, inputType != value.type {
                    return fail(place, "Expected \(inputType) but found \(value.type) instead.")
                }
                inputType = value.type
                guard labels.updateValue(outputs.count, forKey: value) == nil else {
                    return fail(place, "Branch labels must be unique.")
                }
            }
            guard let result = parse(items[i + 1], "\(key)[\(i + 1)]", expecting: output) else { return nil }
            output = output ?? result.type
            outputs.append(result.expression)
        }
        let last = items.count - 1
        guard let input = parse(items[1], key + "[1]", expecting: .value),
            let otherwise = parse(items[last], "\(key)[\(last)]", expecting: output)
        else { return nil }
        if input.type != .value, let inputType, !inputType.accepts(input.type) {
            return fail(key + "[1]", "Expected \(inputType) but found \(input.type) instead.")
        }
        let match = Expression.Match(
            input: input.expression, labels: labels, outputs: outputs, otherwise: otherwise.expression,
            isNumeric: inputType == .number)
        return (.match(match), output ?? otherwise.type)
    }

    mutating func coalesce(_ items: [JSONValue], _ key: String, _ expected: ExpressionType?) -> Typed? {
        guard items.count >= 2 else { return fail(key, "Expected at least one argument.") }
        let wanted = expected == .value ? nil : expected
        var output = wanted
        var parsed: [Expression] = []
        var types: [ExpressionType] = []
        for i in items.indices.dropFirst() {
            guard let argument = parse(items[i], "\(key)[\(i)]", expecting: output, annotation: .omit) else { return nil }
            output = output ?? argument.type
            parsed.append(argument.expression)
            types.append(argument.type)
        }
        // An argument that might still be something else is checked after the choice, not before.
        if let wanted, types.contains(where: { !wanted.accepts($0) || ($0 == .value && wanted != .value) }) {
            return (.coalesce(parsed), .value)
        }
        return (.coalesce(parsed), output ?? .value)
    }

    mutating func step(_ items: [JSONValue], _ key: String, _ expected: ExpressionType?) -> Typed? {
        guard items.count >= 5 else {
            return fail(key, "Expected at least 4 arguments, but found only \(items.count - 1).")
        }
        guard items.count % 2 == 1 else { return fail(key, "Expected an even number of arguments.") }
        guard let input = parse(items[1], key + "[1]", expecting: .number) else { return nil }
        var output = expected == .value ? nil : expected
        var stops = [-Double.infinity]
        var outputs: [Expression] = []
        for i in stride(from: 2, to: items.count, by: 2) {
            if i > 2 {
                guard let stop = stop(items[i - 1], "\(key)[\(i - 1)]", after: stops.last, of: "step") else { return nil }
                stops.append(stop)
            }
            guard let result = parse(items[i], "\(key)[\(i)]", expecting: output) else { return nil }
            output = output ?? result.type
            outputs.append(result.expression)
        }
        return (.step(input: input.expression, stops: stops, outputs: outputs), output ?? .value)
    }

    private mutating func stop(_ json: JSONValue, _ key: String, after previous: Double?, of name: String) -> Double? {
        guard case .number(let n) = json else {
            _ = fail(
                key,
                "Input/output pairs for \"\(name)\" expressions must be defined using literal numeric values (not computed "
                    + "expressions) for the input values.")
            return nil
        }
        guard previous == nil || n > previous ?? 0 else {
            _ = fail(
                key,
                "Input/output pairs for \"\(name)\" expressions must be arranged with input values in strictly ascending order.")
            return nil
        }
        return n
    }

    mutating func interpolate(
        _ name: String, _ items: [JSONValue], _ key: String, _ expected: ExpressionType?
    ) -> Typed? {
        guard items.count >= 2, case .array(let shape) = items[1], case .string(let kind)? = shape.first else {
            return fail(key + "[1]", "Expected an interpolation type expression, but found \(items.count < 2 ? "nothing" : items[1].description) instead.")
        }
        guard let curve = curve(kind, shape, key + "[1]") else { return nil }
        guard items.count >= 5 else {
            return fail(key, "Expected at least 4 arguments, but found only \(items.count - 1).")
        }
        guard items.count % 2 == 1 else { return fail(key, "Expected an even number of arguments.") }
        guard let input = parse(items[2], key + "[2]", expecting: .number) else { return nil }
        let space: ColourSpace = name == "interpolate" ? .rgb : name == "interpolate-hcl" ? .hcl : .lab
        var output: ExpressionType?
        if space != .rgb {
            output = expected == .colourArray ? .colourArray : .colour
        } else if let expected, expected != .value {
            output = expected
        }
        var stops: [Double] = []
        var outputs: [Expression] = []
        for i in stride(from: 3, to: items.count, by: 2) {
            guard let stop = stop(items[i], "\(key)[\(i)]", after: stops.last, of: name),
                let result = parse(items[i + 1], "\(key)[\(i + 1)]", expecting: output)
            else { return nil }
            output = output ?? result.type
            stops.append(stop)
            outputs.append(result.expression)
        }
        guard let output, output.isInterpolable else {
            return fail(key, "Type \(output ?? .value) is not interpolatable.")
        }
        let interpolation = Expression.Interpolation(
            curve: curve, space: space, type: output, input: input.expression, stops: stops, outputs: outputs)
        return (.interpolate(interpolation), output)
    }

    private mutating func curve(
        _ kind: String, _ shape: [JSONValue], _ key: String
    ) -> Expression.Interpolation.Curve? {
        switch kind {
        case "linear": return .linear
        case "exponential":
            guard shape.count > 1, case .number(let base) = shape[1] else {
                _ = fail(key + "[1]", "Exponential interpolation requires a numeric base.")
                return nil
            }
            return .exponential(base)
        case "cubic-bezier":
            let v = shape.dropFirst().compactMap(\.number)
            guard v.count == 4, shape.count == 5, v.allSatisfy({ 0...1 ~= $0 }) else {
                _ = fail(
                    key, "Cubic bezier interpolation requires four numeric arguments with values between 0 and 1.")
                return nil
            }
            return .bezier(v[0], v[1], v[2], v[3])
        default:
            _ = fail(key + "[0]", "Unknown interpolation type \(kind)")
            return nil
        }
    }
}

extension ExpressionType {
    var isInterpolable: Bool {
        switch self {
        case .number, .colour, .padding, .numberArray, .colourArray, .anchorOffsets, .projection: true
        case .array(.number, let count): count != nil
        default: false
        }
    }
}
