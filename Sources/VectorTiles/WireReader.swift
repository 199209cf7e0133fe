/// Reads protocol buffer primitives from a part of a tile; nothing is ever read past its end.
struct WireReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    let end: Int

    init(_ bytes: [UInt8]) {
        self.init(bytes, in: 0..<bytes.count)
    }

    private init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position >= end }

    @inline(__always)
    mutating func varint() throws(VectorTileError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let byte = bytes[position]
            position += 1
            // The tenth byte has room for one bit.
            if shift == 63, byte > 1 { throw VectorTileError(.malformed, "A varint at byte \(position) is longer than 64 bits.") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            if shift > 63 { throw VectorTileError(.malformed, "A varint at byte \(position) is longer than 64 bits.") }
        }
        throw VectorTileError(.truncated, "A varint runs past byte \(end).")
    }

    /// Field number and wire type.
    mutating func key() throws(VectorTileError) -> (field: Int, type: UInt8) {
        let key = try varint()
        guard key >> 3 > 0, key >> 3 < 1 << 29 else {
            throw VectorTileError(.malformed, "The key before byte \(position) names no field.")
        }
        return (Int(key >> 3), UInt8(key & 7))
    }

    /// The content of a length-delimited field as a reader of its own.
    mutating func message() throws(VectorTileError) -> WireReader {
        let length = try varint()
        guard length <= UInt64(end - position) else {
            throw VectorTileError(.truncated, "A field of \(length) bytes at byte \(position) runs past byte \(end).")
        }
        let start = position
        position += Int(length)
        return WireReader(bytes, in: start..<position)
    }

    mutating func fixed64() throws(VectorTileError) -> UInt64 { try fixed(8) }

    mutating func fixed32() throws(VectorTileError) -> UInt32 { UInt32(truncatingIfNeeded: try fixed(4)) }

    private mutating func fixed(_ width: Int) throws(VectorTileError) -> UInt64 {
        guard end - position >= width else { throw VectorTileError(.truncated, "A number of \(width) bytes runs past byte \(end).") }
        var value: UInt64 = 0
        for i in 0..<width { value |= UInt64(bytes[position + i]) << UInt64(8 * i) }
        position += width
        return value
    }

    mutating func text() throws(VectorTileError) -> String {
        let content = try message()
        guard let text = String(validating: bytes[content.position..<content.end], as: UTF8.self) else {
            throw VectorTileError(.invalidText, "The text at byte \(content.position) is not UTF-8.")
        }
        return text
    }

    /// Passes over a field that nothing here reads.
    mutating func skip(_ type: UInt8) throws(VectorTileError) {
        switch type {
        case WireFormat.varint: _ = try varint()
        case WireFormat.fixed64: _ = try fixed64()
        case WireFormat.bytes: _ = try message()
        case WireFormat.fixed32: _ = try fixed32()
        default: throw VectorTileError(.malformed, "Wire type \(type) before byte \(position) is not used by vector tiles.")
        }
    }
}
