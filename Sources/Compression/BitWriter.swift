/// Where a bit stream has come to.
struct BitPosition {
    /// Whole bytes written.
    var bytes: Int
    /// Bits of the byte that is not full yet, lowest first.
    var bits: UInt64
    /// How many those are, 0 ... 7.
    var filled: UInt64
}

/// Bits into memory that is large enough, lowest bit first (RFC 1951, 3.1.1).
///
/// Up to 56 bits may be put between two flushes. Eight bytes beyond the last one written may be overwritten.
@safe
struct BitWriter {
    private let base: UnsafeMutableRawPointer
    private var count: Int
    private var bits: UInt64
    private var filled: UInt64

    init(_ base: UnsafeMutableRawPointer, at position: BitPosition) {
        unsafe self.base = base
        count = position.bytes
        bits = position.bits
        filled = position.filled
    }

    /// After a flush.
    var position: BitPosition { BitPosition(bytes: count, bits: bits, filled: filled) }

    /// The lowest `length` bits of `value`, whose others are 0.
    @inline(__always)
    mutating func put(_ value: UInt64, _ length: UInt64) {
        bits |= value &<< filled
        filled &+= length
    }

    @inline(__always)
    mutating func flush() {
        unsafe base.storeBytes(of: bits.littleEndian, toByteOffset: count, as: UInt64.self)
        count &+= Int(filled &>> 3)
        bits = bits &>> (filled & 56)
        filled &= 7
    }
}
