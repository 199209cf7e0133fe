import Foundation

extension Expression.Interpolation {
    func value(_ context: EvaluationContext) throws(ExpressionFailure) -> ExpressionValue {
        if stops.count == 1 { return try outputs[0].value(context) }
        let x = try input.number(context)
        if x <= stops[0] { return try outputs[0].value(context) }
        if x >= stops[stops.count - 1] { return try outputs[stops.count - 1].value(context) }
        let i = Expression.lastStop(stops, notAbove: x)
        let t = curve.fraction(of: x, from: stops[i], to: stops[i + 1])
        let a = try outputs[i].value(context)
        let b = try outputs[i + 1].value(context)
        return try Self.mixed(a, b, t, space)
    }

    static func mixed(
        _ a: ExpressionValue, _ b: ExpressionValue, _ t: Double, _ space: ColourSpace
    ) throws(ExpressionFailure) -> ExpressionValue {
        func mix(_ a: Double, _ b: Double) -> Double { a + t * (b - a) }
        switch (a, b) {
        case (.number(let a), .number(let b)): return .number(mix(a, b))
        case (.colour(let a), .colour(let b)): return .colour(a.mixed(with: b, t, in: space))
        case (.padding(let a), .padding(let b)): return .padding(zip(a, b).map(mix))
        case (.numberArray(let a), .numberArray(let b)):
            guard a.count == b.count else {
                throw ExpressionFailure(message: "Cannot interpolate values of length \(a.count) and \(b.count).")
            }
            return .numberArray(zip(a, b).map(mix))
        case (.colourArray(let a), .colourArray(let b)):
            guard a.count == b.count else {
                throw ExpressionFailure(message: "Cannot interpolate values of length \(a.count) and \(b.count).")
            }
            return .colourArray(zip(a, b).map { $0.mixed(with: $1, t, in: space) })
        case (.array(let a), .array(let b)) where a.count == b.count:
            var out: [ExpressionValue] = []
            for (p, q) in zip(a, b) { out.append(try mixed(p, q, t, space)) }
            return .array(out)
        case (.anchorOffsets(let a), .anchorOffsets(let b)):
            guard a.map(\.anchor) == b.map(\.anchor) else {
                throw ExpressionFailure(message: "Cannot interpolate values containing mismatched anchors.")
            }
            return .anchorOffsets(
                zip(a, b).map { AnchorOffset(anchor: $0.anchor, offset: zip($0.offset, $1.offset).map(mix)) })
        case (.projection(_, let a, _), .projection(_, let b, _)):
            return .projection(from: a, to: b, transition: t)
        default: throw Expression.mismatch(a.type, b)
        }
    }
}

extension Expression.Interpolation.Curve {
    /// How far `x` is between two stops, after easing: 0...1.
    func fraction(of x: Double, from lower: Double, to upper: Double) -> Double {
        switch self {
        case .linear: return (x - lower) / (upper - lower)
        case .exponential(let base):
            let span = upper - lower
            if span == 0 { return 0 }
            if base == 1 { return (x - lower) / span }
            return (pow(base, x - lower) - 1) / (pow(base, span) - 1)
        case .bezier(let x1, let y1, let x2, let y2):
            let t = (x - lower) / (upper - lower)
            return Self.bezier(t, x1, y1, x2, y2)
        }
    }

    /// The y of a unit cubic Bézier at `x`, the parameter found by bisection.
    private static func bezier(_ x: Double, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Double {
        func at(_ t: Double, _ a: Double, _ b: Double) -> Double {
            let u = 1 - t
            return 3 * u * u * t * a + 3 * u * t * t * b + t * t * t
        }
        var low = 0.0
        var high = 1.0
        for _ in 0..<60 {
            let t = (low + high) / 2
            if at(t, x1, x2) < x { low = t } else { high = t }
        }
        return at((low + high) / 2, y1, y2)
    }
}
