import Wording

/// Finds the fields by which a style layer tells features apart, and the values that it names.
struct ClassSearch {
    /// One field and what the layer asks of it.
    struct Field {
        var name: String
        /// Labels of one branch each, in document order.
        var branches: [[JSONValue]] = []
        /// Where a step function changes, ascending.
        var steps: [Double] = []
        /// Whether it decides about colours, widths or icons, and not only whether the layer draws.
        var isVisual = false
    }

    private(set) var fields: [Field] = []

    /// - Parameter layer: a layer of a style document. What decides about texts only is passed over.
    init(_ layer: JSONValue) {
        guard let members = layer.object else { return }
        for part in ["paint", "layout"] {
            for (name, value) in (members[part]?.object ?? [:]).sorted(by: { $0.key < $1.key })
            where part == "paint" && !name.hasPrefix("text-") || name == "icon-image" {
                visit(value, isVisual: true)
            }
        }
        visit(members["filter"] ?? .null, isVisual: false)
    }

    private mutating func visit(_ value: JSONValue, isVisual: Bool) {
        guard case .array(let items) = value else { return }
        if let name = items.first?.text, items.count > 1 {
            let read = Self.fieldsRead(by: items[1])
            switch name {
            case "get": if let field = items[1].text { note(field, isVisual: isVisual) }
            case "match" where read.count == 1 && items.count > 4:
                let labels = stride(from: 2, to: items.count - 1, by: 2).map { items[$0].array ?? [items[$0]] }
                note(read[0], branches: labels, isVisual: isVisual)
            case "==" where read.count == 1 && items.count == 3 && items[2].array == nil:
                note(read[0], branches: [[items[2]]], isVisual: isVisual)
            case "in" where read.count == 1 && items.count == 3:
                if let list = items[2].array, list.first?.text == "literal", let labels = list.last?.array {
                    note(read[0], branches: [labels], isVisual: isVisual)
                }
            case "step" where read.count == 1:
                note(read[0], steps: stride(from: 3, to: items.count, by: 2).compactMap { items[$0].number }, isVisual: isVisual)
            default: break
            }
        }
        for item in items { visit(item, isVisual: isVisual) }
    }

    private mutating func note(
        _ name: String, branches: [[JSONValue]] = [], steps: [Double] = [], isVisual: Bool
    ) {
        let place = fields.firstIndex { $0.name == name } ?? fields.count
        if place == fields.count { fields.append(Field(name: name)) }
        for branch in branches where !fields[place].branches.contains(branch) { fields[place].branches.append(branch) }
        if fields[place].steps.isEmpty { fields[place].steps = steps }
        if isVisual { fields[place].isVisual = true }
    }

    private static func fieldsRead(by value: JSONValue) -> [String] {
        guard case .array(let items) = value else { return [] }
        if items.first?.text == "get", items.count == 2, let field = items[1].text { return [field] }
        return items.flatMap(fieldsRead)
    }
}

extension ClassSearch.Field {
    /// The classes that the field's values make, where a title for them can be read from the document.
    func terms(_ vocabulary: LegendVocabulary, layer: String) -> [LegendVocabulary.Term] {
        if let known = vocabulary.terms(layer: layer, field: name) { return known }
        if !steps.isEmpty { return stepTerms }
        return branches.compactMap { labels in
            let texts = labels.compactMap(\.text)
            guard let value = texts.first, let zh = texts.first(where: Self.hasHan) else { return nil }
            let en = texts.first { text in text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic && $0.isASCII } }
            return LegendVocabulary.Term(value: value, title: LocalisedText(zh: zh, en: en ?? zh), isStated: false)
        }
    }

    /// Below the first step, between two, from the last one on.
    private var stepTerms: [LegendVocabulary.Term] {
        let texts = steps.map(ExpressionValue.text(of:))
        return (0...steps.count).map { i in
            let value = i == 0 ? ExpressionValue.text(of: steps[0] / 2) : texts[i - 1]
            let title = i == 0 ? "< \(texts[0])" : i == steps.count ? "≥ \(texts[i - 1])" : "\(texts[i - 1]) – \(texts[i])"
            return LegendVocabulary.Term(value: value, title: LocalisedText(zh: title, en: title), isStated: true)
        }
    }

    private static func hasHan(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.isIdeographic }
    }
}
