/// The distinct words of a picture in order of first appearance, how often each occurs, and where.
struct ColourCensus {
    /// Pixels side by side in one row that have one word.
    struct Run {
        /// Into `words`.
        var index: UInt32
        var count: UInt32
    }

    private(set) var words: [UInt32]
    private(set) var counts: [Int32]
    /// From the left top pixel on, row after row.
    private(set) var runs: [Run]

    /// Nil when there are more than `limit` distinct words.
    init?(_ window: PixelWindow, limit: Int) {
        var words = [UInt32](repeating: 0, count: Self.firstRoom)
        var counts = [Int32](repeating: 0, count: Self.firstRoom)
        // Places plus one by hash; 0 is free, and half of them stay free.
        var slots = [UInt32](repeating: 0, count: Self.firstRoom * 2)
        var line = [Run](repeating: Run(index: 0, count: 0), count: window.width)
        var found = 0
        runs = []
        runs.reserveCapacity(8 * window.height)
        for y in 0..<window.height {
            var (x, count) = (0, 0)
            while x < window.width {
                unsafe Self.read(
                    window.row(y), from: &x, to: window.width, words.mutableSpan, counts.mutableSpan, slots.mutableSpan,
                    &found, line.mutableSpan, &count)
                if found > limit { return nil }
                if found == words.count { Self.grow(&words, &counts, &slots) }
            }
            runs.append(contentsOf: line[..<count])
        }
        self.words = Array(words[..<found])
        self.counts = Array(counts[..<found])
    }

    /// Distinct words that there is room for before anything has to grow.
    private static let firstRoom = 2048

    /// Reads the runs of a row, `x` on, until its end or until there is no more room for words.
    private static func read(
        _ row: UnsafePointer<UInt32>, from x: inout Int, to width: Int, _ words: consuming MutableSpan<UInt32>,
        _ counts: consuming MutableSpan<Int32>, _ slots: consuming MutableSpan<UInt32>, _ found: inout Int,
        _ runs: consuming MutableSpan<Run>, _ runCount: inout Int
    ) {
        let mask = slots.count &- 1
        while x < width && found < words.count {
            let word = unsafe row[x]
            let length = unsafe runLength(row + x, width &- x)
            var slot = hash(word) & mask
            var place = found
            while slots[slot] != 0 {
                let candidate = Int(slots[slot] &- 1)
                if words[candidate] == word {
                    place = candidate
                    break
                }
                slot = (slot &+ 1) & mask
            }
            if place == found {
                words[place] = word
                slots[slot] = UInt32(truncatingIfNeeded: place &+ 1)
                found &+= 1
            }
            counts[place] &+= Int32(truncatingIfNeeded: length)
            runs[runCount] = Run(index: UInt32(truncatingIfNeeded: place), count: UInt32(truncatingIfNeeded: length))
            runCount &+= 1
            x &+= length
        }
    }

    /// How many of the words from the first on are equal to it; `limit` of them are there.
    @inline(__always)
    private static func runLength(_ start: UnsafePointer<UInt32>, _ limit: Int) -> Int {
        let word = unsafe start[0]
        var count = 1
        // Most runs are short or long.
        while count < limit && count < 8 {
            if unsafe start[count] != word { return count }
            count &+= 1
        }
        let all = SIMD8<UInt32>(repeating: word)
        while count &+ 8 <= limit {
            let next = unsafe UnsafeRawPointer(start + count).loadUnaligned(as: SIMD8<UInt32>.self)
            if !PixelArithmetic.isZero(next ^ all) { break }
            count &+= 8
        }
        while count < limit, unsafe start[count] == word { count &+= 1 }
        return count
    }

    @inline(__always)
    private static func hash(_ word: UInt32) -> Int {
        Int((word &* 0x9E37_79B1) &>> 8 ^ word &>> 3)
    }

    private static func grow(_ words: inout [UInt32], _ counts: inout [Int32], _ slots: inout [UInt32]) {
        let count = words.count
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for (i, word) in words.enumerated() {
            var slot = hash(word) & mask
            while slots[slot] != 0 { slot = (slot &+ 1) & mask }
            slots[slot] = UInt32(i + 1)
        }
        words += [UInt32](repeating: 0, count: count)
        counts += [Int32](repeating: 0, count: count)
    }
}
