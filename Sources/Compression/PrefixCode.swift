/// A canonical prefix code of limited length over a small alphabet (RFC 1951, 3.2.2).
///
/// Lengths are those of Huffman's algorithm, done in place on sorted frequencies (Moffat and Katajainen, "In-Place
/// Calculation of Minimum-Redundancy Codes", 1995). Codes that come out too long are shortened to the limit, and others
/// lengthened until the code is complete again. Integers only: the same frequencies give the same code everywhere.
struct PrefixCode {
    /// Bits for each symbol; 0 where it does not occur.
    private(set) var lengths: [UInt8]
    /// For each symbol the bits in the order in which deflate writes them, lowest first.
    private(set) var codes: [UInt16]

    /// - Parameters:
    ///   - frequencies: how often each symbol occurs; at most 512 symbols.
    ///   - limit: of a code's bits, 1 ... 15; two to this power exceeds the number of symbols.
    init(_ frequencies: [UInt32], limit: Int) {
        lengths = [UInt8](repeating: 0, count: frequencies.count)
        codes = [UInt16](repeating: 0, count: frequencies.count)
        var order = frequencies.indices.filter { frequencies[$0] > 0 }.map { UInt64(frequencies[$0]) << 9 | UInt64($0) }
        // A decoder wants a complete code; one symbol alone gets a neighbour that never occurs.
        if order.count < 2 {
            let lone = order.first.map { Int($0 & 511) } ?? 0
            lengths[lone] = 1
            lengths[lone == 0 ? 1 : 0] = 1
        } else {
            order.sort()
            let counts = Self.countsByLength(order.map { Int($0 >> 9) }, limit: limit)
            var at = order.count
            // The rarest come first and get the longest codes.
            for bits in 1...limit {
                for _ in 0..<counts[bits] {
                    at -= 1
                    lengths[Int(order[at] & 511)] = UInt8(bits)
                }
            }
        }
        number()
    }

    /// How many codes each length has, from the frequencies in ascending order.
    private static func countsByLength(_ ascending: [Int], limit: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: limit + 1)
        for depth in depths(ascending) { counts[min(depth, limit)] += 1 }
        // Each code of the limit takes one share; what is over is won back by lengthening the longest of the others.
        var shares = (1...limit).reduce(0) { $0 + counts[$1] << (limit - $1) }
        while shares > 1 << limit {
            var bits = limit - 1
            while counts[bits] == 0 { bits -= 1 }
            counts[bits] -= 1
            counts[bits + 1] += 2
            counts[limit] -= 1
            shares -= 1
        }
        return counts
    }

    /// Depths in Huffman's tree, of the rarest first; at least two frequencies.
    private static func depths(_ ascending: [Int]) -> [Int] {
        var cells = ascending
        let count = cells.count
        // Weights of inner nodes from the left, then their parents' places.
        var (leaf, root) = (0, 0)
        for next in 0..<(count - 1) {
            func lightest() -> Int {
                if leaf >= count || root < next && cells[root] < cells[leaf] {
                    let weight = cells[root]
                    cells[root] = next
                    root += 1
                    return weight
                }
                leaf += 1
                return cells[leaf - 1]
            }
            let first = lightest()
            cells[next] = first + lightest()
        }
        // Parents become depths of inner nodes.
        cells[count - 2] = 0
        for node in stride(from: count - 3, through: 0, by: -1) { cells[node] = cells[cells[node]] + 1 }
        // Inner nodes of a depth leave so many places for leaves.
        var (places, depth, next) = (1, 0, count - 1)
        root = count - 2
        while places > 0 {
            var inner = 0
            while root >= 0 && cells[root] == depth {
                inner += 1
                root -= 1
            }
            while places > inner {
                cells[next] = depth
                next -= 1
                places -= 1
            }
            places = 2 * inner
            depth += 1
        }
        return cells
    }

    /// Gives codes of one length in the order of their symbols.
    private mutating func number() {
        var starts = [UInt16](repeating: 0, count: 17)
        for length in lengths where length > 0 { starts[Int(length) + 1] += 1 }
        for bits in 1...16 { starts[bits] = (starts[bits] + starts[bits - 1]) << 1 }
        for symbol in lengths.indices where lengths[symbol] > 0 {
            let length = Int(lengths[symbol])
            codes[symbol] = Self.reversed(starts[length]) >> (16 - UInt16(length))
            starts[length] += 1
        }
    }

    private static func reversed(_ bits: UInt16) -> UInt16 {
        var value = bits
        value = value >> 8 | value << 8
        value = value >> 4 & 0x0F0F | (value & 0x0F0F) << 4
        value = value >> 2 & 0x3333 | (value & 0x3333) << 2
        return value >> 1 & 0x5555 | (value & 0x5555) << 1
    }
}
