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

    /// What is wrong with a plain value's type; `nil` for one that fits, and for expressions and functions.
    func mismatch(_ json: JSONValue) -> StyleIssue? {
        if case .array(let items) = json {
            if PropertyExpression.looksLikeExpression(items) || kind == .object { return nil }
            let item: MemberRule.Kind
            switch kind {
            case .numbers: item = .number
            case .texts: item = .text
            case .enumerations: item = .words(names)
            default: return isArrayValued ? nil : .expected(typeName, json, at: "")
            }
            return MemberRule(.list(item, count: count)).issues(json, "").first
        }
        switch (kind, json) {
        case (_, .object), (.object, _), (.number, .number), (.boolean, .boolean), (.string, .string), (.image, .string): return nil
        case (.colour, .string(let text)):
            if StyleColour(css: text) != nil { return nil }
            return StyleIssue(
                path: "", message: "color expected, \(json.description) found", chinese: "应为颜色，实为 \(json.description)")
        case (.enumeration, .string(let text)):
            return names.isEmpty || names.contains(text) ? nil : .expected(oneOf: names, json, at: "")
        case (.number, _), (.boolean, _), (.string, _), (.image, _), (.colour, _), (.enumeration, _), (.numbers, _), (.texts, _),
            (.enumerations, _):
            return StyleIssue.expected(typeName, json, at: "").showing(json)
        default: return nil
        }
    }

    private var typeName: String { kind == .numbers || kind == .texts || kind == .enumerations ? "array" : type?.description ?? "value" }

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
            let wanted = type?.description ?? "value"
            throw ExpressionFaults(
                "", "\(wanted) expected, \(json.description) found", chinese: "应为 \(wanted)，实为 \(json.description)")
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
            throw ExpressionFaults("", "data expressions not supported", chinese: "此属性不可随要素变化")
        }
        if !allowsZoom, !typed.expression.isZoomConstant {
            throw ExpressionFaults("", "zoom expressions not supported", chinese: "此属性不可随级别变化")
        }
        switch ZoomCurve.find(in: typed.expression) {
        case .misplaced(let message): throw ExpressionFaults("", message, chinese: ZoomCurve.chinese)
        case .interpolation where !isInterpolable:
            throw ExpressionFaults(
                "", "\"interpolate\" expressions cannot be used with this property", chinese: "此属性不可内插")
        case .none where !typed.expression.isZoomConstant:
            throw ExpressionFaults("", ZoomCurve.placeMessage, chinese: ZoomCurve.chinese)
        default: break
        }
    }

    private func check(literal value: ExpressionValue, _ key: String) throws(ExpressionFaults) {
        switch value {
        case .number(let n) where kind == .number || kind == .numbers:
            if let minimum, n < minimum {
                throw ExpressionFaults(issues: [.below(minimum, n, at: key)])
            }
            if let maximum, n > maximum {
                throw ExpressionFaults(issues: [.above(maximum, n, at: key)])
            }
        case .string(let s) where !names.isEmpty:
            guard names.contains(s) else {
                throw ExpressionFaults(issues: [.expected(oneOf: names, .string(s), at: key)])
            }
        case .array(let items):
            if let count, items.count != count {
                throw ExpressionFaults(issues: [.length(count, items.count, at: key)])
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
    static let chinese = "zoom 只可作最外层一个 step 或 interpolate 的输入"
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
