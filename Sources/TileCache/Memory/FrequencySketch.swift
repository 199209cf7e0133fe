/// How often things were asked for lately, in four bits a count: a count-min sketch that halves itself as it fills up
/// (Einziger, Friedman, Manes: TinyLFU, 2017).
///
/// Counts are never too low but for the halving, and too high only where all four places collide.
struct FrequencySketch {
    /// Sixteen counts a word.
    private var words: [UInt64]
    private let mask: Int
    private var recorded = 0
    private let period: Int

    static let most = 15
    /// So many that a walk over things asked for once does not fill every place.
    private static let wordsAnEntry = 4

    /// - Parameter entries: how many things it shall tell apart.
    init(entries: Int) {
        var width = 64
        while width < entries * Self.wordsAnEntry, width < 1 << 19 { width <<= 1 }
        words = [UInt64](repeating: 0, count: width)
        mask = width - 1
        period = width / Self.wordsAnEntry * 10
    }

    /// 0 to `most`.
    func count(of fingerprint: UInt64) -> Int {
        var least = UInt64(Self.most)
        for row in 0..<4 {
            let (word, shift) = place(fingerprint, row)
            least = min(least, words[word] >> shift & 0xF)
        }
        return Int(least)
    }

    mutating func record(_ fingerprint: UInt64) {
        var grew = false
        for row in 0..<4 {
            let (word, shift) = place(fingerprint, row)
            guard words[word] >> shift & 0xF < UInt64(Self.most) else { continue }
            words[word] += 1 << shift
            grew = true
        }
        guard grew else { return }
        recorded += 1
        if recorded >= period { halve() }
    }

    private mutating func halve() {
        for index in words.indices { words[index] = words[index] >> 1 & 0x7777_7777_7777_7777 }
        recorded /= 2
    }

    private func place(_ fingerprint: UInt64, _ row: Int) -> (word: Int, shift: UInt64) {
        var mixed = fingerprint &+ UInt64(row) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed ^= mixed >> 27
        return (Int(truncatingIfNeeded: mixed) & mask, (mixed >> 40 & 3) << 2 + UInt64(row) << 4)
    }
}
