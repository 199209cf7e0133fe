/// A function of the style language's first form, `{"stops": …}`, rewritten as an expression.
struct LegacyFunction {
    let object: [String: JSONValue]
    let definition: PropertyDefinition

    init(_ object: [String: JSONValue], _ definition: PropertyDefinition) {
        self.object = object
        self.definition = definition
    }

    /// The function's own `default`, else the property's.
    var fallback: ExpressionValue {
        guard let json = object["default"], let value = output(json).literalValue else { return definition.fallback }
        return value
    }

    private var stops: [(input: JSONValue, output: JSONValue)] {
        (object["stops"]?.array ?? []).compactMap { pair in
            guard let pair = pair.array, pair.count == 2 else { return nil }
            return (pair[0], pair[1])
        }
    }

    private var kind: String {
        if let type = object["type"]?.text { return type }
        let canMix = definition.isInterpolable && (definition.type?.isInterpolable ?? false)
        return canMix ? "exponential" : "interval"
    }

    func expression() throws(ExpressionFaults) -> Expression {
        let faults = faults()
        guard faults.isEmpty else { throw ExpressionFaults(issues: faults) }
        let property = object["property"]?.text
        if kind == "identity" {
            guard let property else { throw ExpressionFaults(issues: [.missing("property", at: "")]) }
            return identity(.property(property))
        }
        guard let given = object["stops"]?.array else {
            throw ExpressionFaults(issues: [.missing("stops", at: "")])
        }
        precondition(stops.count == given.count, "stops that are not pairs are faults")
        if case .object = stops[0].input { return try composite(property ?? "") }
        if let property {
            if !definition.isDataDriven { throw ExpressionFaults("", "property functions not supported", chinese: "此属性不可随要素变化") }
            return try oneDimensional(input: .property(property), stops.map { ($0.input, $0.output) })
        }
        return try oneDimensional(input: .call(.zoom, []), stops.map { ($0.input, $0.output) }, isZoom: true)
    }

    /// A function of both: stops `[{"zoom": z, "value": v}, output]`, a function of the property at each zoom.
    private func composite(_ property: String) throws(ExpressionFaults) -> Expression {
        var zooms: [Double] = []
        var groups: [[(JSONValue, JSONValue)]] = []
        for stop in stops {
            guard let key = stop.input.object, let zoom = key["zoom"]?.number, let value = key["value"] else {
                throw ExpressionFaults(".stops", "object stops need a \"zoom\" and a \"value\"", chinese: "断点须有 zoom 和 value")
            }
            if zooms.last != zoom {
                zooms.append(zoom)
                groups.append([])
            }
            groups[groups.count - 1].append((value, stop.output))
        }
        var outputs: [Expression] = []
        for group in groups {
            let inner = try oneDimensional(input: .property(property), group)
            outputs.append(.coalesce([inner]))
        }
        guard let type = definition.type, type.isInterpolable, definition.isInterpolable else {
            return .step(input: .call(.zoom, []), stops: [-Double.infinity] + zooms.dropFirst(), outputs: outputs)
        }
        return .interpolate(
            Expression.Interpolation(
                curve: .linear, space: .rgb, type: type, input: .call(.zoom, []), stops: zooms, outputs: outputs))
    }

    private func oneDimensional(
        input: Expression, _ stops: [(JSONValue, JSONValue)], isZoom: Bool = false
    ) throws(ExpressionFaults) -> Expression {
        let outputs = stops.map { output($0.1) }
        if kind == "categorical" {
            var labels: [ExpressionValue: Int] = [:]
            for (i, stop) in stops.enumerated() where labels[ExpressionValue(stop.0)] == nil {
                labels[ExpressionValue(stop.0)] = i
            }
            return .match(
                Expression.Match(
                    input: input, labels: labels, outputs: outputs, otherwise: .literal(fallback),
                    isNumeric: stops[0].0.number != nil))
        }
        var numbers: [Double] = []
        var kept: [Expression] = []
        for (i, stop) in stops.enumerated() {
            guard let n = stop.0.number else { throw ExpressionFaults(issues: [.expected("number", stop.0, at: ".stops[\(i)][0]")]) }
            if let last = numbers.last, n < last {
                throw ExpressionFaults(
                    ".stops[\(i)][0]", "stop domain values must appear in ascending order", chinese: "断点须按升序排列")
            }
            if numbers.last == n { continue }
            numbers.append(n)
            kept.append(outputs[i])
        }
        let x: Expression = isZoom ? input : .assertion(.number, [input])
        if kind == "interval" {
            return .step(input: x, stops: [-Double.infinity] + numbers.dropFirst(), outputs: kept)
        }
        let base = object["base"]?.number ?? 1
        let space: ColourSpace = object["colorSpace"] == .string("lab") ? .lab : object["colorSpace"] == .string("hcl") ? .hcl : .rgb
        // A single stop still asks for a number, so that a feature without one takes the default.
        if kept.count == 1, !isZoom { return .step(input: x, stops: [-Double.infinity], outputs: kept) }
        return .interpolate(
            Expression.Interpolation(
                curve: base == 1 ? .linear : .exponential(base), space: space, type: definition.type ?? .value,
                input: x, stops: numbers, outputs: kept))
    }

    private func identity(_ input: Expression) -> Expression {
        switch definition.kind {
        case .colour: .coercion(.colour, [input])
        case .formatted: .coercion(.formatted, [.coercion(.string, [input])])
        case .image: .coercion(.image, [input])
        case .enumeration where object["default"] != nil:
            .match(
                Expression.Match(
                    input: input,
                    labels: Dictionary(uniqueKeysWithValues: definition.names.map { (.string($0), 0) }),
                    outputs: [input], otherwise: .literal(fallback), isNumeric: false))
        default: definition.type.map { .assertion($0, [input]) } ?? input
        }
    }

    private func output(_ json: JSONValue) -> Expression {
        // Tokens in the outputs of a function of the feature stay as they are written.
        if case .string(let text) = json, definition.hasTokens, object["property"] == nil, let tokens = Self.tokens(text) {
            return definition.wrapped(tokens)
        }
        let value = ExpressionValue(json)
        switch definition.kind {
        case .colour, .padding, .formatted, .image, .anchorOffsets, .numberArray, .colourArray, .projection:
            guard let type = definition.type else { return .literal(value) }
            if definition.kind == .formatted { return .literal(.formatted([FormattedSection(text: value.text)])) }
            if definition.kind == .image { return .literal(.image(name: value.text, isAvailable: true)) }
            return Expression.coerced(value, to: type).map { .literal($0) } ?? .coercion(type, [.literal(value)])
        default: return .literal(value)
        }
    }

    /// The pieces of a text with `{name}` tokens, or `nil` where it has none.
    static func tokens(_ text: String) -> Expression? {
        var pieces: [String] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            pieces.append(String(rest[..<open]))
            pieces.append(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        if pieces.isEmpty { return nil }
        pieces.append(String(rest))
        return .tokens(pieces)
    }
}
