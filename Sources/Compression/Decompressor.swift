import CDeflate

/// A reusable deflate decompressor that never writes past the size its caller allows.
@safe
public struct Decompressor: ~Copyable {
    private let handle: OpaquePointer

    public init() {
        guard let handle = unsafe libdeflate_alloc_decompressor() else {
            preconditionFailure("out of memory for a decompressor")
        }
        unsafe self.handle = handle
    }

    deinit { unsafe libdeflate_free_decompressor(handle) }

    /// The unpacked form of `bytes`, at most `limit` bytes long.
    ///
    /// - Parameter expectedSize: what the container promises, if it does; saves a second attempt.
    public borrowing func decompress(
        _ bytes: [UInt8], format: CompressionFormat, limit: Int, expectedSize: Int? = nil
    ) throws(CompressionError) -> [UInt8] {
        var capacity = min(limit, max(expectedSize ?? bytes.count * 4, 64))
        while true {
            var output = [UInt8](repeating: 0, count: capacity)
            var written = 0
            let result = unsafe bytes.withUnsafeBytes { input in
                unsafe output.withUnsafeMutableBytes { target in
                    unsafe run(input, into: target, written: &written, format: format)
                }
            }
            switch result {
            case LIBDEFLATE_SUCCESS:
                output.removeLast(capacity - written)
                return output
            case LIBDEFLATE_INSUFFICIENT_SPACE where capacity < limit:
                capacity = min(limit, capacity * 4)
            case LIBDEFLATE_INSUFFICIENT_SPACE:
                throw CompressionError(
                    code: .tooLarge,
                    message: "\(bytes.count) packed bytes unpack to more than the limit of \(limit); refused as a possible bomb")
            default:
                throw CompressionError(
                    code: .corrupt, message: "the packed data is damaged or cut short; fetch or make the file again")
            }
        }
    }

    /// Unpacks `bytes` into exactly the room that `target` has.
    ///
    /// - Returns: `false` when the stream is damaged or its content is of another length.
    @unsafe
    public borrowing func decompress(
        _ bytes: UnsafeRawBufferPointer, format: CompressionFormat, filling target: UnsafeMutableRawBufferPointer
    ) -> Bool {
        var written = 0
        let result = unsafe run(bytes, into: target, written: &written, format: format)
        return result == LIBDEFLATE_SUCCESS && written == target.count
    }

    private borrowing func run(
        _ input: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, written: inout Int,
        format: CompressionFormat
    ) -> libdeflate_result {
        let source = input.baseAddress
        let output = target.baseAddress
        return switch format {
        case .gzip: unsafe libdeflate_gzip_decompress(handle, source, input.count, output, target.count, &written)
        case .zlib: unsafe libdeflate_zlib_decompress(handle, source, input.count, output, target.count, &written)
        case .deflate: unsafe libdeflate_deflate_decompress(handle, source, input.count, output, target.count, &written)
        }
    }
}

/// The CRC-32 that zip and gzip use.
public func crc32(_ bytes: [UInt8], continuing start: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe crc32($0, continuing: start) }
}

/// The CRC-32 that zip, gzip and PNG use, of the bytes that `bytes` spans.
@unsafe
public func crc32(_ bytes: UnsafeRawBufferPointer, continuing start: UInt32 = 0) -> UInt32 {
    unsafe libdeflate_crc32(start, bytes.baseAddress, bytes.count)
}
