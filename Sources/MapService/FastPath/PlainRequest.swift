import NIOCore

/// A whole `GET` request without a body, read from bytes; `nil` for everything that needs a real HTTP parser to be sure.
///
/// Stricter than RFC 9112 demands: one `Host`, header names of token characters, no folded lines, no field that changes
/// how a message is framed or answered. What is refused here is not wrong, it is only left to the decoder.
struct PlainRequest {
    /// The tile that the target names; `nil` for another target.
    private(set) var path: TilePath?
    /// Whether the target has bytes beyond ASCII, which no decoder takes.
    private(set) var hasRawTarget = false
    private(set) var acceptEncoding: String?
    private(set) var ifNoneMatch: String?

    private static let longest = 8192

    /// Fields that ask for more than a plain answer, in lower case.
    private static let demanding: Set<String> = [
        "content-length", "transfer-encoding", "expect", "upgrade", "range", "if-range", "if-match", "if-modified-since",
        "if-unmodified-since", "te", "trailer", "http2-settings",
    ]

    init?(_ buffer: ByteBuffer) {
        guard buffer.readableBytes <= Self.longest else { return nil }
        let isPlain = unsafe buffer.withUnsafeReadableBytes { bytes in read(unsafe Span(_unsafeBytes: bytes)) }
        guard isPlain else { return nil }
    }

    private mutating func read(_ bytes: Span<UInt8>) -> Bool {
        var place = 0
        guard let first = Self.line(bytes, &place), readRequestLine(bytes, first) else { return false }
        var hosts = 0
        while let line = Self.line(bytes, &place) {
            // The empty line ends the request, and with it the read.
            if line.isEmpty { return hosts == 1 && place == bytes.count }
            guard readField(bytes, line, &hosts) else { return false }
        }
        return false
    }

    /// `GET /path HTTP/1.1`
    private mutating func readRequestLine(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        let method: StaticString = "GET "
        let version: StaticString = " HTTP/1.1"
        guard line.count > method.utf8CodeUnitCount + version.utf8CodeUnitCount else { return false }
        let target = (line.lowerBound + method.utf8CodeUnitCount)..<(line.upperBound - version.utf8CodeUnitCount)
        guard Self.matches(bytes, line.lowerBound, method), Self.matches(bytes, target.upperBound, version) else { return false }
        path = TilePath(bytes: bytes.extracting(target))
        if path == nil { hasRawTarget = target.contains { bytes[$0] >= 0x80 } }
        return true
    }

    private mutating func readField(_ bytes: Span<UInt8>, _ line: Range<Int>, _ hosts: inout Int) -> Bool {
        var colon = line.lowerBound
        while colon < line.upperBound, Self.isToken(bytes[colon]) { colon += 1 }
        guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == UInt8(ascii: ":") else { return false }
        // Most fields are told apart by their length alone.
        switch colon - line.lowerBound {
        case 2, 4, 5, 6, 7, 8, 10, 13, 14, 15, 17, 19: break
        default: return true
        }
        let name = Self.text(bytes, line.lowerBound..<colon).lowercased()
        let value = Self.trimmed(bytes, (colon + 1)..<line.upperBound)
        switch name {
        case "host":
            hosts += 1
            return !value.isEmpty
        case "accept-encoding":
            defer { acceptEncoding = Self.text(bytes, value) }
            return acceptEncoding == nil
        case "if-none-match":
            defer { ifNoneMatch = Self.text(bytes, value) }
            return ifNoneMatch == nil
        case "connection": return Self.text(bytes, value).lowercased() == "keep-alive"
        default: return !Self.demanding.contains(name)
        }
    }

    /// The next line without its CR LF; `nil` when none ends properly.
    private static func line(_ bytes: Span<UInt8>, _ place: inout Int) -> Range<Int>? {
        let start = place
        var at = start
        while at < bytes.count, bytes[at] != 0x0A {
            // Control characters but the tab have no place in a head.
            let byte = bytes[at]
            if byte < 0x20 && byte != 0x09 && byte != 0x0D || byte == 0x7F { return nil }
            if byte == 0x0D && (at + 1 == bytes.count || bytes[at + 1] != 0x0A) { return nil }
            at += 1
        }
        guard at < bytes.count, at > start, bytes[at - 1] == 0x0D else { return nil }
        place = at + 1
        return start..<(at - 1)
    }

    private static func matches(_ bytes: Span<UInt8>, _ start: Int, _ text: StaticString) -> Bool {
        guard start >= 0, start + text.utf8CodeUnitCount <= bytes.count else { return false }
        for i in 0..<text.utf8CodeUnitCount where unsafe bytes[start + i] != text.utf8Start[i] { return false }
        return true
    }

    /// RFC 9110 section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 { low += 1 }
        while high > low, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 { high -= 1 }
        return low..<high
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
