import CDeflate

/// The framings of one and the same deflate stream (RFC 1951).
public enum CompressionFormat: Sendable {
    /// RFC 1952, what `Content-Encoding: gzip` means.
    case gzip
    /// RFC 1950, what PNG stores.
    case zlib
    /// RFC 1951 alone, what a zip archive stores.
    case deflate
}

/// A reusable deflate compressor. Same input, format and level: same bytes.
///
/// Costs about 300 KB to hold, so a worker makes one and keeps it.
@safe
public struct Compressor: ~Copyable {
    private let handle: OpaquePointer

    /// - Parameter level: 1 (fast) to 12 (small); tiles on the fly want 1, stored tiles 6.
    public init(level: Int) {
        precondition((1...12).contains(level), "libdeflate knows levels 1 to 12")
        guard let handle = unsafe libdeflate_alloc_compressor(Int32(level)) else {
            preconditionFailure("out of memory for a compressor")
        }
        unsafe self.handle = handle
    }

    deinit { unsafe libdeflate_free_compressor(handle) }

    /// The packed form of `bytes`.
    public borrowing func compress(_ bytes: [UInt8], format: CompressionFormat) -> [UInt8] {
        unsafe bytes.withUnsafeBytes { unsafe compress(UnsafeRawBufferPointer($0), format: format) }
    }

    /// The packed form of the bytes that `input` spans.
    public borrowing func compress(_ input: UnsafeRawBufferPointer, format: CompressionFormat) -> [UInt8] {
        let bound =
            switch format {
            case .gzip: unsafe libdeflate_gzip_compress_bound(handle, input.count)
            case .zlib: unsafe libdeflate_zlib_compress_bound(handle, input.count)
            case .deflate: unsafe libdeflate_deflate_compress_bound(handle, input.count)
            }
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            let source = input.baseAddress
            let target = output.baseAddress
            count =
                switch format {
                case .gzip: unsafe libdeflate_gzip_compress(handle, source, input.count, target, bound)
                case .zlib: unsafe libdeflate_zlib_compress(handle, source, input.count, target, bound)
                case .deflate: unsafe libdeflate_deflate_compress(handle, source, input.count, target, bound)
                }
            precondition(count > 0, "libdeflate's own bound was too small")
        }
    }
}
