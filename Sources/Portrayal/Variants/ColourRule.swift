/// Some layers of a style document; a member that is absent does not narrow the choice.
struct LayerSelector: Hashable, Sendable {
    var layers: Set<String>?
    /// As `symbol`.
    var types: Set<String>?
    /// As `overlay`, by the layers' own metadata.
    var groups: Set<String>?

    func matches(_ layer: LayerIdentity) -> Bool {
        (layers?.contains(layer.id) ?? true) && (types?.contains(layer.type) ?? true)
            && (groups?.contains(layer.group) ?? true)
    }
}

/// What a layer of a style document is chosen by.
struct LayerIdentity: Hashable, Sendable {
    var id: String
    var type: String
    var group: String

    /// `nil` for what is no layer.
    init?(_ members: [String: JSONValue]) {
        guard let id = members["id"]?.text, let type = members["type"]?.text else { return nil }
        self.id = id
        self.type = type
        group = members["metadata"]?.object?["workmap:group"]?.text ?? ""
    }
}

/// What becomes of the colours of some layers and properties.
struct ColourRule: Hashable, Sendable {
    enum Change: Hashable, Sendable {
        /// Opaque colours to their replacements; alpha is multiplied.
        case palette([StyleColour: StyleColour])
        case tone(ColourTone)
    }

    var selector: LayerSelector
    /// As `text-halo-color`; `nil` for all.
    var properties: Set<String>?
    var change: Change

    /// The colour that replaces `colour`; `nil` where this rule does not know it.
    func replacement(of colour: StyleColour) -> StyleColour? {
        switch change {
        case .tone(let tone): return tone.toned(colour)
        case .palette(let palette):
            guard var new = palette[StyleColour(straight: colour.straight, alpha: 1)] else { return nil }
            new.alpha *= colour.alpha
            return new
        }
    }
}

extension StyleColour {
    /// As a designer writes it: `#RRGGBB`, or `rgba(…)` where it lets something through.
    var written: String {
        guard alpha == 1 else { return text }
        return "#" + straight.map { component in
            let byte = String(Int((component * 255).rounded()), radix: 16, uppercase: true)
            return byte.count == 1 ? "0" + byte : byte
        }.joined()
    }
}
