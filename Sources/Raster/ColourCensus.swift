/// The distinct words of a picture in order of first appearance, how often each occurs, and which one each pixel is.
struct ColourCensus {
    private(set) var words: [UInt32] = []
    private(set) var counts: [Int32] = []
    /// Index into `words`, pixel after pixel.
    private(set) var indices: [UInt32] = []

    /// Nil when there are more than `limit` distinct words.
    init?(_ window: PixelWindow, limit: Int) {
        var slots = [UInt32](repeating: 0, count: 4096)
        words.reserveCapacity(2048)
        counts.reserveCapacity(2048)
        indices = [UInt32](repeating: 0, count: window.count)
        var at = 0
        var last: UInt32 = 0
        var lastIndex: UInt32 = 0
        var run: Int32 = 0
        for y in 0..<window.height {
            let line = unsafe window.row(y)
            for x in 0..<window.width {
                let word = unsafe line[x]
                if word != last || run == 0 {
                    if run > 0 { counts[Int(lastIndex)] &+= run }
                    run = 0
                    if words.count * 2 >= slots.count { slots = Self.grown(slots, words) }
                    lastIndex = index(of: word, &slots)
                    if words.count > limit { return nil }
                    last = word
                }
                run &+= 1
                indices[at] = lastIndex
                at &+= 1
            }
        }
        if run > 0 { counts[Int(lastIndex)] &+= run }
    }

    @inline(__always)
    private mutating func index(of word: UInt32, _ slots: inout [UInt32]) -> UInt32 {
        let mask = slots.count &- 1
        var slot = Self.hash(word) & mask
        while slots[slot] != 0 {
            let candidate = slots[slot] &- 1
            if words[Int(candidate)] == word { return candidate }
            slot = (slot &+ 1) & mask
        }
        words.append(word)
        counts.append(0)
        slots[slot] = UInt32(words.count)
        return UInt32(words.count &- 1)
    }

    @inline(__always)
    private static func hash(_ word: UInt32) -> Int {
        Int((word &* 0x9E37_79B1) &>> 8 ^ word &>> 3)
    }

    private static func grown(_ slots: [UInt32], _ words: [UInt32]) -> [UInt32] {
        var larger = [UInt32](repeating: 0, count: slots.count * 4)
        let mask = larger.count - 1
        for (i, word) in words.enumerated() {
            var slot = hash(word) & mask
            while larger[slot] != 0 { slot = (slot &+ 1) & mask }
            larger[slot] = UInt32(i + 1)
        }
        return larger
    }
}
