/// The symbols of lengths and distances (RFC 1951, 3.2.5).
enum DeflateAlphabet {
    static let endOfBlock = 256
    static let literalCount = 286
    static let distanceCount = 30
    static let longestMatch = 258
    static let shortestMatch = 3
    static let farthest = 32_768
    /// The order in which a block's head gives the lengths of its length codes.
    static let lengthCodeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// For each length, less 3, its symbol; the longest has one of its own.
    static let lengthSymbols: [UInt16] = (0..<256).map { length in
        if length == 255 { return 285 }
        if length < 8 { return UInt16(257 + length) }
        let extra = extraBits(length, 2)
        return UInt16(257 + 4 * extra + length >> extra)
    }
    /// For each length, less 3, how many bits follow its symbol.
    static let lengthExtraBits: [UInt8] = (0..<256).map { $0 < 8 || $0 == 255 ? 0 : UInt8(extraBits($0, 2)) }

    /// The symbol of a distance, 1 ... 32768.
    @inline(__always)
    static func distanceSymbol(_ distance: Int) -> Int {
        let value = distance &- 1
        if value < 4 { return value }
        let extra = extraBits(value, 1)
        return 2 &* extra &+ value &>> extra
    }

    @inline(__always)
    static func distanceExtraBits(_ symbol: Int) -> Int { symbol < 4 ? 0 : symbol &>> 1 &- 1 }

    /// Bits of a value below its `head + 1` leading ones.
    @inline(__always)
    private static func extraBits(_ value: Int, _ head: Int) -> Int { Int.bitWidth &- 1 &- value.leadingZeroBitCount &- head }
}
