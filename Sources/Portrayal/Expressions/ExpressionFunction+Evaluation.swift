import Foundation

extension ExpressionFunction {
    func value(
        _ arguments: [Expression], _ context: EvaluationContext
    ) throws(ExpressionFailure) -> ExpressionValue {
        switch self {
        case .all:
            for a in arguments where try !a.value(context).isTrue { return .boolean(false) }
            return .boolean(true)
        case .any:
            for a in arguments where try a.value(context).isTrue { return .boolean(true) }
            return .boolean(false)
        default: break
        }
        var v: [ExpressionValue] = []
        for a in arguments { v.append(try a.value(context)) }
        if let answer = contextual(v, context) { return try answer.get() }
        if let answer = try textual(v) { return answer }
        var n: [Double] = []
        for value in v {
            guard case .number(let x) = value else { throw Expression.mismatch(.number, value) }
            n.append(x)
        }
        return try arithmetic(n)
    }

    /// Functions that ask the feature, the camera or the sprite; `nil` for all others.
    private func contextual(
        _ v: [ExpressionValue], _ context: EvaluationContext
    ) -> Result<ExpressionValue, ExpressionFailure>? {
        func needed(_ value: Double?) -> Result<ExpressionValue, ExpressionFailure> {
            guard let value else { return .failure(ExpressionFailure(message: "\(rawValue) is not known here.")) }
            return .success(.number(value))
        }
        switch self {
        case .zoom: return needed(context.zoom)
        case .heatmapDensity: return .success(.number(context.heatmapDensity ?? 0))
        case .elevation: return .success(.number(context.elevation ?? 0))
        case .lineProgress: return .success(.number(context.lineProgress ?? 0))
        case .accumulated: return .success(context.accumulated)
        case .id: return .success(context.feature.id)
        case .properties: return .success(.object(context.feature.properties))
        case .geometryType: return .success(context.feature.geometryType)
        case .featureState: return .success(context.feature.state(v[0].text))
        case .get:
            if v.count == 1 { return .success(context.feature.property(v[0].text) ?? .null) }
            if case .object(let o) = v[1] { return .success(o[v[0].text] ?? .null) }
            return .success(.null)
        case .has:
            if v.count == 1 { return .success(.boolean(context.feature.property(v[0].text) != nil)) }
            if case .object(let o) = v[1] { return .success(.boolean(o[v[0].text] != nil)) }
            return .success(.boolean(false))
        case .image:
            let name = v[0].text
            return .success(.image(name: name, isAvailable: context.images?.contains(name) ?? true))
        case .error: return .failure(ExpressionFailure(message: v.first?.text ?? ""))
        default: return nil
        }
    }

    private func arithmetic(_ n: [Double]) throws(ExpressionFailure) -> ExpressionValue {
        switch self {
        case .plus: return .number(n.reduce(0, +))
        case .times: return .number(n.reduce(1, *))
        case .minus: return .number(n.count == 1 ? -n[0] : n[0] - n[1])
        case .divide: return .number(n[0] / n[1])
        case .remainder: return .number(n[1] == 0 ? .nan : n[0].truncatingRemainder(dividingBy: n[1]))
        case .ln2: return .number(0.6931471805599453)
        case .pi: return .number(.pi)
        case .e: return .number(2.718281828459045)
        case .power: return .number(pow(n[0], n[1]))
        case .sqrt: return .number(n[0].squareRoot())
        case .log10: return .number(Foundation.log10(n[0]))
        case .ln: return .number(log(n[0]))
        case .log2: return .number(Foundation.log2(n[0]))
        case .sin: return .number(Foundation.sin(n[0]))
        case .cos: return .number(Foundation.cos(n[0]))
        case .tan: return .number(Foundation.tan(n[0]))
        case .asin: return .number(Foundation.asin(n[0]))
        case .acos: return .number(Foundation.acos(n[0]))
        case .atan: return .number(Foundation.atan(n[0]))
        case .min: return .number(n.min() ?? .infinity)
        case .max: return .number(n.max() ?? -.infinity)
        case .abs: return .number(Swift.abs(n[0]))
        // Halves round away from zero, as the language defines it.
        case .round: return .number(n[0].rounded(.toNearestOrAwayFromZero))
        case .floor: return .number(n[0].rounded(.down))
        case .ceil: return .number(n[0].rounded(.up))
        case .rgb, .rgba:
            guard n[0..<3].allSatisfy({ 0...255 ~= $0 }) else {
                throw ExpressionFailure(
                    message: "Invalid rgba value [\(n.map(ExpressionValue.text(of:)).joined(separator: ", "))]: "
                        + "'r', 'g', and 'b' must be between 0 and 255.")
            }
            let alpha = n.count == 4 ? n[3] : 1
            guard 0...1 ~= alpha else {
                throw ExpressionFailure(
                    message: "Invalid rgba value [\(n.map(ExpressionValue.text(of:)).joined(separator: ", "))]: "
                        + "'a' must be between 0 and 1.")
            }
            return .colour(StyleColour(straight: n[0..<3].map { $0 / 255 }, alpha: alpha))
        default: return .null
        }
    }
}
