import TestSupport
import Testing

@testable import Compression

@Suite struct RowCompressorTests {
    enum Picture: CaseIterable {
        case noise, flat, fewColours, sameRows, gradient, sparse
    }

    /// Rows with their filter bytes and the spare ones.
    static func rows(_ picture: Picture, width: Int, height: Int, pixelBytes: Int, seed: UInt64) -> [UInt8] {
        var numbers = SeededGenerator(seed: seed)
        let rowBytes = 1 + width * pixelBytes
        let palette = (0..<5).map { _ in (0..<pixelBytes).map { _ in UInt8.random(in: 0...255, using: &numbers) } }
        var bytes: [UInt8] = []
        for y in 0..<height {
            if picture == .sameRows, y % 7 != 0 {
                bytes += bytes.suffix(rowBytes)
                continue
            }
            bytes.append(0)
            for x in 0..<width {
                switch picture {
                case .noise: bytes += (0..<pixelBytes).map { _ in UInt8.random(in: 0...255, using: &numbers) }
                case .flat: bytes += palette[0]
                case .fewColours, .sameRows: bytes += palette[Int.random(in: 0..<5, using: &numbers)]
                case .gradient: bytes += (0..<pixelBytes).map { UInt8(truncatingIfNeeded: x * 3 + y * ($0 + 1)) }
                case .sparse: bytes += Int.random(in: 0..<40, using: &numbers) == 0 ? palette[1] : palette[0]
                }
            }
        }
        return bytes + [UInt8](repeating: 0xA5, count: 8)
    }

    /// Widths at which matches end between and within the eight bytes that are compared together, and rows longer than a
    /// match may reach back.
    @Test(arguments: Picture.allCases, [1, 3, 4])
    func unpacksToWhatWasPacked(picture: Picture, pixelBytes: Int) throws {
        var compressor = RowCompressor()
        var output: [UInt8] = []
        for (width, height) in [(1, 1), (1, 300), (2, 2), (5, 9), (85, 3), (86, 3), (256, 256), (257, 31), (12_000, 4)] {
            let rowBytes = 1 + width * pixelBytes
            guard rowBytes <= RowMatcher.longestRow else { continue }
            let rows = Self.rows(picture, width: width, height: height, pixelBytes: pixelBytes, seed: UInt64(width))
            let count = compressor.compress(rows, rowBytes: rowBytes, height: height, pixelBytes: pixelBytes, into: &output)
            let unpacked = try Decompressor().decompress(
                Array(output[..<count]), format: .zlib, limit: rowBytes * height, expectedSize: rowBytes * height)
            #expect(unpacked == Array(rows.dropLast(8)), "\(width) x \(height)")
        }
    }

    @Test func severalBlocksAreOneStream() throws {
        let rows = Self.rows(.fewColours, width: 1024, height: 700, pixelBytes: 3, seed: 7)
        var compressor = RowCompressor()
        var output: [UInt8] = []
        let count = compressor.compress(rows, rowBytes: 3073, height: 700, pixelBytes: 3, into: &output)
        let unpacked = try Decompressor().decompress(
            Array(output[..<count]), format: .zlib, limit: rows.count, expectedSize: rows.count - 8)
        #expect(unpacked == Array(rows.dropLast(8)))
    }

    @Test func bytesDoNotDependOnWhatWasPackedBefore() {
        let rows = Self.rows(.sparse, width: 256, height: 256, pixelBytes: 4, seed: 3)
        var fresh = RowCompressor()
        var used = RowCompressor()
        var (first, second): ([UInt8], [UInt8]) = ([], [])
        _ = used.compress(
            Self.rows(.noise, width: 300, height: 90, pixelBytes: 3, seed: 4), rowBytes: 901, height: 90, pixelBytes: 3,
            into: &second)
        let count = fresh.compress(rows, rowBytes: 1025, height: 256, pixelBytes: 4, into: &first)
        #expect(used.compress(rows, rowBytes: 1025, height: 256, pixelBytes: 4, into: &second) == count)
        #expect(first[..<count] == second[..<count])
    }

    @Test func flatAreasTakeNextToNothing() {
        let rows = Self.rows(.flat, width: 256, height: 256, pixelBytes: 3, seed: 1)
        var compressor = RowCompressor()
        var output: [UInt8] = []
        #expect(compressor.compress(rows, rowBytes: 769, height: 256, pixelBytes: 3, into: &output) < rows.count / 100)
    }
}

@Suite struct PrefixCodeTests {
    /// Shares of the code space that the codes take, of two to the power of the limit.
    static func shares(_ code: PrefixCode, limit: Int) -> Int {
        code.lengths.reduce(0) { $0 + ($1 == 0 ? 0 : 1 << (limit - Int($1))) }
    }

    @Test(arguments: [7, 13, 15])
    func codesAreCompleteAndNoLongerThanAllowed(limit: Int) {
        var numbers = SeededGenerator(seed: 11)
        for round in 0..<300 {
            let count = Int.random(in: 2...(limit == 7 ? 19 : 286), using: &numbers)
            // Some as steep as Fibonacci's numbers, whose codes would be longest.
            let frequencies: [UInt32] = (0..<count).map { i in
                switch round % 3 {
                case 0: UInt32.random(in: 0...1000, using: &numbers)
                case 1: UInt32(1) << UInt32(min(i, 24))
                default: Int.random(in: 0..<9, using: &numbers) == 0 ? 5000 : 1
                }
            }
            let code = PrefixCode(frequencies, limit: limit)
            #expect(code.lengths.allSatisfy { Int($0) <= limit })
            #expect(Self.shares(code, limit: limit) == 1 << limit)
            for (symbol, frequency) in frequencies.enumerated() where frequency > 0 { #expect(code.lengths[symbol] > 0) }
        }
    }

    /// Huffman, "A Method for the Construction of Minimum-Redundancy Codes": the sum of all inner nodes is the least cost.
    @Test func codesAreAsShortAsCanBe() {
        var numbers = SeededGenerator(seed: 12)
        for _ in 0..<200 {
            let frequencies = (0..<Int.random(in: 2...40, using: &numbers)).map { _ in UInt32.random(in: 1...60, using: &numbers) }
            let code = PrefixCode(frequencies, limit: 15)
            let cost = zip(frequencies, code.lengths).reduce(0) { $0 + Int($1.0) * Int($1.1) }
            var nodes = frequencies.map(Int.init).sorted()
            var least = 0
            while nodes.count > 1 {
                let node = nodes.removeFirst() + nodes.removeFirst()
                least += node
                nodes.insert(node, at: nodes.firstIndex { $0 >= node } ?? nodes.count)
            }
            #expect(cost == least)
        }
    }

    @Test(arguments: [[], [0], [5], [0, 0, 9]] as [[UInt32]])
    func aCodeOfOneSymbolIsComplete(frequencies: [UInt32]) {
        let code = PrefixCode(frequencies + [0, 0], limit: 7)
        #expect(Self.shares(code, limit: 7) == 128)
    }
}
