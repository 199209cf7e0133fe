public import Wording

/// A piece of an HTML document that is about to be written. Every text and attribute value is escaped when it is.
public enum HTMLNode: Hashable, Sendable {
    case text(String)
    indirect case element(String, [Attribute], [HTMLNode])

    public struct Attribute: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public static func element(_ name: String, _ attributes: [Attribute] = [], text: String) -> HTMLNode {
        .element(name, attributes, [.text(text)])
    }

    /// A text in both languages, English smaller beside.
    public static func localised(_ text: LocalisedText) -> [HTMLNode] {
        [.text(text.zh + " "), .element("span", [Attribute("class", "en"), Attribute("lang", "en")], text: text.en)]
    }

    /// A link where the address is one that a browser only reads; else the text alone.
    public static func link(_ address: String, _ text: String) -> HTMLNode {
        guard isReadable(address) else { return .text(text) }
        return .element("a", [Attribute("href", address)], text: text)
    }

    /// Never a scheme that runs something.
    private static func isReadable(_ address: String) -> Bool {
        address.hasPrefix("http://") || address.hasPrefix("https://") || (address.hasPrefix("/") && !address.hasPrefix("//"))
    }

    private static let withoutEnd: Set<String> = ["meta", "link", "br", "img", "hr"]

    public func append(to out: inout String) {
        switch self {
        case .text(let text): out += XMLText.escape(text, keepsBreaks: true)
        case .element(let name, let attributes, let children):
            out += "<\(name)"
            for attribute in attributes { out += " \(attribute.name)=\"\(XMLText.escape(attribute.value))\"" }
            out += ">"
            if Self.withoutEnd.contains(name) { return }
            for child in children { child.append(to: &out) }
            out += "</\(name)>"
        }
    }
}
