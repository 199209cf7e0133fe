/// The value of one style property or filter: an expression with what the property's definition adds to it.
struct PropertyExpression: Sendable {
    var expression: Expression
    /// What stands in where the expression fails or gives nothing.
    var fallback: ExpressionValue
    var inputs: ExpressionInputs
    var isZoomConstant: Bool
    /// The words that an enumeration allows; empty where any value may stand.
    private var allowed: Set<String>

    init(_ expression: Expression, fallback: ExpressionValue, allowed: Set<String> = []) {
        self.expression = expression
        self.fallback = fallback
        self.allowed = allowed
        inputs = expression.inputs
        isZoomConstant = expression.isZoomConstant
    }

    init(constant value: ExpressionValue) {
        self.init(.literal(value), fallback: value)
    }

    var isFeatureConstant: Bool {
        inputs.properties.isEmpty && !inputs.needsAllProperties && !inputs.needsGeometryKind && !inputs.needsID
            && !inputs.needsGeometry
    }

    /// Compiles the JSON of a property: an expression, a legacy function, a text with tokens or a plain value.
    static func compile(
        _ json: JSONValue, _ definition: PropertyDefinition
    ) throws(ExpressionFaults) -> PropertyExpression {
        let fallback = definition.fallback
        if case .object(let object) = json, definition.kind != .object {
            let legacy = LegacyFunction(object, definition)
            return PropertyExpression(
                try legacy.expression(), fallback: legacy.fallback, allowed: definition.allowedWords)
        }
        if case .string(let text) = json, definition.hasTokens, let tokens = LegacyFunction.tokens(text) {
            return PropertyExpression(definition.wrapped(tokens), fallback: fallback)
        }
        if let fault = definition.mismatch(json) { throw ExpressionFaults(issues: [fault]) }
        if case .array(let items) = json, definition.isArrayValued, !Self.looksLikeExpression(items) {
            return PropertyExpression(constant: try definition.constant(json))
        }
        var parser = ExpressionParser()
        let annotation: ExpressionParser.Annotation? = definition.kind == .string || definition.kind == .enumeration
            ? .coerce : nil
        guard let typed = parser.parse(json, "", expecting: definition.type, annotation: annotation) else {
            throw ExpressionFaults(issues: parser.issues)
        }
        try definition.check(typed)
        return PropertyExpression(typed.expression, fallback: fallback, allowed: definition.allowedWords)
    }

    /// The same property for one zoom.
    func folded(_ context: EvaluationContext) -> PropertyExpression {
        PropertyExpression(expression.folded(context), fallback: fallback, allowed: allowed)
    }

    static func looksLikeExpression(_ items: [JSONValue]) -> Bool {
        guard case .string(let name)? = items.first else { return false }
        if ExpressionFunction(rawValue: name) != nil { return true }
        return [
            "literal", "semiliteral", "array", "string", "number", "boolean", "object", "to-boolean", "to-color",
            "to-number", "to-string", "case", "match", "coalesce", "step", "interpolate", "interpolate-hcl",
            "interpolate-lab", "let", "var", "format", "collator", "number-format", "global-state", "==", "!=", "<",
            "<=", ">", ">=", "within", "distance",
        ].contains(name)
    }

    func value(_ context: EvaluationContext) -> ExpressionValue {
        // A feature whose property does not fit the expression draws with the default, as the language wants it.
        do {
            let value = try checkedValue(context)
            if case .number(let n) = value, n.isNaN { return fallback }
            return value == .null ? fallback : value
        } catch {
            return fallback
        }
    }

    /// The expression's own value; fails where it is no word of the property's enumeration.
    func checkedValue(_ context: EvaluationContext) throws(ExpressionFailure) -> ExpressionValue {
        let value = try expression.value(context)
        if !allowed.isEmpty, case .string(let word) = value, !allowed.contains(word) {
            throw ExpressionFailure(
                message: "Expected value to be one of \(allowed.sorted().joined(separator: ", ")), but found \(word) instead.")
        }
        return value
    }
}

/// Every fault of one expression, keys relative to it.
struct ExpressionFaults: Error {
    var issues: [StyleIssue]

    init(issues: [StyleIssue]) { self.issues = issues }

    init(_ key: String, _ message: String, chinese: String) {
        issues = [StyleIssue(path: key, message: message, chinese: chinese)]
    }
}
