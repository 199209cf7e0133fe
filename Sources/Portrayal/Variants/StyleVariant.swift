/// A style derived from another one: which layers stay, what becomes of the colours, what is set anew.
///
/// Source and variant are JSON, and so is the result: it compiles, draws and travels like a document written by hand.
public struct StyleVariant: Sendable, Hashable {
    /// Layout and paint members that some layers get after their colours were replaced; `null` takes one away.
    struct Setting: Hashable, Sendable {
        var selector: LayerSelector
        var layout: [String: JSONValue]
        var paint: [String: JSONValue]
    }

    /// The style it derives from, as `standard`.
    public let source: String
    /// Its own id: that of the source and its name, as `standard-night`.
    public let id: String
    let title: [String: JSONValue]
    /// The layers that stay; `nil` for all.
    let kept: LayerSelector?
    /// The first rule that knows a colour decides; `nil` leaves colours alone.
    let colours: [ColourRule]?
    /// `nil` leaves icons alone.
    let icons: IconRecolouring?
    let settings: [Setting]
    /// Sources that the document gets besides its own.
    let sources: [String: JSONValue]
    /// Layers that come under all that stay.
    let ground: [JSONValue]

    /// The source document as this variant has it.
    ///
    /// - Throws: `invalidStyle` listing every colour of the source that the variant has no replacement for.
    public func applied(to document: JSONValue) throws(PortrayalError) -> JSONValue {
        guard case .object(var root) = document else { return document }
        root["name"] = title["zh"] ?? root["name"]
        var metadata = root["metadata"]?.object ?? [:]
        metadata["workmap:title"] = .object(title)
        root["metadata"] = .object(metadata)
        if let sprite = root["sprite"]?.text, sprite.hasSuffix("/" + source) {
            root["sprite"] = .string(sprite.dropLast(source.count) + id)
        }
        var issues: [StyleIssue] = []
        let layers = (root["layers"]?.array ?? []).enumerated().compactMap { layer($1, $0, &issues) }
        root["layers"] = .array(ground + layers)
        if !sources.isEmpty { root["sources"] = .object((root["sources"]?.object ?? [:]).merging(sources) { $1 }) }
        guard issues.isEmpty else {
            throw PortrayalError(
                .invalidStyle, "variant \"\(id)\" leaves \(issues.count) colour(s) of style \"\(source)\" as they were",
                issues: issues)
        }
        return .object(root)
    }

    private func layer(_ json: JSONValue, _ index: Int, _ issues: inout [StyleIssue]) -> JSONValue? {
        guard case .object(var members) = json, let layer = LayerIdentity(members) else {
            return json  // the compiler says what is wrong with it
        }
        guard kept?.matches(layer) ?? true else { return nil }
        if let colours {
            var rewriting = ColourRewriting(rules: colours, layer: layer)
            for part in ["layout", "paint"] {
                members[part] = members[part].map { rewriting.rewritten($0, path: "layers[\(index)].\(part)") }
            }
            issues += rewriting.issues
        }
        for setting in settings where setting.selector.matches(layer) {
            for (part, values) in [("layout", setting.layout), ("paint", setting.paint)] where !values.isEmpty {
                let merged = (members[part]?.object ?? [:]).merging(values) { $1 }
                members[part] = .object(merged.filter { $0.value != .null })
            }
        }
        return .object(members)
    }
}
