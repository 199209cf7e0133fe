extension Expression {
    /// The greatest magnitude that a number, or any number of an array, can have, whatever the feature; `nil` where that
    /// cannot be told without one.
    var greatestMagnitude: Double? {
        switch self {
        case .literal(let value): return Self.magnitude(of: value)
        case .branch(let branches, let otherwise): return Self.greatest(branches.map(\.output) + [otherwise])
        case .match(let match): return Self.greatest(match.outputs + [match.otherwise])
        case .step(_, _, let outputs): return Self.greatest(outputs)
        // Every curve stays between its two outputs but a bezier, which may swing past them.
        case .interpolate(let i):
            if case .bezier = i.curve { return nil }
            return Self.greatest(i.outputs)
        case .coalesce(let values), .list(let values), .assertion(_, let values), .coercion(_, let values):
            return Self.greatest(values)
        case .call(let function, let arguments): return Self.greatestMagnitude(of: function, arguments)
        default: return nil
        }
    }

    private static func greatestMagnitude(of function: ExpressionFunction, _ arguments: [Expression]) -> Double? {
        switch function {
        case .min, .max, .abs: return greatest(arguments)
        case .plus, .minus: return all(arguments)?.reduce(0, +)
        case .times: return all(arguments)?.reduce(1, *)
        case .round, .floor, .ceil: return greatest(arguments).map { $0 + 1 }
        default: return nil
        }
    }

    private static func all(_ expressions: [Expression]) -> [Double]? {
        let known = expressions.compactMap(\.greatestMagnitude)
        return known.count == expressions.count ? known : nil
    }

    private static func greatest(_ expressions: [Expression]) -> Double? { all(expressions)?.max() }

    private static func magnitude(of value: ExpressionValue) -> Double? {
        if let number = value.number { return number.isFinite ? abs(number) : nil }
        if let numbers = value.numbers { return numbers.map(abs).max() ?? 0 }
        return value == .null ? 0 : nil
    }
}
