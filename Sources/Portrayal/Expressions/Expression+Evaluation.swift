import Foundation

extension Expression {
    /// The value for one feature at one zoom.
    func value(_ context: EvaluationContext) throws(ExpressionFailure) -> ExpressionValue {
        switch self {
        case .literal(let value): return value
        case .property(let name): return context.feature.property(name) ?? .null
        case .hasProperty(let name): return .boolean(context.feature.property(name) != nil)
        case .globalState(let name): return context.globalState[name] ?? .null
        case .call(let function, let arguments): return try function.value(arguments, context)
        case .compare(let comparison): return .boolean(try comparison.holds(context))
        case .branch(let branches, let otherwise):
            for branch in branches where try branch.test.value(context).isTrue {
                return try branch.output.value(context)
            }
            return try otherwise.value(context)
        case .match(let match): return try match.output(for: match.input.value(context)).value(context)
        case .coalesce(let arguments): return try Self.coalesce(arguments, context)
        case .step(let input, let stops, let outputs):
            let x = try input.number(context)
            if x.isNaN { throw ExpressionFailure(message: "Input is not a number.") }
            return try outputs[Self.lastStop(stops, notAbove: x)].value(context)
        case .interpolate(let interpolation): return try interpolation.value(context)
        case .assertion(let type, let arguments): return try Self.assert(type, arguments, context)
        case .coercion(let type, let arguments): return try Self.coerce(type, arguments, context)
        case .list(let items):
            var out: [ExpressionValue] = []
            for item in items { out.append(try item.value(context)) }
            return .array(out)
        case .format(let parts): return .formatted(try parts.sections(context))
        case .collator(let isCaseSensitive, let isDiacriticSensitive, let locale):
            return .collator(
                TextCollator(
                    isCaseSensitive: try isCaseSensitive.value(context).isTrue,
                    isDiacriticSensitive: try isDiacriticSensitive.value(context).isTrue,
                    locale: try locale?.value(context).text))
        case .numberFormat(let format): return .string(try format.text(context))
        case .tokens(let pieces):
            var out = ""
            for (i, piece) in pieces.enumerated() {
                out += i & 1 == 0 ? piece : context.feature.property(piece)?.text ?? ""
            }
            return .string(out)
        case .within(let geometry):
            let (shape, grid) = try Self.place(context)
            return .boolean(Containment(geometry, grid).holds(shape))
        case .distance(let geometry):
            let (shape, grid) = try Self.place(context)
            return .number(GroundDistance(geometry, grid).metres(to: shape) ?? .nan)
        }
    }

    private static func place(_ context: EvaluationContext) throws(ExpressionFailure) -> (GridShape, FeatureGrid) {
        guard let grid = context.grid, let shape = context.feature.shape else {
            throw ExpressionFailure(message: "No feature with a known place to ask about.")
        }
        return (shape, grid)
    }

    func number(_ context: EvaluationContext) throws(ExpressionFailure) -> Double {
        let v = try value(context)
        guard case .number(let n) = v else { throw Self.mismatch(.number, v) }
        return n
    }

    static func mismatch(_ wanted: ExpressionType, _ found: ExpressionValue) -> ExpressionFailure {
        ExpressionFailure(message: "Expected value to be of type \(wanted), but found \(found.type) instead.")
    }

    /// The index of the output that holds at `x`: 0 below the first stop, else that of the last stop not above it.
    static func lastStop(_ stops: [Double], notAbove x: Double) -> Int {
        var index = 0
        for (i, stop) in stops.enumerated() where i > 0 && stop <= x { index = i }
        return index
    }

    private static func coalesce(
        _ arguments: [Expression], _ context: EvaluationContext
    ) throws(ExpressionFailure) -> ExpressionValue {
        var result = ExpressionValue.null
        var requested: String?
        for (i, argument) in arguments.enumerated() {
            result = try argument.value(context)
            if case .image(let name, false) = result {
                if requested == nil { requested = name }
                result = .null
                if i == arguments.count - 1, let requested { return .image(name: requested, isAvailable: false) }
            }
            if result != .null { break }
        }
        return result
    }

    private static func assert(
        _ type: ExpressionType, _ arguments: [Expression], _ context: EvaluationContext
    ) throws(ExpressionFailure) -> ExpressionValue {
        var last = ExpressionValue.null
        for argument in arguments {
            last = try argument.value(context)
            if type.accepts(last.type) { return last }
        }
        throw mismatch(type, last)
    }
}

extension Expression.Match {
    func output(for value: ExpressionValue) -> Expression {
        guard let index = labels[value] else { return otherwise }
        return outputs[index]
    }
}

extension Expression.Comparison {
    func holds(_ context: EvaluationContext) throws(ExpressionFailure) -> Bool {
        let l = try left.value(context)
        let r = try right.value(context)
        if comparison.isOrder && isUntyped {
            switch (l, r) {
            case (.string, .string), (.number, .number): break
            default:
                throw ExpressionFailure(
                    message: "Expected arguments for \"\(comparison.rawValue)\" to be (string, string) or "
                        + "(number, number), but found (\(l.type), \(r.type)) instead.")
            }
        }
        if let collator, case .string(let a) = l, case .string(let b) = r,
            case .collator(let rules) = try collator.value(context)
        {
            let order = rules.order(a, b)
            switch comparison {
            case .equal: return order == .orderedSame
            case .notEqual: return order != .orderedSame
            case .less: return order == .orderedAscending
            case .lessOrEqual: return order != .orderedDescending
            case .greater: return order == .orderedDescending
            case .greaterOrEqual: return order != .orderedAscending
            }
        }
        switch (l, r) {
        case (.number(let a), .number(let b)): return Self.holds(comparison, a, b)
        case (.string(let a), .string(let b)): return Self.holds(comparison, a, b)
        default: return comparison == .equal ? l == r : comparison == .notEqual ? l != r : false
        }
    }

    private static func holds<T: Comparable>(_ comparison: Operator, _ a: T, _ b: T) -> Bool {
        switch comparison {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        }
    }
}

extension [Expression.FormatPart] {
    func sections(_ context: EvaluationContext) throws(ExpressionFailure) -> [FormattedSection] {
        var out: [FormattedSection] = []
        for part in self {
            let content = try part.content.value(context)
            var section = FormattedSection(text: content.text)
            if case .image(let name, _) = content {
                section.text = ""
                section.image = name
            }
            section.scale = try part.scale?.number(context)
            if let font = part.font, case .array(let names) = try font.value(context) {
                section.fonts = names.map(\.text).joined(separator: ",")
            }
            if let colour = part.colour, case .colour(let c) = try colour.value(context) { section.colour = c }
            section.verticalAlign = part.verticalAlign
            out.append(section)
        }
        return out
    }
}
