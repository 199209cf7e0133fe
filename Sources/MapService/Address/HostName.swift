/// A host with an optional port as an address may hold it (RFC 3986 section 3.2.2), without anything that could end the
/// address, a header line or a piece of markup.
///
/// Registered names are taken of unreserved characters alone; sub-delimiters and escapes, which the RFC allows, stand in no
/// name that is in use, and `'` or `;` would be at home in an attack.
struct HostName: Hashable, Sendable {
    /// In lower case, IPv6 in brackets.
    let host: String
    let port: Int?

    /// Bytes of the longest name that DNS has.
    private static let longest = 253

    init?(_ text: some StringProtocol) {
        let text = text.lowercased()
        let end: String.Index
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]"), AddressRange(String(text[text.index(after: text.startIndex)..<close])) != nil,
                text[..<close].contains(":"), !text[..<close].contains("/"), !text[..<close].contains("%")
            else { return nil }
            end = text.index(after: close)
        } else {
            end = text.firstIndex(of: ":") ?? text.endIndex
            guard text[..<end].utf8.allSatisfy(Self.isUnreserved) else { return nil }
        }
        let host = text[..<end]
        guard !host.isEmpty, host.utf8.count <= Self.longest else { return nil }
        self.host = String(host)
        guard end < text.endIndex else {
            port = nil
            return
        }
        guard text[end] == ":", let number = Self.portNumber(text[text.index(after: end)...]) else { return nil }
        port = number
    }

    init(host: HostName, port: Int?) {
        self.host = host.host
        self.port = port
    }

    /// `nil` for what is no port.
    static func portNumber(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            (1...65_535).contains(number)
        else { return nil }
        return number
    }

    /// As it stands behind `http://` or `https://`, the scheme's own port left out.
    func authority(scheme: String) -> String {
        guard let port, port != (scheme == "https" ? 443 : 80) else { return host }
        return "\(host):\(port)"
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
