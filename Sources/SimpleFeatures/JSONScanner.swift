/// Walks JSON text (RFC 8259) byte by byte; the bytes are passed to every call because a span cannot be kept.
///
/// It is lenient where no meaning is lost: control characters in strings and repeated keys pass.
package struct JSONScanner: Sendable {
    /// Of the next byte to read.
    package var position: Int
    /// One past the last byte that may be read.
    package var end: Int
    /// Objects and arrays inside one another that are followed.
    package let nestingLimit: Int
    /// Whether an escape that is no character, a lone surrogate, was read as U+FFFD.
    package var hasReplacedEscape = false

    /// Bytes after which a string that has not closed is given up.
    package static let longestString = 256 << 20

    package init(position: Int, end: Int, nestingLimit: Int = 64) {
        self.position = position
        self.end = end
        self.nestingLimit = nestingLimit
    }

    /// The next byte that is not white space, not consumed; 0 at the end.
    package mutating func peek(_ bytes: Span<UInt8>) -> UInt8 {
        while position < end {
            let byte = bytes[position]
            if byte > 0x20 || (byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09) { return byte }
            position &+= 1
        }
        return 0
    }

    /// Consumes `byte` after white space, and says whether it was there.
    package mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        guard peek(bytes) == byte, position < end else { return false }
        position &+= 1
        return true
    }

    package mutating func expect(_ byte: UInt8, _ bytes: Span<UInt8>) throws(GeoJSONError) {
        guard take(byte, bytes) else { throw unexpected(bytes, wanted: "\"\(Character(UnicodeScalar(byte)))\"") }
    }

    /// Consumes what follows a member or an element: `true` after a comma, `false` after `close`.
    package mutating func hasNext(before close: UInt8, _ bytes: Span<UInt8>) throws(GeoJSONError) -> Bool {
        let byte = peek(bytes)
        guard byte == 0x2C || byte == close, position < end else {
            throw unexpected(bytes, wanted: "a comma or \"\(Character(UnicodeScalar(close)))\"")
        }
        position &+= 1
        return byte == 0x2C
    }

    /// Consumes an opening byte; `false` when `close` follows at once and was consumed too.
    package mutating func enter(_ open: UInt8, _ close: UInt8, _ bytes: Span<UInt8>) throws(GeoJSONError) -> Bool {
        try expect(open, bytes)
        return !take(close, bytes)
    }

    /// Consumes a string with its quotes; the range is of its content, escapes and all.
    package mutating func rawString(_ bytes: Span<UInt8>) throws(GeoJSONError) -> (content: Range<Int>, hasEscape: Bool) {
        guard peek(bytes) == 0x22, position < end else { throw unexpected(bytes, wanted: "a string") }
        let start = position &+ 1
        var p = start
        var hasEscape = false
        let stop = min(end, start + JSONScanner.longestString)
        while p < stop {
            let byte = bytes[p]
            if byte == 0x22 {
                position = p &+ 1
                return (start..<p, hasEscape)
            }
            if byte == 0x5C {
                hasEscape = true
                p &+= 1
            }
            p &+= 1
        }
        throw GeoJSONError(
            .syntax, at: position,
            stop < end
                ? "the string that begins here has no end within \(JSONScanner.longestString) bytes"
                : "the text ends inside a string that begins here")
    }

    /// Consumes a member's name and its colon.
    package mutating func rawKey(_ bytes: Span<UInt8>) throws(GeoJSONError) -> (content: Range<Int>, hasEscape: Bool) {
        let key = try rawString(bytes)
        try expect(0x3A, bytes)
        return key
    }

    /// Consumes one value of any kind by its brackets and quotes alone; numbers and words inside are not judged.
    package mutating func skipValue(_ bytes: Span<UInt8>) throws(GeoJSONError) {
        let first = peek(bytes)
        switch first {
        case 0x22: _ = try rawString(bytes)
        case 0x7B, 0x5B: try skipNested(bytes)
        case 0, 0x2C, 0x3A, 0x5D, 0x7D: throw unexpected(bytes, wanted: "a value")
        default: skipWord(bytes)
        }
    }

    private mutating func skipNested(_ bytes: Span<UInt8>) throws(GeoJSONError) {
        let start = position
        var p = position
        var depth = 0
        while p < end {
            let byte = bytes[p]
            if byte == 0x22 {
                position = p
                _ = try rawString(bytes)
                p = position
                continue
            }
            p &+= 1
            // Brackets and braces differ in one bit of no other quoted-out character.
            let folded = byte | 0x20
            if folded == 0x7B {
                depth &+= 1
            } else if folded == 0x7D {
                depth &-= 1
                if depth == 0 {
                    position = p
                    return
                }
            }
        }
        position = end
        throw GeoJSONError(.syntax, at: start, "the text ends inside what begins here")
    }

    /// Consumes a number or a word up to the next delimiter, and gives its place.
    @discardableResult
    package mutating func skipWord(_ bytes: Span<UInt8>) -> Range<Int> {
        let start = position
        while position < end {
            let byte = bytes[position]
            if byte <= 0x20 || byte == 0x2C || byte == 0x5D || byte == 0x7D || byte == 0x3A { break }
            position &+= 1
        }
        return start..<position
    }

    /// Whether the bytes in `range` spell `text`.
    package func spells(_ text: StaticString, _ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for i in 0..<range.count where unsafe bytes[range.lowerBound &+ i] != text.utf8Start[i] { return false }
        return true
    }

    package func unexpected(_ bytes: Span<UInt8>, wanted: String) -> GeoJSONError {
        guard position < end else { return GeoJSONError(.syntax, at: position, "the text ends where \(wanted) is expected") }
        let byte = bytes[position]
        let met = byte > 0x20 && byte < 0x7F ? "\"\(Character(UnicodeScalar(byte)))\"" : "byte 0x" + String(byte, radix: 16)
        return GeoJSONError(.syntax, at: position, "\(met) stands where \(wanted) is expected")
    }
}
