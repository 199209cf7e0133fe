import Wording

/// What a style document says about the values of its layers' fields, so that a legend can speak of them.
///
/// `metadata` holds `workmap:values`: layer, field and value lead to `zh`, `en` and, where a value belongs under one
/// of another field, `of`: that field and value. `workmap:samples` gives a layer's fields the values that a sample
/// feature has; `{title}` in them stands for what the row is called.
struct LegendVocabulary {
    struct Term {
        var value: String
        var title: LocalisedText
        /// Whether it stands in a legend even where it looks like features without a value.
        var isStated: Bool
        /// The class of another field that it belongs under.
        var parent: (field: String, value: String)?
    }

    private let values: [String: JSONValue]
    private let samples: [String: JSONValue]

    init(_ document: JSONValue) {
        let metadata = document.object?["metadata"]?.object ?? [:]
        values = metadata["workmap:values"]?.object ?? [:]
        samples = metadata["workmap:samples"]?.object ?? [:]
    }

    /// The values of a field that the document has words for, in the order of their codes.
    func terms(layer: String, field: String) -> [Term]? {
        guard let entries = values[layer]?.object?[field]?.object else { return nil }
        return entries.sorted { $0.key < $1.key }.map { value, entry in
            let zh = entry.object?["zh"]?.text ?? value
            var term = Term(value: value, title: LocalisedText(zh: zh, en: entry.object?["en"]?.text ?? zh), isStated: true)
            if let (field, owner) = entry.object?["of"]?.object?.first, let owner = owner.text {
                term.parent = (field: field, value: owner)
                term.isStated = false
            }
            return term
        }
    }

    /// What a sample feature of the layer carries.
    func sample(layer: String, title: LocalisedText) -> [String: JSONValue] {
        (samples[layer]?.object ?? [:]).mapValues { value in
            value.text == "{title}" ? .string(title.zh) : value
        }
    }
}
