internal import CDeflate

/// Packs the rows of a picture as fast as a map's pictures allow: a zlib stream (RFC 1950) with what stood to the left,
/// above or a little before, and prefix codes made for the picture.
///
/// Same bytes given: same bytes out, on every machine. Where size counts more than time, `Compressor` finds more.
public struct RowCompressor: ~Copyable {
    /// Four codes and their flush go into one word.
    private static let literalLimit = 13
    private static let distanceLimit = 15

    private var matcher = RowMatcher()

    public init() {}

    /// Writes the stream to the beginning of `output`, which grows where it has to and is never shortened.
    ///
    /// - Parameters:
    ///   - rows: `height` times `rowBytes` bytes, the first of each row naming its filter, and eight more that may hold
    ///     anything.
    ///   - pixelBytes: 1, 3 or 4.
    /// - Returns: how many bytes of `output` that took.
    public mutating func compress(
        _ rows: [UInt8], rowBytes: Int, height: Int, pixelBytes: Int, into output: inout [UInt8]
    ) -> Int {
        precondition(
            rowBytes > pixelBytes && [1, 3, 4].contains(pixelBytes) && (rowBytes - 1) % pixelBytes == 0 && height > 0,
            "rows hold a filter byte and whole pixels")
        precondition(rows.count >= rowBytes * height + 8, "eight spare bytes follow the rows")
        precondition(rowBytes <= RowMatcher.longestRow, "a row has less than 49,000 bytes")
        matcher.forget()
        return unsafe rows.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            let rows = unsafe PixelRows(base, rowBytes: rowBytes, height: height)
            reserve(2, &output)
            (output[0], output[1]) = (Self.zlibHeader.0, Self.zlibHeader.1)
            let end = write(rows, pixelBytes, from: BitPosition(bytes: 2, bits: 0, filled: 0), isLast: true, &output)
            let count = end.bytes + (end.filled > 0 ? 1 : 0)
            let checksum = unsafe UInt32(libdeflate_adler32(1, base, rows.count))
            for (i, shift) in ([24, 16, 8, 0] as [UInt32]).enumerated() {
                output[count + i] = UInt8(truncatingIfNeeded: checksum >> shift)
            }
            return count + 4
        }
    }

    /// Deflate with a window of 32 KiB, the fastest of four levels.
    private static let zlibHeader: (UInt8, UInt8) = (0x78, 0x01)

    /// A piece of a stream that is written strip by strip: what follows on the bytes that `progress` tells of.
    ///
    /// - Parameters:
    ///   - rows, rowBytes, height, pixelBytes: as in `compress`.
    ///   - progress: of the stream; a new one begins it.
    ///   - isLast: whether the stream ends with these rows.
    public mutating func append(
        _ rows: [UInt8], rowBytes: Int, height: Int, pixelBytes: Int, to progress: inout RowStream, isLast: Bool
    ) -> [UInt8] {
        precondition(rows.count >= rowBytes * height + 8 && height > 0, "eight spare bytes follow the rows")
        precondition(rowBytes <= RowMatcher.longestRow, "a row has less than 49,000 bytes")
        matcher.forget()
        var output: [UInt8] = []
        reserve(2, &output)
        var start = BitPosition(bytes: 0, bits: progress.bits, filled: progress.filled)
        if !progress.hasBegun {
            (output[0], output[1]) = (Self.zlibHeader.0, Self.zlibHeader.1)
            start.bytes = 2
        }
        unsafe rows.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let rows = unsafe PixelRows(base, rowBytes: rowBytes, height: height)
            let end = write(rows, pixelBytes, from: start, isLast: isLast, &output)
            progress = RowStream(
                bits: end.bits, filled: end.filled,
                checksum: unsafe UInt32(libdeflate_adler32(progress.checksum, base, rows.count)), hasBegun: true)
            output.removeSubrange((end.bytes + (isLast && end.filled > 0 ? 1 : 0))...)
        }
        if isLast { for shift in [24, 16, 8, 0] as [UInt32] { output.append(UInt8(truncatingIfNeeded: progress.checksum >> shift)) } }
        return output
    }

    private mutating func write(
        _ rows: PixelRows, _ pixelBytes: Int, from start: BitPosition, isLast: Bool, _ output: inout [UInt8]
    ) -> BitPosition {
        var position = start
        var row = 0
        while row < rows.height {
            let first = row
            row = matcher.read(rows, from: first, pixelBytes: pixelBytes)
            let block = DeflateBlock(matcher.frequencies, literalLimit: Self.literalLimit, distanceLimit: Self.distanceLimit)
            reserve(position.bytes + block.byteBound, &output)
            unsafe output.withUnsafeMutableBytes { target in
                guard let base = target.baseAddress else { return }
                var writer = unsafe BitWriter(base, at: position)
                block.writeHead(isLast: isLast && row == rows.height, &writer)
                unsafe block.writeBody(rows, from: first * rows.rowBytes, matcher.found, &writer)
                position = writer.position
            }
        }
        return position
    }

    /// Room for `count` bytes, for what a writer may overwrite beyond them, and for the checksum.
    private func reserve(_ count: Int, _ output: inout [UInt8]) {
        let missing = count + 16 - output.count
        if missing > 0 { output.append(contentsOf: repeatElement(0, count: missing)) }
    }
}

/// How far a stream of rows has come that is written strip by strip.
public struct RowStream: Sendable {
    /// Of the byte that is not full yet.
    fileprivate var bits: UInt64 = 0
    fileprivate var filled: UInt64 = 0
    fileprivate var checksum: UInt32 = 1
    fileprivate var hasBegun = false

    public init() {}

    fileprivate init(bits: UInt64, filled: UInt64, checksum: UInt32, hasBegun: Bool) {
        (self.bits, self.filled, self.checksum, self.hasBegun) = (bits, filled, checksum, hasBegun)
    }
}
