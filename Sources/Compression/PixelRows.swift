/// Rows of pixels in memory, each of them begun by one byte that names its filter.
@safe
struct PixelRows {
    private let base: UnsafeRawPointer
    /// With the byte at the beginning.
    let rowBytes: Int
    let height: Int

    /// - Parameter base: the first row; eight bytes beyond the last may be read.
    init(_ base: UnsafeRawPointer, rowBytes: Int, height: Int) {
        unsafe self.base = base
        self.rowBytes = rowBytes
        self.height = height
    }

    var count: Int { rowBytes * height }

    @inline(__always)
    subscript(at: Int) -> UInt8 { unsafe base.load(fromByteOffset: at, as: UInt8.self) }

    /// Eight bytes, the first one lowest.
    @inline(__always)
    func eight(_ at: Int) -> UInt64 {
        UInt64(littleEndian: unsafe base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    /// How many bytes are the same from `a` and from `b` on, `known` of them being so for sure, up to `limit`.
    @inline(__always)
    func equalBytes(_ a: Int, _ b: Int, known: Int, limit: Int) -> Int {
        var count = known
        while count < limit {
            let difference = eight(a &+ count) ^ eight(b &+ count)
            if difference != 0 { return min(limit, count &+ difference.trailingZeroBitCount &>> 3) }
            count &+= 8
        }
        return limit
    }
}
