extension JSONText {
    /// Appends the value as UTF-8.
    public func append(to out: inout [UInt8]) {
        write(to: &out, indent: nil, depth: 0)
    }

    func write(to out: inout [UInt8], indent: Int?, depth: Int) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .boolean(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): out.append(contentsOf: String(value).utf8)
        case .number(let value): Self.append(number: value, to: &out)
        case .string(let value): Self.append(string: value, to: &out)
        case .array(let values):
            // Positions and ranges of plain numbers read better on one line.
            let inner = values.allSatisfy(\.isNumber) ? nil : indent
            Self.block(values, in: ("[", "]"), to: &out, indent: inner, depth: depth) { value, out in
                value.write(to: &out, indent: inner, depth: depth + 1)
            }
        case .object(let members):
            Self.block(members, in: ("{", "}"), to: &out, indent: indent, depth: depth) { member, out in
                Self.append(string: member.name, to: &out)
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

    /// Appends a string with its quotes; only what RFC 8259 clause 7 requires is escaped.
    public static func append(string: String, to out: inout [UInt8]) {
        let hex = Array("0123456789abcdef".utf8)
        out.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): out.append(contentsOf: #"\\"#.utf8)
            case 0x0A: out.append(contentsOf: #"\n"#.utf8)
            case 0x0D: out.append(contentsOf: #"\r"#.utf8)
            case 0x09: out.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20:
                out.append(contentsOf: #"\u00"#.utf8)
                out.append(hex[Int(byte >> 4)])
                out.append(hex[Int(byte & 15)])
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Appends the shortest text that reads back as the same number; whole numbers have no decimal point.
    ///
    /// - Parameter number: written as `null` when it is not finite.
    public static func append(number: Double, to out: inout [UInt8]) {
        guard number.isFinite else { return out.append(contentsOf: "null".utf8) }
        if number.magnitude < 9_007_199_254_740_992, number.rounded(.towardZero) == number {
            out.append(contentsOf: String(Int64(number)).utf8)
        } else {
            out.append(contentsOf: number.description.utf8)
        }
    }
}
