/// Memory of a known size that is filled from the front: protocol buffer primitives without a bounds check each.
///
/// The caller reserves the worst case first; a release build trusts it, a debug build checks every byte.
@safe
struct TileBytes {
    private let base: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private(set) var count = 0

    @unsafe
    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        guard let base = buffer.baseAddress else { preconditionFailure("a layer's buffer holds at least its header") }
        unsafe self.base = unsafe base
        capacity = buffer.count
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        assert(count < capacity, "the reserved size is the worst case")
        unsafe base[count] = byte
        count &+= 1
    }

    @inline(__always)
    mutating func append(varint value: UInt64) {
        var value = value
        while value >= 0x80 {
            append(UInt8(truncatingIfNeeded: value) | 0x80)
            value &>>= 7
        }
        append(UInt8(truncatingIfNeeded: value))
    }

    @inline(__always)
    mutating func append(varint value: UInt32) {
        var value = value
        while value >= 0x80 {
            append(UInt8(truncatingIfNeeded: value) | 0x80)
            value &>>= 7
        }
        append(UInt8(truncatingIfNeeded: value))
    }

    /// A signed step, small in magnitude most of the time.
    @inline(__always)
    mutating func append(zigzag value: Int32) {
        append(varint: UInt32(bitPattern: (value &<< 1) ^ (value &>> 31)))
    }

    mutating func append(fixed64 value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func append(string: String, field: Int) {
        append(WireFormat.key(field, WireFormat.bytes))
        append(varint: UInt64(string.utf8.count))
        var string = string
        string.withUTF8 { utf8 in
            guard let text = utf8.baseAddress else { return }
            assert(count &+ utf8.count <= capacity, "the reserved size is the worst case")
            unsafe (base + count).update(from: text, count: utf8.count)
            count &+= utf8.count
        }
    }

    /// Writes a field whose length is known only when its content is written.
    ///
    /// - Parameter expectedLength: a guess; content of another varint width is moved by a byte or two.
    @inline(__always)
    mutating func appendMessage(field: Int, expectedLength: Int, _ body: (inout TileBytes) -> Void) {
        append(WireFormat.key(field, WireFormat.bytes))
        let lengthAt = count
        let reserved = Self.varintSize(expectedLength)
        count &+= reserved
        let start = count
        body(&self)
        let length = count &- start
        let needed = Self.varintSize(length)
        if needed != reserved {
            assert(count &+ needed &- reserved <= capacity, "the reserved size is the worst case")
            unsafe (base + lengthAt + needed).update(from: base + start, count: length)
        }
        count = lengthAt
        append(varint: UInt64(length))
        count &+= length
    }

    @inline(__always)
    private static func varintSize(_ value: Int) -> Int {
        var value = value >> 7
        var size = 1
        while value != 0 {
            size &+= 1
            value >>= 7
        }
        return size
    }
}
