public import CQL2
internal import SimpleFeatures

/// Binds expressions to a layer.
public struct FilterCompiler {
    let schema: FeatureSchema
    /// Positions in the schema of the fields that the reader may see; others are as unknown as those that there are not.
    let open: [Int]
    let hasGeometry: Bool
    let carriage: LiteralCarriage
    /// What the feature's id is asked for as, whatever its letter case, unless a field has the name; `nil` for nothing.
    public var identifierName: String?

    /// Names under which the geometry is asked for, unless a field has one of them.
    public static let geometryNames = ["geometry", "geom"]

    /// - Parameter open: positions in the record's schema.
    public init(_ record: LayerRecord, open: [Int], carriage: LiteralCarriage) {
        schema = record.schema
        self.open = open
        hasGeometry = record.geometry != .none
        self.carriage = carriage
    }

    public func filter(_ expression: CQL2Expression) throws(FilterError) -> FeatureFilter {
        FeatureFilter(try condition(expression), schema: schema)
    }

    func condition(_ expression: CQL2Expression) throws(FilterError) -> FilterCondition {
        switch expression {
        case .and(let terms): return .and(try each(terms))
        case .or(let terms): return .or(try each(terms))
        case .not(let term): return .not(try condition(term))
        case .boolean(let flag): return .constant(flag)
        case .comparison(let sign, let a, let b):
            let (left, right) = try matched(a, b)
            return .comparison(sign, left, right)
        case .between(let value, let low, let high):
            return .and([
                try condition(.comparison(.greaterOrEqual, value, low)), try condition(.comparison(.lessOrEqual, value, high)),
            ])
        case .isIn(let value, let list): return try membership(value, list)
        case .like(let value, let pattern): return try like(value, pattern)
        case .isNull(let operand): return try isNull(operand)
        case .spatial(let function, let a, let b): return try spatial(function, a, b, in: expression)
        case .temporal(let function, let a, let b): return try temporal(function, a, b)
        case .array(let function, let a, let b): return .array(function, try elements(a), try elements(b))
        case .function(let name, let arguments):
            let scalar = try self.function(name, arguments, expression)
            throw mismatch(expression, .boolean, scalar.type)
        default:
            throw FilterError(.kindMismatch, expression.text, zh: "谓词", en: "a predicate")
        }
    }

    private func each(_ terms: [CQL2Expression]) throws(FilterError) -> [FilterCondition] {
        var conditions: [FilterCondition] = []
        for term in terms { conditions.append(try condition(term)) }
        return conditions
    }

    private func membership(_ value: CQL2Expression, _ list: [CQL2Expression]) throws(FilterError) -> FilterCondition {
        var bound: FilterScalar?
        var items: [FilterScalar] = []
        for item in list {
            let (left, right) = try matched(value, item)
            bound = left
            items.append(right)
        }
        guard let bound else { return .constant(false) }
        return .isIn(bound, items)
    }

    private func like(_ value: CQL2Expression, _ pattern: CQL2Expression) throws(FilterError) -> FilterCondition {
        let bound = try scalar(value)
        guard bound.type == .text || bound.type == .any else { throw mismatch(value, .text, bound.type) }
        var folding: TextFolding = []
        var inner = pattern
        while true {
            switch inner {
            case .caseInsensitive(let next):
                folding.insert(.letterCase)
                inner = next
            case .accentInsensitive(let next):
                folding.insert(.accents)
                inner = next
            case .text(let text): return .like(bound, LikePattern(folding.fold(text)))
            default: throw FilterError(.kindMismatch, pattern.text, zh: "文本模式", en: "a pattern")
            }
        }
    }

    private func isNull(_ operand: CQL2Expression) throws(FilterError) -> FilterCondition {
        switch operand {
        case .property(let name):
            if let field = field(name) { return .isNull(.field(field, schema.fields[field].kind)) }
            if isGeometry(name) { return .geometryIsNull }
            throw unknown(name)
        case .geometry, .box, .date, .timestamp, .interval, .list, .boolean: return .constant(false)
        case .number, .text, .caseInsensitive, .accentInsensitive, .arithmetic, .function: return .isNull(try scalar(operand))
        default: return .isUnknown(try condition(operand))
        }
    }

    private func elements(_ list: CQL2Expression) throws(FilterError) -> [FilterScalar] {
        guard case .list(let elements) = list else {
            throw FilterError(
                .unsupported, list.text, zh: "括号中的数组：图层没有数组类型的属性", en: "an array in parentheses: the layer has no property that is an array")
        }
        var scalars: [FilterScalar] = []
        for element in elements { scalars.append(try scalar(element)) }
        return scalars
    }

    // MARK: Names

    func field(_ name: String) -> Int? {
        open.first { schema.fields[$0].name == name }
    }

    func isGeometry(_ name: String) -> Bool {
        hasGeometry && Self.geometryNames.contains(name.lowercased())
    }

    func unknown(_ name: String) -> FilterError {
        let names = (hasGeometry ? ["geometry"] : []) + open.map { schema.fields[$0].name }
        let list = names.joined(separator: ", ")
        return FilterError(.propertyUnknown, name, zh: "下列属性之一：\(list)", en: "one of the properties \(list)")
    }

    func mismatch(_ part: CQL2Expression, _ wanted: FilterType, _ found: FilterType) -> FilterError {
        FilterError(
            .kindMismatch, part.text, zh: "\(wanted.words.zh)，而此处为\(found.words.zh)", en: "\(wanted.words.en), and this is \(found.words.en)")
    }
}

extension FilterType {
    /// What people read of it.
    var words: (zh: String, en: String) {
        switch self {
        case .text: ("文本", "a text")
        case .number: ("数值", "a number")
        case .boolean: ("布尔值", "a boolean")
        case .instant: ("日期或时刻", "a date or time")
        case .any: ("任意值", "any value")
        }
    }
}
