/// The elements of a `Forwarded` field (RFC 7239 section 4), one a proxy, the last one written last.
struct ForwardedField: Hashable, Sendable {
    /// What one proxy says of the request that it got.
    struct Element: Hashable, Sendable {
        /// Parameter names in lower case.
        var parameters: [String: String] = [:]

        /// The address that the request came from, without its port; `nil` where it is not told.
        var sender: String? { parameters["for"].flatMap(ForwardedField.address) }
    }

    private static let elementLimit = 32

    let elements: [Element]

    /// `nil` for a field that does not follow the grammar.
    init?(_ text: String) {
        var elements: [Element] = []
        var rest = Array(text.utf8)[...]
        repeat {
            guard elements.count < Self.elementLimit, let element = Self.element(&rest) else { return nil }
            elements.append(element)
        } while Self.take(UInt8(ascii: ","), &rest)
        guard rest.isEmpty else { return nil }
        self.elements = elements
    }

    /// The address of a node as `for` has it: `192.0.2.60`, `192.0.2.60:4711`, `[2001:db8::1]:80`; `nil` for `unknown` and
    /// names that hide it.
    static func address(_ node: String) -> String? {
        if node.hasPrefix("[") {
            guard let end = node.firstIndex(of: "]") else { return nil }
            return String(node[node.index(after: node.startIndex)..<end])
        }
        // A bare IPv6 address has several colons, as X-Forwarded-For writes it.
        if node.filter({ $0 == ":" }).count > 1 { return node }
        let host = String(node.prefix { $0 != ":" })
        return AddressRange(host) == nil ? nil : host
    }

    private static func element(_ rest: inout ArraySlice<UInt8>) -> Element? {
        var element = Element()
        repeat {
            skipBlanks(&rest)
            // Empty parts are allowed between separators.
            guard let next = rest.first, next != UInt8(ascii: ";"), next != UInt8(ascii: ",") else { continue }
            let name = token(&rest).lowercased()
            guard !name.isEmpty, take(UInt8(ascii: "="), &rest), let value = value(&rest), element.parameters[name] == nil else { return nil }
            element.parameters[name] = value
            skipBlanks(&rest)
        } while take(UInt8(ascii: ";"), &rest)
        return element
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard take(UInt8(ascii: "\""), &rest) else {
            let text = token(&rest)
            return text.isEmpty ? nil : text
        }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                bytes.append(escaped)
            default: bytes.append(byte)
            }
        }
        return nil
    }

    /// RFC 9110 section 5.6.2; a colon is let pass too, which proxies leave unquoted in an address with a port.
    private static func token(_ rest: inout ArraySlice<UInt8>) -> String {
        let end = rest.firstIndex { byte in
            !(byte > 0x20 && byte < 0x7F) || "\"(),/;<=>?@[\\]{}".utf8.contains(byte)
        }
        let text = String(decoding: rest[..<(end ?? rest.endIndex)], as: UTF8.self)
        rest = rest[(end ?? rest.endIndex)...]
        return text
    }

    private static func take(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    private static func skipBlanks(_ rest: inout ArraySlice<UInt8>) {
        while rest.first == 0x20 || rest.first == 0x09 { rest.removeFirst() }
    }
}
