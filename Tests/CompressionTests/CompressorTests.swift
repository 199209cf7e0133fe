import Testing

@testable import Compression

@Suite struct CompressorTests {
    static let sample: [UInt8] = (0..<50_000).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 7) }

    @Test(arguments: [CompressionFormat.gzip, .zlib, .deflate], [1, 6, 12])
    func unpacksToWhatWasPacked(format: CompressionFormat, level: Int) throws {
        let compressor = Compressor(level: level)
        let packed = compressor.compress(Self.sample, format: format)
        #expect(packed.count < Self.sample.count)
        #expect(try Decompressor().decompress(packed, format: format, limit: 1 << 20) == Self.sample)
        #expect(compressor.compress(Self.sample, format: format) == packed)
    }

    @Test func packsNothing() throws {
        let packed = Compressor(level: 1).compress([], format: .gzip)
        #expect(try Decompressor().decompress(packed, format: .gzip, limit: 10) == [])
    }

    @Test func refusesABomb() {
        let bomb = Compressor(level: 12).compress([UInt8](repeating: 0, count: 4 << 20), format: .deflate)
        let error = #expect(throws: CompressionError.self) {
            try Decompressor().decompress(bomb, format: .deflate, limit: 1 << 20)
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func namesDamage() {
        var packed = Compressor(level: 6).compress(Self.sample, format: .gzip)
        packed.removeLast(packed.count / 2)
        let error = #expect(throws: CompressionError.self) {
            try Decompressor().decompress(packed, format: .gzip, limit: 1 << 20)
        }
        #expect(error?.code == .corrupt)
    }

    @Test func checksumIsTheStandardOne() {
        #expect(crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    }
}
