extension JSONScanner {
    /// Consumes a string and gives its text.
    package mutating func string(_ bytes: Span<UInt8>) throws(GeoJSONError) -> String {
        let (content, hasEscape) = try rawString(bytes)
        return hasEscape ? try unescaped(content, bytes) : try text(content, bytes)
    }

    /// The bytes of `range` as text.
    package func text(_ range: Range<Int>, _ bytes: Span<UInt8>) throws(GeoJSONError) -> String {
        let text = unsafe bytes.withUnsafeBufferPointer { unsafe String(validating: $0[range], as: UTF8.self) }
        guard let text else { throw GeoJSONError(.textNotUTF8, at: range.lowerBound, "the bytes here are not UTF-8") }
        return text
    }

    /// The content of a string, escapes resolved.
    package mutating func unescaped(_ content: Range<Int>, _ bytes: Span<UInt8>) throws(GeoJSONError) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(content.count)
        var p = content.lowerBound
        while p < content.upperBound {
            let byte = bytes[p]
            p += 1
            guard byte == 0x5C else {
                output.append(byte)
                continue
            }
            guard p < content.upperBound else { throw GeoJSONError(.syntax, at: p, "an escape is cut short") }
            let kind = bytes[p]
            p += 1
            switch kind {
            case 0x22, 0x5C, 0x2F: output.append(kind)
            case 0x62: output.append(0x08)
            case 0x66: output.append(0x0C)
            case 0x6E: output.append(0x0A)
            case 0x72: output.append(0x0D)
            case 0x74: output.append(0x09)
            case 0x75: output.append(contentsOf: Array(String(try escapedScalar(at: &p, content.upperBound, bytes)).utf8))
            default: throw GeoJSONError(.syntax, at: p - 1, "an unknown escape stands here")
            }
        }
        guard let text = String(validating: output, as: UTF8.self) else {
            throw GeoJSONError(.textNotUTF8, at: content.lowerBound, "the bytes here are not UTF-8")
        }
        return text
    }

    /// The scalar whose four digits begin at `p`, with its second half where it is a surrogate pair.
    private mutating func escapedScalar(
        at p: inout Int, _ limit: Int, _ bytes: Span<UInt8>
    ) throws(GeoJSONError) -> Character {
        let high = try fourDigits(at: p, limit, bytes)
        p += 4
        if high & 0xFC00 == 0xD800, p + 6 <= limit, bytes[p] == 0x5C, bytes[p + 1] == 0x75 {
            let low = try fourDigits(at: p + 2, limit, bytes)
            if low & 0xFC00 == 0xDC00, let scalar = UnicodeScalar(0x10000 + (high & 0x3FF) << 10 + low & 0x3FF) {
                p += 6
                return Character(scalar)
            }
        }
        if let scalar = UnicodeScalar(high) { return Character(scalar) }
        hasReplacedEscape = true
        return "\u{FFFD}"
    }

    private func fourDigits(at p: Int, _ limit: Int, _ bytes: Span<UInt8>) throws(GeoJSONError) -> UInt32 {
        guard p + 4 <= limit else { throw GeoJSONError(.syntax, at: p, "an escape is cut short") }
        var value: UInt32 = 0
        for i in p..<(p + 4) {
            let byte = bytes[i]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46, 0x61...0x66: digit = (byte | 0x20) - 0x57
            default: throw GeoJSONError(.syntax, at: i, "four hexadecimal digits are expected here")
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
