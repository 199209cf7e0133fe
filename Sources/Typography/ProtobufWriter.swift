/// The few protobuf forms a glyph range needs.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(field: UInt64, unsigned value: UInt64) {
        varint(field << 3)
        varint(value)
    }

    /// Zigzag, as `sint32`.
    mutating func write(field: UInt64, signed value: Int64) {
        write(field: field, unsigned: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    mutating func write(field: UInt64, bytes value: [UInt8]) {
        varint(field << 3 | 2)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func write(field: UInt64, string value: String) {
        write(field: field, bytes: Array(value.utf8))
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
