internal import SimpleFeatures

extension JSONDocument {
    /// Appends the value as UTF-8.
    public func append(to out: inout [UInt8]) {
        write(to: &out, indent: nil, depth: 0)
    }

    func write(to out: inout [UInt8], indent: Int?, depth: Int) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .boolean(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): JSONText.append(Int64(value), to: &out)
        case .number(let value): JSONText.append(value, to: &out)
        case .string(let value): JSONText.append(value, to: &out)
        case .array(let values):
            // Positions and ranges of plain numbers read better on one line.
            let inner = values.allSatisfy(\.isNumber) ? nil : indent
            Self.block(values, in: ("[", "]"), to: &out, indent: inner, depth: depth) { value, out in
                value.write(to: &out, indent: inner, depth: depth + 1)
            }
        case .object(let members):
            Self.block(members, in: ("{", "}"), to: &out, indent: indent, depth: depth) { member, out in
                JSONText.append(member.name, to: &out)
                out.append(contentsOf: (indent == nil ? ":" : ": ").utf8)
                member.value.write(to: &out, indent: indent, depth: depth + 1)
            }
        }
    }

    private var isNumber: Bool {
        switch self {
        case .integer, .number: true
        default: false
        }
    }

    private static func block<Element>(
        _ elements: [Element], in brackets: (String, String), to out: inout [UInt8], indent: Int?, depth: Int,
        _ body: (Element, inout [UInt8]) -> Void
    ) {
        out.append(contentsOf: brackets.0.utf8)
        for (i, element) in elements.enumerated() {
            if i > 0 { out.append(UInt8(ascii: ",")) }
            breakLine(indent, depth + 1, &out)
            body(element, &out)
        }
        if !elements.isEmpty { breakLine(indent, depth, &out) }
        out.append(contentsOf: brackets.1.utf8)
    }

    private static func breakLine(_ indent: Int?, _ depth: Int, _ out: inout [UInt8]) {
        guard let indent else { return }
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * depth))
    }
}
