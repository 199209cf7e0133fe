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
        let bound = bound(input.count, format)
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            count = unsafe write(input, to: UnsafeMutableRawBufferPointer(output), format)
        }
    }

    /// Writes the packed form of `bytes` to the beginning of `output`, which grows where it has to and is never shortened.
    ///
    /// - Returns: how many bytes of `output` that took.
    public borrowing func compress(_ bytes: ArraySlice<UInt8>, format: CompressionFormat, into output: inout [UInt8]) -> Int {
        let bound = bound(bytes.count, format)
        if output.count < bound { output = [UInt8](repeating: 0, count: bound) }
        return unsafe bytes.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { unsafe write(input, to: $0, format) }
        }
    }

    private borrowing func bound(_ count: Int, _ format: CompressionFormat) -> Int {
        switch format {
        case .gzip: unsafe libdeflate_gzip_compress_bound(handle, count)
        case .zlib: unsafe libdeflate_zlib_compress_bound(handle, count)
        case .deflate: unsafe libdeflate_deflate_compress_bound(handle, count)
        }
    }

    /// `output` holds the bound at least.
    private borrowing func write(
        _ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer, _ format: CompressionFormat
    ) -> Int {
        let (source, target) = (input.baseAddress, output.baseAddress)
        let count =
            switch format {
            case .gzip: unsafe libdeflate_gzip_compress(handle, source, input.count, target, output.count)
            case .zlib: unsafe libdeflate_zlib_compress(handle, source, input.count, target, output.count)
            case .deflate: unsafe libdeflate_deflate_compress(handle, source, input.count, target, output.count)
            }
        precondition(count > 0, "libdeflate's own bound was too small")
        return count
    }
}
