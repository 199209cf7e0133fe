import TestSupport
import Testing

@testable import Compression

/// A stream that is written strip by strip is one stream.
@Suite struct RowStreamTests {
    @Test(arguments: UInt64(1)...12) func stripsUnpackToTheirRows(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rowBytes = 1 + 3 * Int.random(in: 1...300, using: &random)
        var compressor = RowCompressor()
        var (stream, packed, all) = (RowStream(), [UInt8](), [UInt8]())
        let strips = Int.random(in: 1...5, using: &random)
        for strip in 1...strips {
            let height = Int.random(in: 1...40, using: &random)
            var rows = (0..<(rowBytes * height)).map { _ in UInt8.random(in: 0...3, using: &random) }
            for y in 0..<height { rows[y * rowBytes] = 0 }
            all += rows
            packed += compressor.append(
                rows + [UInt8](repeating: 0, count: 8), rowBytes: rowBytes, height: height, pixelBytes: 3, to: &stream, isLast: strip == strips)
        }
        #expect(try Decompressor().decompress(packed, format: .zlib, limit: 1 << 20) == all)
    }
}
