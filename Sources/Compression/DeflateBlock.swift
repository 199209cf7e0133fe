/// One block with prefix codes of its own (RFC 1951, 3.2.7).
struct DeflateBlock {
    /// Code and bits of each literal and of the end: `code << 8 | bits`.
    private let literals: [UInt32]
    /// The same of each length less 3, with the bits that follow its symbol.
    private let lengths: [UInt32]
    private let distances: [UInt32]
    private let head: BlockHead
    /// No fewer than the block takes.
    let byteBound: Int

    init(_ frequencies: (literals: [UInt32], distances: [UInt32]), literalLimit: Int, distanceLimit: Int) {
        let literalCode = PrefixCode(frequencies.literals, limit: literalLimit)
        let distanceCode = PrefixCode(frequencies.distances, limit: distanceLimit)
        head = BlockHead(literalCode.lengths, distanceCode.lengths)
        literals = (0...DeflateAlphabet.endOfBlock).map { literalCode.entry($0) }
        lengths = (0..<256).map { Self.entry(ofLength: $0, literalCode) }
        distances = (0..<DeflateAlphabet.distanceCount).map { distanceCode.entry($0) }
        var bits = head.bitCount
        for (symbol, count) in frequencies.literals.enumerated() {
            // Five bits follow a length's symbol at most.
            bits += Int(count) * (Int(literalCode.lengths[symbol]) + (symbol > DeflateAlphabet.endOfBlock ? 5 : 0))
        }
        for (symbol, count) in frequencies.distances.enumerated() {
            bits += Int(count) * (Int(distanceCode.lengths[symbol]) + DeflateAlphabet.distanceExtraBits(symbol))
        }
        byteBound = bits / 8 + 2
    }

    private static func entry(ofLength length: Int, _ code: PrefixCode) -> UInt32 {
        let symbol = Int(DeflateAlphabet.lengthSymbols[length])
        let extra = UInt32(DeflateAlphabet.lengthExtraBits[length])
        let bits = UInt32(code.lengths[symbol])
        let rest = UInt32(length) & (1 << extra - 1)
        return (UInt32(code.codes[symbol]) | rest << bits) << 8 | (bits + extra)
    }

    func writeHead(isLast: Bool, _ writer: inout BitWriter) { head.write(isLast: isLast, &writer) }

    /// - Parameters:
    ///   - start: where the block's bytes begin in the rows.
    ///   - sequences: which together are all of the block's bytes.
    func writeBody(
        _ rows: PixelRows, from start: Int, _ sequences: UnsafeBufferPointer<MatchedSequence>, _ writer: inout BitWriter
    ) {
        unsafe literals.withUnsafeBufferPointer { literals in
            unsafe lengths.withUnsafeBufferPointer { lengths in
                unsafe distances.withUnsafeBufferPointer { distances in
                    var at = start
                    for i in 0..<sequences.count {
                        let sequence = unsafe sequences[i]
                        var rest = Int(sequence.literals)
                        while rest >= 4 {
                            for k in 0..<4 { unsafe writer.put(literals[Int(rows[at &+ k])]) }
                            writer.flush()
                            at &+= 4
                            rest &-= 4
                        }
                        if rest > 0 {
                            for k in 0..<rest { unsafe writer.put(literals[Int(rows[at &+ k])]) }
                            writer.flush()
                            at &+= rest
                        }
                        guard sequence.length > 0 else { continue }
                        unsafe writer.put(lengths[Int(sequence.length &- 3)])
                        let distance = Int(sequence.distance)
                        let symbol = DeflateAlphabet.distanceSymbol(distance &+ 1)
                        unsafe writer.put(distances[symbol])
                        let extra = UInt64(DeflateAlphabet.distanceExtraBits(symbol))
                        writer.put(UInt64(distance) & (1 &<< extra &- 1), extra)
                        writer.flush()
                        at &+= Int(sequence.length)
                    }
                    unsafe writer.put(literals[DeflateAlphabet.endOfBlock])
                    writer.flush()
                }
            }
        }
    }
}

extension PrefixCode {
    /// `code << 8 | bits`.
    func entry(_ symbol: Int) -> UInt32 { UInt32(codes[symbol]) << 8 | UInt32(lengths[symbol]) }
}

extension BitWriter {
    @inline(__always)
    mutating func put(_ entry: UInt32) { put(UInt64(entry &>> 8), UInt64(entry & 255)) }
}
