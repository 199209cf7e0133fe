/// Walks the fields of a protobuf message.
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The next field; nil at the end. Fields of fixed width come as their bytes.
    ///
    /// - Throws: `rangeInvalid` when the message is cut short or holds a form protobuf does not have.
    mutating func next() throws(TypographyError) -> (number: UInt64, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let key = try varint()
        switch key & 7 {
        case 0: return (key >> 3, .number(try varint()))
        case 1: return (key >> 3, .bytes(try take(8)))
        case 2: return (key >> 3, .bytes(try take(try varint())))
        case 5: return (key >> 3, .bytes(try take(4)))
        default: throw malformed
        }
    }

    static func zigzag(_ value: UInt64) -> Int {
        Int(Int32(truncatingIfNeeded: Int64(value >> 1) ^ -Int64(value & 1)))
    }

    private mutating func take(_ count: UInt64) throws(TypographyError) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw malformed }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private mutating func varint() throws(TypographyError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64, let byte = rest.popFirst() {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw malformed
    }

    private var malformed: TypographyError {
        TypographyError(code: .rangeInvalid, message: "a glyph range is cut short or is not protobuf; fetch it again")
    }
}
