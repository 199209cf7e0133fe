public import Wording

/// One thing wrong with one record, worded so that the record can be found and mended.
public struct Diagnostic: Sendable, Hashable {
    /// Stable, for counting: lower case words joined by hyphens, for example `coordinate-not-finite`.
    public var key: String
    /// The field or member concerned; `nil` for the record as a whole.
    public var field: String?
    /// The offending value as the source spells it, at most 64 characters; `nil` when there is none to show.
    public var value: String?
    /// What is wrong, a full sentence without the place.
    public var reason: LocalisedText
    /// What to do about it, a full sentence.
    public var suggestion: LocalisedText

    public init(key: String, field: String? = nil, value: String? = nil, reason: LocalisedText, suggestion: LocalisedText) {
        self.key = key
        self.field = field
        self.value = value.map(Diagnostic.shortened)
        self.reason = reason
        self.suggestion = suggestion
    }

    /// The longest value kept.
    public static let valueLimitInCharacters = 64

    private static func shortened(_ value: String) -> String {
        value.count <= valueLimitInCharacters ? value : value.prefix(valueLimitInCharacters - 1) + "…"
    }
}
