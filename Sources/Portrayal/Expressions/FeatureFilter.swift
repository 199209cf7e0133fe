public import SimpleFeatures

/// A filter over features that lie in no tile yet: `filter` of a GeoJSON source, or of a query.
public struct FeatureFilter: Sendable {
    let expression: PropertyExpression

    /// - Throws: `invalidStyle` for what is no filter.
    public init(_ json: JSONValue) throws(PortrayalError) {
        do {
            expression = try Filter.compile(json)
        } catch {
            throw PortrayalError(
                .invalidStyle, "筛选条件不合规范 / the filter is not by the specification", issues: error.issues)
        }
    }

    /// - Parameter geometry: the type's name in GeoJSON.
    public func accepts(_ properties: [String: PropertyValue], id: UInt64, geometry: String) -> Bool {
        var context = EvaluationContext()
        context.feature = .record(
            properties: properties.mapValues(ExpressionValue.init), id: id == 0 ? .null : .number(Double(id)),
            geometry: geometry, state: [:])
        return expression.value(context).isTrue
    }
}

/// One of the `clusterProperties` of a GeoJSON source: what a cluster adds up of its points.
public struct ClusterProperty: Sendable {
    public let name: String
    /// Of one point.
    private let initial: Expression
    /// Of what has been added up, `["accumulated"]`, and the next cluster's own value.
    private let reducing: Expression

    /// - Parameter json: an operator or an expression, and the expression that is asked of each point.
    /// - Throws: `invalidStyle`.
    public init(name: String, _ json: JSONValue) throws(PortrayalError) {
        guard let items = json.array, items.count == 2 else {
            throw PortrayalError(
                .invalidStyle, "clusterProperties.\(name): 应为两项的数组 / an array of an operator and an expression expected")
        }
        self.name = name
        initial = try Self.compiled(items[1], name)
        let sum: JSONValue = .array([.string("accumulated")])
        let own: JSONValue = .array([.string("get"), .string(name)])
        reducing = try Self.compiled(items[0].text == nil ? items[0] : .array([items[0], sum, own]), name)
    }

    private static func compiled(_ json: JSONValue, _ name: String) throws(PortrayalError) -> Expression {
        var parser = ExpressionParser()
        guard let typed = parser.parse(json, "", expecting: nil) else {
            throw PortrayalError(
                .invalidStyle, "clusterProperties.\(name): 表达式不合规范 / the expression is not by the specification",
                issues: parser.issues)
        }
        return typed.expression
    }

    /// What a point brings along.
    public func value(of properties: [String: PropertyValue]) -> PropertyValue {
        evaluate(initial, properties.mapValues(ExpressionValue.init), accumulated: .null)
    }

    /// What two values come to.
    public func reduced(_ accumulated: PropertyValue, _ next: PropertyValue) -> PropertyValue {
        evaluate(reducing, [name: ExpressionValue(next)], accumulated: ExpressionValue(accumulated))
    }

    private func evaluate(
        _ expression: Expression, _ properties: [String: ExpressionValue], accumulated: ExpressionValue
    ) -> PropertyValue {
        var context = EvaluationContext()
        context.accumulated = accumulated
        context.feature = .record(properties: properties, id: .null, geometry: "Point", state: [:])
        return PropertyExpression(expression, fallback: .null).value(context).propertyValue
    }
}

extension ExpressionValue {
    /// What a feature can hold of it.
    fileprivate var propertyValue: PropertyValue {
        switch self {
        case .boolean(let b): .boolean(b)
        case .number(let n): .real(n)
        case .string(let s): .text(s)
        default: .null
        }
    }
}
