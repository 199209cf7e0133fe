public import Wording

/// Why a filter of the Filter Encoding Standard cannot be read.
public struct FESError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Raw values are stable keys.
    public enum Code: String, Sendable, CaseIterable {
        /// Something stands where the schema has no place for it.
        case syntax = "fes-syntax"
        /// What the standard has and this program does not answer.
        case unsupported = "fes-unsupported"
        /// A name or a value that cannot be honoured.
        case value = "fes-value"
        case tooLarge = "fes-too-large"
    }

    public var code: Code
    public var message: LocalisedText

    /// Characters of the filter that an error repeats.
    private static let excerptLimit = 80

    init(_ code: Code, zh: String, en: String) {
        self.code = code
        message = LocalisedText(zh: zh, en: en)
    }

    static func excerpt(_ text: String) -> String {
        text.unicodeScalars.count > excerptLimit ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(excerptLimit))) + "…" : text
    }

    static func unsupported(_ name: String) -> FESError {
        FESError(
            .unsupported, zh: "不支持过滤运算 \(excerpt(name))；可用的见能力文档的 Filter_Capabilities",
            en: "the filter operator \(excerpt(name)) is not supported; Filter_Capabilities of the capabilities lists those that are")
    }

    static func value(_ text: String, in element: String, zh: String, en: String) -> FESError {
        FESError(.value, zh: "\(excerpt(element)) 中的“\(excerpt(text))”：应为\(zh)", en: "“\(excerpt(text))” in \(excerpt(element)): expected \(en)")
    }

    public var description: String { message.both }
}
