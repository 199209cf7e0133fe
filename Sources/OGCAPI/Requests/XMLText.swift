/// An element of an XML document that is about to be written.
struct XMLText {
    var name: String
    var attributes: [(String, String)]
    var children: [XMLText]
    var text: String?

    init(_ name: String, _ attributes: [(String, String)] = [], _ children: [XMLText]) {
        self.name = name
        self.attributes = attributes
        self.children = children
    }

    init(_ name: String, _ attributes: [(String, String)] = [], text: String? = nil) {
        self.name = name
        self.attributes = attributes
        self.text = text
        children = []
    }

    /// A whole document in UTF-8, indented.
    ///
    /// - Parameter documentType: a line that names the document's DTD; `nil` for none.
    func document(documentType: String? = nil) -> [UInt8] {
        var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        if let documentType { out += documentType + "\n" }
        write(to: &out, depth: 0)
        return Array(out.utf8)
    }

    private func write(to out: inout String, depth: Int) {
        let indent = String(repeating: " ", count: depth)
        out += "\(indent)<\(name)"
        for (name, value) in attributes { out += " \(name)=\"\(Self.escape(value))\"" }
        if let text {
            out += ">\(Self.escape(text))</\(name)>\n"
        } else if children.isEmpty {
            out += "/>\n"
        } else {
            out += ">\n"
            for child in children { child.write(to: &out, depth: depth + 1) }
            out += "\(indent)</\(name)>\n"
        }
    }

    /// Characters that XML 1.0 cannot hold become U+FFFD.
    ///
    /// - Parameter keepsBreaks: whether tabs and line ends stay as they are, as fits a text but no attribute.
    static func escape(_ text: String, keepsBreaks: Bool = false) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\t", "\n", "\r": if keepsBreaks { out.unicodeScalars.append(scalar) } else { out += "&#\(scalar.value);" }
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
