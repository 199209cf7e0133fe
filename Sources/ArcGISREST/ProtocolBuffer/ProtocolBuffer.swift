/// Writes fields of protocol buffers (version 3 of the language) one after the other; a field that has its default value may be left out.
struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    private enum WireType: UInt64 {
        case varint = 0
        case fixed64 = 1
        case lengthDelimited = 2
    }

    private mutating func key(_ field: Int, _ type: WireType) { varint(UInt64(field) << 3 | type.rawValue) }

    private mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    /// The sign goes to the lowest bit, so that small magnitudes are short (`sint32`, `sint64`).
    private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }

    mutating func unsigned(_ field: Int, _ value: UInt64) {
        key(field, .varint)
        varint(value)
    }

    mutating func signed(_ field: Int, _ value: Int64) { unsigned(field, Self.zigzag(value)) }

    mutating func flag(_ field: Int, _ value: Bool) { unsigned(field, value ? 1 : 0) }

    mutating func real(_ field: Int, _ value: Double) {
        key(field, .fixed64)
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift)) }
    }

    mutating func text(_ field: Int, _ value: String) {
        key(field, .lengthDelimited)
        varint(UInt64(value.utf8.count))
        bytes += value.utf8
    }

    mutating func message(_ field: Int, _ body: (inout ProtocolBuffer) -> Void) {
        var content = ProtocolBuffer()
        body(&content)
        message(field, content)
    }

    mutating func message(_ field: Int, _ content: ProtocolBuffer) {
        key(field, .lengthDelimited)
        varint(UInt64(content.bytes.count))
        bytes += content.bytes
    }

    mutating func packed(unsigned values: some Sequence<UInt64>, _ field: Int) {
        message(field) { content in for value in values { content.varint(value) } }
    }

    mutating func packed(signed values: some Sequence<Int64>, _ field: Int) {
        message(field) { content in for value in values { content.varint(Self.zigzag(value)) } }
    }
}
