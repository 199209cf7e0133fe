/// Replaces the colours of one style layer, wherever its expressions give one.
///
/// A colour that no rule knows is a fault with its place: shown as it was, it would be a day colour at night.
struct ColourRewriting {
    let rules: [ColourRule]
    let layer: LayerIdentity
    private(set) var issues: [StyleIssue] = []

    init(rules: [ColourRule], layer: LayerIdentity) {
        self.rules = rules.filter { $0.selector.matches(layer) }
        self.layer = layer
    }

    /// The members of `layout` or `paint` with their colours replaced.
    mutating func rewritten(_ properties: JSONValue, path: String) -> JSONValue {
        guard case .object(var members) = properties else { return properties }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            members[name] = name.hasSuffix("-color")
                ? colour(value, name, "\(path).\(name)") : withSections(value, "\(path).\(name)")
        }
        return .object(members)
    }

    /// A value that is a colour, or an expression or function of an old style that gives one.
    private mutating func colour(_ value: JSONValue, _ property: String, _ path: String) -> JSONValue {
        switch value {
        case .string(let text):
            guard let colour = StyleColour(css: text) else { return value }  // the compiler names what is no colour
            return .string(replaced(colour, property, path).written)
        case .array(let items): return .array(expression(items, property, path))
        case .object(var function):
            if let fallback = function["default"] { function["default"] = colour(fallback, property, path + ".default") }
            if case .array(let stops)? = function["stops"] {
                function["stops"] = .array(stops.enumerated().map { i, stop in
                    guard case .array(let pair) = stop, pair.count == 2 else { return stop }
                    return .array([pair[0], colour(pair[1], property, "\(path).stops[\(i)][1]")])
                })
            }
            return .object(function)
        default: return value
        }
    }

    private mutating func expression(_ items: [JSONValue], _ property: String, _ path: String) -> [JSONValue] {
        guard let name = items.first?.text else { return items }
        guard let places = Self.outputs(of: name, count: items.count) else {
            issues.append(
                StyleIssue(
                    path: path,
                    message: "layer \"\(layer.id)\": a colour that \"\(name)\" computes cannot be replaced; write it as #RRGGBB",
                    chinese: "图层“\(layer.id)”中“\(name)”算出的颜色无法替换，请写成 #RRGGBB"))
            return items
        }
        var out = items
        for i in places { out[i] = colour(items[i], property, "\(path)[\(i)]") }
        return out
    }

    /// Where an operator's arguments are results and not labels, stops or conditions; `nil` for one that computes.
    private static func outputs(of name: String, count: Int) -> [Int]? {
        switch name {
        case "match": Array(stride(from: 3, to: count - 1, by: 2)) + [count - 1]
        case "case", "let": Array(stride(from: 2, to: count - 1, by: 2)) + [count - 1]
        case "step": Array(stride(from: 2, to: count, by: 2))
        case "interpolate", "interpolate-hcl", "interpolate-lab": Array(stride(from: 4, to: count, by: 2))
        case "coalesce", "to-color", "literal": Array(1..<max(count, 1))
        case "var": []
        default: nil
        }
    }

    /// `format` gives each of its sections a colour of its own.
    private mutating func withSections(_ value: JSONValue, _ path: String) -> JSONValue {
        switch value {
        case .array(let items):
            return .array(items.enumerated().map { withSections($1, "\(path)[\($0)]") })
        case .object(var members):
            guard let text = members["text-color"] else { return value }
            members["text-color"] = colour(text, "text-color", path + ".text-color")
            return .object(members)
        default: return value
        }
    }

    private mutating func replaced(_ colour: StyleColour, _ property: String, _ path: String) -> StyleColour {
        if colour.alpha == 0 { return colour }
        for rule in rules where rule.properties?.contains(property) ?? true {
            if let new = rule.replacement(of: colour) { return new }
        }
        issues.append(
            StyleIssue(
                path: path, message: "colour \(colour.written) of layer \"\(layer.id)\" has no replacement; add it to a palette",
                chinese: "图层“\(layer.id)”的颜色 \(colour.written) 没有替换色，请补入 palette"))
        return colour
    }
}
