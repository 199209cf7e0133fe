public import Wording

/// Why a document is not read, and where.
public struct MarkupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Raw values are stable keys.
    public enum Code: String, Sendable, CaseIterable {
        /// It is not well-formed.
        case syntax = "markup-syntax"
        /// It brings definitions of its own, from which entities could be made.
        case documentType = "markup-document-type"
        /// It is not UTF-8.
        case encoding = "markup-encoding"
        /// It goes beyond a limit.
        case tooLarge = "markup-too-large"
    }

    public var code: Code
    /// Bytes before the place.
    public var offset: Int
    /// What is wrong or would have been accepted.
    public var message: LocalisedText

    init(_ code: Code, at offset: Int, zh: String, en: String) {
        self.code = code
        self.offset = offset
        message = LocalisedText(zh: "XML 第 \(offset + 1) 个字节处：\(zh)", en: "at byte \(offset + 1) of the XML: \(en)")
    }

    public var description: String { message.both }
}

/// How large a document may be; whatever is larger is refused before it costs much.
public struct MarkupLimits: Hashable, Sendable {
    public var bytes: Int
    /// Elements inside one another.
    public var depth: Int
    public var elements: Int
    /// Of one element.
    public var attributes: Int

    public init(bytes: Int = 4 << 20, depth: Int = 100, elements: Int = 200_000, attributes: Int = 50) {
        self.bytes = bytes
        self.depth = depth
        self.elements = elements
        self.attributes = attributes
    }
}
