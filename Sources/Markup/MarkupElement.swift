/// An element of an XML document that was read.
///
/// Names are local: prefixes are taken off, for requests that carry pieces of XML as parameters often leave prefixes undeclared.
public struct MarkupElement: Hashable, Sendable {
    public var name: String
    /// Values by local name; what declares namespaces is not among them.
    public var attributes: [String: String]
    public var children: [MarkupElement]
    /// What stands between its tags and in none of its children, in one piece.
    public var text: String

    public init(_ name: String, attributes: [String: String] = [:], children: [MarkupElement] = [], text: String = "") {
        self.name = name
        self.attributes = attributes
        self.children = children
        self.text = text
    }

    /// The first child of that name.
    public subscript(_ name: String) -> MarkupElement? { children.first { $0.name == name } }

    /// The text without the white space around it.
    public var trimmedText: String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isMarkupSpace }), let last = scalars.lastIndex(where: { !$0.isMarkupSpace }) else { return "" }
        return String(scalars[first...last])
    }
}

extension Unicode.Scalar {
    /// The white space of XML.
    var isMarkupSpace: Bool { self == " " || self == "\t" || self == "\n" || self == "\r" }
}
