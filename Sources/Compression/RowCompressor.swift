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
            let count = write(rows, pixelBytes, &output)
            let checksum = unsafe UInt32(libdeflate_adler32(1, base, rows.count))
            for (i, shift) in ([24, 16, 8, 0] as [UInt32]).enumerated() {
                output[count + i] = UInt8(truncatingIfNeeded: checksum >> shift)
            }
            return count + 4
        }
    }

    private mutating func write(_ rows: PixelRows, _ pixelBytes: Int, _ output: inout [UInt8]) -> Int {
        reserve(2, &output)
        // Deflate with a window of 32 KiB, the fastest of four levels.
        (output[0], output[1]) = (0x78, 0x01)
        var position = BitPosition(bytes: 2, bits: 0, filled: 0)
        var row = 0
        while row < rows.height {
            let first = row
            row = matcher.read(rows, from: first, pixelBytes: pixelBytes)
            let block = DeflateBlock(matcher.frequencies, literalLimit: Self.literalLimit, distanceLimit: Self.distanceLimit)
            reserve(position.bytes + block.byteBound, &output)
            unsafe output.withUnsafeMutableBytes { target in
                guard let base = target.baseAddress else { return }
                var writer = unsafe BitWriter(base, at: position)
                block.writeHead(isLast: row == rows.height, &writer)
                unsafe block.writeBody(rows, from: first * rows.rowBytes, matcher.found, &writer)
                position = writer.position
            }
        }
        return position.bytes + (position.filled > 0 ? 1 : 0)
    }

    /// Room for `count` bytes, for what a writer may overwrite beyond them, and for the checksum.
    private func reserve(_ count: Int, _ output: inout [UInt8]) {
        let missing = count + 16 - output.count
        if missing > 0 { output.append(contentsOf: repeatElement(0, count: missing)) }
    }
}
