/// What a block says of its codes: their lengths, packed by a third code (RFC 1951, 3.2.7).
struct BlockHead {
    private struct Item {
        var symbol: Int
        var value: UInt64 = 0
        var extraBits: UInt64 = 0
    }

    private let literalCount: Int
    private let distanceCount: Int
    private let orderCount: Int
    private var items: [Item] = []
    private let code: PrefixCode

    init(_ literalLengths: [UInt8], _ distanceLengths: [UInt8]) {
        literalCount = max(257, (literalLengths.lastIndex { $0 > 0 } ?? 0) + 1)
        distanceCount = max(1, (distanceLengths.lastIndex { $0 > 0 } ?? 0) + 1)
        let lengths = literalLengths[..<literalCount] + distanceLengths[..<distanceCount]
        items = Self.items(Array(lengths))
        var frequencies = [UInt32](repeating: 0, count: DeflateAlphabet.lengthCodeOrder.count)
        for item in items { frequencies[item.symbol] += 1 }
        let code = PrefixCode(frequencies, limit: 7)
        self.code = code
        orderCount = max(4, (DeflateAlphabet.lengthCodeOrder.lastIndex { code.lengths[$0] > 0 } ?? 0) + 1)
    }

    /// Lengths with their repeats: 16 the last one again 3 to 6 times, 17 and 18 zeros 3 to 10 and 11 to 138 times.
    private static func items(_ lengths: [UInt8]) -> [Item] {
        var items: [Item] = []
        var at = 0
        while at < lengths.count {
            let length = lengths[at]
            var run = 1
            while at + run < lengths.count, lengths[at + run] == length { run += 1 }
            at += run
            if length == 0 {
                while run >= 3 {
                    let piece = min(run, 138)
                    items.append(
                        piece < 11
                            ? Item(symbol: 17, value: UInt64(piece - 3), extraBits: 3)
                            : Item(symbol: 18, value: UInt64(piece - 11), extraBits: 7))
                    run -= piece
                }
            } else {
                items.append(Item(symbol: Int(length)))
                run -= 1
                while run >= 3 {
                    let piece = min(run, 6)
                    items.append(Item(symbol: 16, value: UInt64(piece - 3), extraBits: 2))
                    run -= piece
                }
            }
            items += Array(repeating: Item(symbol: Int(length)), count: run)
        }
        return items
    }

    /// With the three bits that begin the block.
    var bitCount: Int {
        items.reduce(3 + 14 + 3 * orderCount) { $0 + Int(code.lengths[$1.symbol]) + Int($1.extraBits) }
    }

    func write(isLast: Bool, _ writer: inout BitWriter) {
        writer.put(isLast ? 0b101 : 0b100, 3)
        writer.put(UInt64(literalCount - 257), 5)
        writer.put(UInt64(distanceCount - 1), 5)
        writer.put(UInt64(orderCount - 4), 4)
        writer.flush()
        for symbol in DeflateAlphabet.lengthCodeOrder[..<orderCount] {
            writer.put(UInt64(code.lengths[symbol]), 3)
            writer.flush()
        }
        for item in items {
            writer.put(code.entry(item.symbol))
            writer.put(item.value, item.extraBits)
            writer.flush()
        }
    }
}
