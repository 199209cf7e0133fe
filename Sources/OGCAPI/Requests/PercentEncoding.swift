/// Percent encoding of UTF-8 text (RFC 3986 clause 2.1).
public enum PercentEncoding {
    /// Everything but unreserved characters encoded: fit for a query value or a single path segment.
    public static func encode(_ text: String) -> String {
        if text.utf8.allSatisfy(isUnreserved) { return text }
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count * 3)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                out.append(byte)
            } else {
                out.append(UInt8(ascii: "%"))
                out.append(hexDigit(byte >> 4))
                out.append(hexDigit(byte & 15))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    /// `nil` for a broken escape or bytes that are not UTF-8.
    ///
    /// - Parameter form: whether `+` stands for a blank, as HTML forms write it.
    public static func decode(_ text: some StringProtocol, form: Bool = false) -> String? {
        decode(ArraySlice(text.utf8), form: form)
    }

    /// The same of the bytes of a text.
    static func decode(_ text: ArraySlice<UInt8>, form: Bool) -> String? {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var place = text.startIndex
        while place < text.endIndex {
            switch text[place] {
            case UInt8(ascii: "%"):
                guard place + 2 < text.endIndex, let high = digit(text[place + 1]), let low = digit(text[place + 2]) else { return nil }
                out.append(high << 4 | low)
                place += 2
            case UInt8(ascii: "+") where form: out.append(UInt8(ascii: " "))
            default: out.append(text[place])
            }
            place += 1
        }
        return String(validating: out, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
