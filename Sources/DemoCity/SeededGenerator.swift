/// SplitMix64 (Steele, Lea, Flood 2014): the same stream on every machine, and any number of independent ones.
struct SeededGenerator {
    private var state: UInt64

    /// - Parameter keys: what the stream is for; different keys give unrelated streams.
    init(_ keys: UInt64...) {
        state = 0x9E37_79B9_7F4A_7C15
        for key in keys {
            state ^= key
            _ = next()
        }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 0 ..< 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

    /// 0 ..< n.
    mutating func below(_ n: Int) -> Int { Int(unit() * Double(n)) }

    mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

    /// An index drawn with the given weights.
    mutating func weighted(_ weights: [Double]) -> Int {
        var left = unit() * weights.reduce(0, +)
        for (i, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return i }
        }
        return weights.count - 1
    }
}
