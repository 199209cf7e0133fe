/// What the style specification says about one property.
struct PropertyDefinition: Sendable {
    enum Kind: Sendable, Hashable {
        case number, boolean, colour, string, enumeration, image, formatted, padding, anchorOffsets, object
        case numbers, texts, enumerations
        case projection, numberArray, colourArray
    }

    var name: String
    var kind: Kind
    /// `nil` where the specification names none.
    var standard: ExpressionValue?
    /// Length of an array, where fixed.
    var count: Int?
    var names: [String] = []
    var minimum: Double?
    var maximum: Double?
    /// Whether the value may differ from feature to feature.
    var isDataDriven = false
    var allowsZoom = true
    var hasTokens = false
    var isInterpolable = true

    var fallback: ExpressionValue {
        if let standard { return standard }
        switch kind {
        case .formatted: return .formatted([FormattedSection(text: "")])
        default: return .null
        }
    }

    var type: ExpressionType? {
        switch kind {
        case .number: .number
        case .boolean: .boolean
        case .colour: .colour
        case .string, .enumeration: .string
        case .image: .image
        case .formatted: .formatted
        case .padding: .padding
        case .anchorOffsets: .anchorOffsets
        case .numbers: .array(.number, count: count)
        case .texts, .enumerations: .array(.string, count: count)
        case .projection: .projection
        case .numberArray: .numberArray
        case .colourArray: .colourArray
        case .object: nil
        }
    }

    var isArrayValued: Bool {
        switch kind {
        case .numbers, .texts, .enumerations, .padding, .anchorOffsets, .numberArray, .colourArray: true
        default: false
        }
    }

    /// The words of an enumeration; empty for every other kind.
    var allowedWords: Set<String> { kind == .enumeration ? Set(names) : [] }

    func wrapped(_ expression: Expression) -> Expression {
        switch kind {
        case .formatted, .image, .colour: .coercion(type ?? .string, [expression])
        default: expression
        }
    }

    /// A plain JSON value as a value of this property.
    func constant(_ json: JSONValue) throws(ExpressionFaults) -> ExpressionValue {
        let value = ExpressionValue(json)
        let converted: ExpressionValue?
        switch kind {
        case .padding, .anchorOffsets, .numberArray, .colourArray, .projection, .colour:
            converted = Expression.coerced(value, to: type ?? .value)
        case .image: converted = json.text.map { .image(name: $0, isAvailable: true) }
        case .formatted: converted = .formatted([FormattedSection(text: value.text)])
        default:
            if case .array = value, type?.accepts(value.type) == true || value == .array([]) {
                converted = value
            } else {
                converted = type?.accepts(value.type) != false ? value : nil
            }
        }
        guard let converted else {
            throw ExpressionFaults("", "\(type?.description ?? "value") expected, \(json.description) found")
        }
        try check(literal: converted, "")
        return converted
    }

    /// Whether a compiled expression may stand here.
    func check(_ typed: ExpressionParser.Typed) throws(ExpressionFaults) {
        if let value = typed.expression.literalValue {
            try check(literal: value, "")
            return
        }
        if !isDataDriven, !typed.expression.isFeatureConstant {
            throw ExpressionFaults("", "data expressions not supported")
        }
        if !allowsZoom, !typed.expression.isZoomConstant {
            throw ExpressionFaults("", "zoom expressions not supported")
        }
        switch ZoomCurve.find(in: typed.expression) {
        case .misplaced(let message): throw ExpressionFaults("", message)
        case .interpolation where !isInterpolable:
            throw ExpressionFaults("", "\"interpolate\" expressions cannot be used with this property")
        case .none where !typed.expression.isZoomConstant:
            throw ExpressionFaults("", ZoomCurve.placeMessage)
        default: break
        }
    }

    private func check(literal value: ExpressionValue, _ key: String) throws(ExpressionFaults) {
        switch value {
        case .number(let n) where kind == .number || kind == .numbers:
            if let minimum, n < minimum {
                throw ExpressionFaults(key, "\(ExpressionValue.text(of: n)) is less than the minimum value \(ExpressionValue.text(of: minimum))")
            }
            if let maximum, n > maximum {
                throw ExpressionFaults(key, "\(ExpressionValue.text(of: n)) is greater than the maximum value \(ExpressionValue.text(of: maximum))")
            }
        case .string(let s) where !names.isEmpty:
            guard names.contains(s) else {
                throw ExpressionFaults(key, "expected one of [\(names.joined(separator: ", "))], \"\(s)\" found")
            }
        case .array(let items):
            if let count, items.count != count {
                throw ExpressionFaults(key, "array length \(count) expected, length \(items.count) found")
            }
            for (i, item) in items.enumerated() { try check(literal: item, key + "[\(i)]") }
        default: break
        }
    }
}

/// The one place where an expression may read the zoom: a curve at its top.
enum ZoomCurve {
    case none
    case step
    case interpolation
    case misplaced(String)

    static let placeMessage =
        "\"zoom\" expression may only be used as input to a top-level \"step\" or \"interpolate\" expression."
    static let onceMessage =
        "Only one zoom-based \"step\" or \"interpolate\" subexpression may be used in an expression."

    private static func isZoom(_ e: Expression) -> Bool { if case .call(.zoom, _) = e { true } else { false } }

    /// Whether there is a curve over the zoom anywhere in the expression.
    static func isPresent(in expression: Expression) -> Bool {
        if case .none = find(in: expression) { false } else { true }
    }

    static func find(in expression: Expression) -> ZoomCurve {
        var result = ZoomCurve.none
        switch expression {
        case .coalesce(let arguments):
            for a in arguments {
                let found = find(in: a)
                if case .none = found { continue }
                result = found
                break
            }
        case .coercion(_, let arguments) where arguments.count == 1,
            .assertion(_, let arguments) where arguments.count == 1:
            return find(in: arguments[0])
        case .step(let input, _, _) where isZoom(input): result = .step
        case .interpolate(let i) where isZoom(i.input): result = .interpolation
        default: break
        }
        if case .misplaced = result { return result }
        for child in expression.children {
            let found = find(in: child)
            switch (result, found) {
            case (_, .misplaced): return found
            case (.none, .step), (.none, .interpolation): return .misplaced(placeMessage)
            case (.step, .step), (.step, .interpolation), (.interpolation, .step), (.interpolation, .interpolation):
                if case .coalesce(let arguments) = expression {
                    var curves = 0
                    for a in arguments { if case .none = find(in: a) { continue } else { curves += 1 } }
                    if curves == 1 { continue }
                }
                return .misplaced(onceMessage)
            default: break
            }
        }
        return result
    }
}
