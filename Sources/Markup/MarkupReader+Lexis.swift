/// Names, references and what lies between.
extension MarkupReader {
    func syntax(_ zh: String, _ en: String) -> MarkupError { MarkupError(.syntax, at: min(at, bytes.count), zh: zh, en: en) }

    func starts(with text: String) -> Bool {
        bytes[min(at, bytes.count)...].starts(with: text.utf8)
    }

    mutating func take(_ text: String) -> Bool {
        guard starts(with: text) else { return false }
        at += text.utf8.count
        return true
    }

    @discardableResult
    mutating func skipSpace() -> Bool {
        let start = at
        while at < bytes.count, Unicode.Scalar(bytes[at]).isMarkupSpace { at += 1 }
        return at > start
    }

    mutating func skip(_ opening: String, past closing: String) throws(MarkupError) {
        let start = at
        at += opening.utf8.count
        while at < bytes.count {
            if take(closing) { return }
            at += 1
        }
        at = start
        throw syntax("缺少“\(closing)”", "\(closing) is missing")
    }

    /// `<?xml … ?>`: the only thing that it may say of interest is an encoding, and there is but one.
    mutating func declaration() throws(MarkupError) {
        let start = at
        try skip("<?", past: "?>")
        let said = String(decoding: bytes[start..<at], as: UTF8.self).lowercased().filter { $0 != " " && $0 != "'" && $0 != "\"" }
        guard let encoding = said.firstRange(of: "encoding=") else { return }
        let name = said[encoding.upperBound...].prefix { $0 != "?" && !$0.isWhitespace }
        guard name.hasPrefix("utf-8") || name.hasPrefix("utf8") || name.hasPrefix("us-ascii") else {
            throw MarkupError(.encoding, at: start, zh: "应为 UTF-8 编码", en: "the document has to be in UTF-8")
        }
    }

    /// A name with its prefix; any character beyond ASCII may stand in it.
    mutating func name() throws(MarkupError) -> ArraySlice<UInt8> {
        let start = at
        while at < bytes.count, Self.isOfName(bytes[at]) { at += 1 }
        guard at > start, !Self.isFurther(bytes[start]) else {
            at = start
            throw syntax("应为名称", "a name is expected")
        }
        return bytes[start..<at]
    }

    private static func isFurther(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: ":"), 0x80...: true
        default: isFurther(byte)
        }
    }

    /// What follows the last colon.
    static func local(_ name: ArraySlice<UInt8>) -> String {
        let start = name.lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? name.startIndex
        return String(decoding: name[start...], as: UTF8.self)
    }

    /// One byte of text; line ends become line feeds.
    mutating func character(into text: inout [UInt8]) throws(MarkupError) {
        let byte = bytes[at]
        if byte == UInt8(ascii: "\r") {
            text.append(UInt8(ascii: "\n"))
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "\n") { at += 1 }
            return
        }
        guard byte >= 0x20 || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") else {
            throw syntax("不允许的控制字符", "a control character may not stand here")
        }
        text.append(byte)
        at += 1
    }

    /// `&lt;`, `&#20320;` and the like.
    mutating func reference(into text: inout [UInt8]) throws(MarkupError) {
        let start = at
        at += 1
        let named: [(String, UInt8)] = [
            ("lt;", UInt8(ascii: "<")), ("gt;", UInt8(ascii: ">")), ("amp;", UInt8(ascii: "&")), ("quot;", UInt8(ascii: "\"")),
            ("apos;", UInt8(ascii: "'")),
        ]
        for (name, byte) in named where take(name) {
            text.append(byte)
            return
        }
        if take("#"), let scalar = number() {
            text += Array(String(Character(scalar)).utf8)
            return
        }
        at = start
        throw syntax("未知的实体；只有 &lt; &gt; &amp; &quot; &apos; 与字符编号", "an unknown entity; there are &lt; &gt; &amp; &quot; &apos; and numbers of characters")
    }

    private mutating func number() -> Unicode.Scalar? {
        let radix: UInt32 = take("x") ? 16 : 10
        var value: UInt32 = 0
        let start = at
        while at < bytes.count, let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue, UInt32(digit) < radix, at - start < 8 {
            value = value &* radix &+ UInt32(digit)
            at += 1
        }
        guard at > start, take(";"), let scalar = Unicode.Scalar(value) else { return nil }
        return value >= 0x20 || scalar.isMarkupSpace ? scalar : nil
    }
}
