internal import Markup
internal import SimpleFeatures

/// Comparisons of properties and values.
extension FESReader {
    private static let references: Set<String> = ["ValueReference", "PropertyName"]

    func only(_ element: MarkupElement) throws(FESError) -> MarkupElement {
        guard let only = element.children.first, element.children.count == 1 else {
            throw FESError(.syntax, zh: "\(element.name) 中应只有一个操作数", en: "\(element.name) holds one operand")
        }
        return only
    }

    private func two(_ element: MarkupElement) throws(FESError) -> (MarkupElement, MarkupElement) {
        guard element.children.count == 2 else {
            throw FESError(.syntax, zh: "\(element.name) 中应有两个操作数", en: "\(element.name) holds two operands")
        }
        return (element.children[0], element.children[1])
    }

    func isReference(_ element: MarkupElement) -> Bool { Self.references.contains(element.name) }

    private func referent(_ element: MarkupElement) throws(FESError) -> FESVocabulary.Referent {
        guard isReference(element) else {
            if element.name == "Function" { throw .unsupported("Function \(element.attributes["name"] ?? "")") }
            throw FESError(.syntax, zh: "应为 ValueReference，而此处为 \(FESError.excerpt(element.name))", en: "ValueReference is expected, not \(FESError.excerpt(element.name))")
        }
        return try vocabulary.referent(element.trimmedText)
    }

    /// A property of any kind, the geometry included.
    func property(_ element: MarkupElement) throws(FESError) -> CQL2Expression {
        switch try referent(element) {
        case .property(let property): .property(property.name)
        case .geometry(let name): .property(name)
        case .identifier: .property(vocabulary.identifierName)
        }
    }

    /// What the literals beside an operand are; `nil` for an operand that is a literal itself.
    private func kind(_ element: MarkupElement) throws(FESError) -> LiteralKind? {
        guard isReference(element) else { return nil }
        switch try referent(element) {
        case .property(let property): return .field(property.kind)
        case .identifier: return .identifier
        case .geometry(let name):
            throw .value(name, in: "ValueReference", zh: "不是几何的属性；几何请用空间运算", en: "a property that is no geometry; spatial operators ask for that one")
        }
    }

    private enum LiteralKind {
        case field(FieldKind)
        case identifier
    }

    private mutating func operand(_ element: MarkupElement, beside other: LiteralKind?) throws(FESError) -> CQL2Expression {
        try spend()
        if element.name != "Literal" { return try property(element) }
        switch other {
        case .field(let kind): return try literal(element, kind)
        case .identifier:
            guard let number = vocabulary.number(ofResource: element.trimmedText) else {
                throw .value(element.trimmedText, in: "Literal", zh: "\(vocabulary.type).编号", en: "\(vocabulary.type).number")
            }
            return .number(.integer(number))
        case nil: return .text(element.text)
        }
    }

    private func literal(_ element: MarkupElement, _ kind: FieldKind) throws(FESError) -> CQL2Expression {
        guard element.children.isEmpty else {
            throw FESError(.syntax, zh: "与属性比较的 Literal 应为文本", en: "a Literal that a property is compared with is a text")
        }
        let text = element.trimmedText
        func wrong(_ zh: String, _ en: String) -> FESError { .value(text, in: "Literal", zh: zh, en: en) }
        switch kind {
        case .text: return .text(element.text)
        case .integer, .real:
            guard let number = CQL2Number(text: text) else { throw wrong("数值", "a number") }
            return .number(number)
        case .boolean:
            switch text.lowercased() {
            case "true", "1": return .boolean(true)
            case "false", "0": return .boolean(false)
            default: throw wrong("true 或 false", "true or false")
            }
        case .date, .dateTime:
            guard let instant = FESInstant.expression(text) else {
                throw wrong("日期或时刻，如 2024-05-01 或 2024-05-01T08:00:00Z", "a day or a time, such as 2024-05-01 or 2024-05-01T08:00:00Z")
            }
            return instant
        }
    }

    mutating func comparison(_ sign: ComparisonOperator, _ element: MarkupElement) throws(FESError) -> CQL2Expression {
        let (first, second) = try two(element)
        let kinds = (try kind(first), try kind(second))
        var left = try operand(first, beside: kinds.1)
        var right = try operand(second, beside: kinds.0)
        if isFolded(element) {
            if Self.isText(kinds.0 ?? kinds.1) { (left, right) = (.caseInsensitive(left), .caseInsensitive(right)) }
        }
        return .comparison(sign, left, right)
    }

    private static func isText(_ kind: LiteralKind?) -> Bool {
        switch kind {
        case .field(.text), nil: true
        default: false
        }
    }

    private func isFolded(_ element: MarkupElement) -> Bool {
        element.attributes["matchCase"].map { $0 == "false" || $0 == "0" } ?? false
    }

    mutating func between(_ element: MarkupElement) throws(FESError) -> CQL2Expression {
        guard element.children.count == 3, let low = element["LowerBoundary"], let high = element["UpperBoundary"],
            let value = element.children.first(where: { $0.name != "LowerBoundary" && $0.name != "UpperBoundary" })
        else {
            throw FESError(.syntax, zh: "PropertyIsBetween 中应有属性、LowerBoundary 与 UpperBoundary", en: "PropertyIsBetween holds a property, LowerBoundary and UpperBoundary")
        }
        let kind = try kind(value)
        return .between(
            try operand(value, beside: nil), low: try operand(try only(low), beside: kind), high: try operand(try only(high), beside: kind))
    }

    // MARK: Patterns

    mutating func like(_ element: MarkupElement) throws(FESError) -> CQL2Expression {
        let (value, pattern) = try two(element)
        guard pattern.name == "Literal" else { throw .unsupported("PropertyIsLike \(pattern.name)") }
        let escape = element.attributes["escapeChar"] ?? element.attributes["escape"]
        guard let wild = element.attributes["wildCard"], let single = element.attributes["singleChar"], let escape, !wild.isEmpty, !single.isEmpty else {
            throw FESError(.syntax, zh: "PropertyIsLike 应有 wildCard、singleChar 与 escapeChar", en: "PropertyIsLike has wildCard, singleChar and escapeChar")
        }
        let text = Self.pattern(pattern.text, wild: wild, single: single, escape: escape)
        let property = try property(value)
        try spend(2)
        return isFolded(element) ? .like(.caseInsensitive(property), pattern: .caseInsensitive(.text(text))) : .like(property, pattern: .text(text))
    }

    /// The same pattern with the wild cards of CQL2.
    static func pattern(_ text: String, wild: String, single: String, escape: String) -> String {
        var rest = Substring(text)
        var out = ""
        func isSpecial(_ c: Character) -> Bool { c == "%" || c == "_" || c == "\\" }
        while let first = rest.first {
            if !escape.isEmpty, rest.hasPrefix(escape), rest.count > escape.count {
                rest = rest.dropFirst(escape.count)
                let next = rest.removeFirst()
                out += isSpecial(next) ? "\\\(next)" : String(next)
            } else if rest.hasPrefix(wild) {
                out += "%"
                rest = rest.dropFirst(wild.count)
            } else if rest.hasPrefix(single) {
                out += "_"
                rest = rest.dropFirst(single.count)
            } else {
                out += isSpecial(first) ? "\\\(first)" : String(first)
                rest.removeFirst()
            }
        }
        return out
    }
}
