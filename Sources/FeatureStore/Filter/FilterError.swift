public import Wording

/// Why an expression cannot be asked of a layer.
public struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// The layer has no such property, or none that this reader may see.
        case propertyUnknown = "filter-property-unknown"
        case functionUnknown = "filter-function-unknown"
        /// Two kinds of value that cannot be compared.
        case kindMismatch = "filter-kind-mismatch"
        /// A literal that cannot be carried to the layer's CRS, or is no geometry.
        case literalUnusable = "filter-literal-unusable"
        /// What the standard allows and this program does not answer.
        case unsupported = "filter-unsupported"
    }

    public var code: Code
    /// The part of the filter that is meant, as CQL2 text, cut short.
    public var part: String
    public var expected: LocalisedText

    static let excerptLimit = 80

    init(_ code: Code, _ part: String, zh: String, en: String) {
        self.code = code
        let cut = String(part.prefix(Self.excerptLimit))
        self.part = cut.utf8.count < part.utf8.count ? cut + "…" : cut
        expected = LocalisedText(zh: zh, en: en)
    }

    public var message: LocalisedText {
        LocalisedText(zh: "过滤式中的“\(part)”：应为\(expected.zh)", en: "“\(part)” in the filter: expected \(expected.en)")
    }

    public var description: String { message.both }
}
