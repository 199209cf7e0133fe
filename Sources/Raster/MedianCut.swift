/// Chooses up to 256 words that stand for many, by cutting the cloud of colours where it is widest.
///
/// Distances are taken between premultiplied channels, weighted by how many pixels have the colour. Wholly transparent
/// and wholly opaque pixels stay so, and a colour that more than half of its box's pixels have stands for it unchanged:
/// a map's flat areas do not shift from tile to tile.
struct MedianCut {
    private(set) var palette: [UInt32] = []
    /// Index into `palette` for each word given.
    private(set) var assignment: [UInt8] = []

    private struct Box {
        var range: Range<Int>
        var weight = 0.0
        var sum = SIMD4<Double>(repeating: 0)
        var squares = SIMD4<Double>(repeating: 0)

        /// Squared error per channel when the mean stands for all; exact integers until the division.
        var spread: SIMD4<Double> { squares - sum * sum / weight }
    }

    private struct Entry {
        var word: UInt32
        var count: Int32
        var index: Int32

        @inline(__always)
        var channels: SIMD4<Double> {
            SIMD4<Double>(
                SIMD4<Int32>(
                    Int32(word & 255), Int32(word &>> 8 & 255), Int32(word &>> 16 & 255), Int32(word &>> 24)))
        }
    }

    init(words: [UInt32], counts: [Int32], limit: Int) {
        var entries = [Entry](repeating: Entry(word: 0, count: 0, index: 0), count: words.count)
        var boxes: [Box] = []
        boxes.reserveCapacity(limit)
        let kindEnds = Self.sort(words.span, counts.span, into: entries.mutableSpan)
        var start = 0
        for end in kindEnds where end > start {
            boxes.append(Self.measured(start..<end, entries.span))
            start = end
        }
        Self.cut(&boxes, limit: limit, entries.mutableSpan)
        assignment = [UInt8](repeating: 0, count: words.count)
        for (i, box) in boxes.enumerated() {
            palette.append(Self.representative(box, entries.span))
            for at in box.range { assignment[Int(entries[at].index)] = UInt8(truncatingIfNeeded: i) }
        }
    }

    /// Lays out the transparent word, the translucent ones and the opaque ones one kind after the other.
    ///
    /// - Returns: where each kind ends.
    private static func sort(
        _ words: Span<UInt32>, _ counts: Span<Int32>, into entries: consuming MutableSpan<Entry>
    ) -> [Int] {
        var ends = [0, 0, 0]
        for i in words.indices { ends[kind(words[i])] += 1 }
        var next = [0, ends[0], ends[0] + ends[1]]
        for i in words.indices {
            let kind = kind(words[i])
            entries[next[kind]] = Entry(word: words[i], count: counts[i], index: Int32(i))
            next[kind] += 1
        }
        return next
    }

    @inline(__always)
    private static func kind(_ word: UInt32) -> Int { word == 0 ? 0 : word < 0xFF00_0000 ? 1 : 2 }

    /// Cuts the widest box again and again, until there are `limit` or no box has two colours.
    private static func cut(_ boxes: inout [Box], limit: Int, _ entries: consuming MutableSpan<Entry>) {
        var errors = boxes.map { $0.spread.sum() }
        errors.reserveCapacity(limit)
        while boxes.count < limit {
            let widest = widestBox(errors.span)
            guard errors[widest] > 0.5, let cut = split(boxes[widest], &entries) else { break }
            boxes[widest] = cut.0
            errors[widest] = cut.0.spread.sum()
            boxes.append(cut.1)
            errors.append(cut.1.spread.sum())
        }
    }

    /// The first of those with the greatest error.
    private static func widestBox(_ errors: Span<Double>) -> Int {
        var widest = 0
        var greatest = errors[0]
        for i in errors.indices where errors[i] > greatest {
            widest = i
            greatest = errors[i]
        }
        return widest
    }

    private static func measured(_ range: Range<Int>, _ entries: Span<Entry>) -> Box {
        var box = Box(range: range)
        for i in range {
            let weight = Double(entries[i].count)
            let channels = entries[i].channels
            let weighted = channels * weight
            box.weight += weight
            box.sum += weighted
            box.squares += weighted * channels
        }
        return box
    }

    /// Cuts at the mean of the channel that spreads most; nil when all entries are on one side.
    private static func split(_ box: Box, _ entries: inout MutableSpan<Entry>) -> (Box, Box)? {
        let spread = box.spread
        var axis = 0
        for i in 1..<4 where spread[i] > spread[axis] { axis = i }
        let mean = UInt32(box.sum[axis] / box.weight)
        let shift = UInt32(axis * 8)
        var low = box.range.lowerBound
        var high = box.range.upperBound
        while low < high {
            if entries[low].word &>> shift & 255 <= mean {
                low += 1
            } else {
                high -= 1
                entries.swapAt(low, high)
            }
        }
        guard low > box.range.lowerBound && low < box.range.upperBound else { return nil }
        let isFirstSmaller = low - box.range.lowerBound < box.range.upperBound - low
        let smaller = measured(
            isFirstSmaller ? box.range.lowerBound..<low : low..<box.range.upperBound, entries.span)
        var larger = Box(range: isFirstSmaller ? low..<box.range.upperBound : box.range.lowerBound..<low)
        larger.weight = box.weight - smaller.weight
        larger.sum = box.sum - smaller.sum
        larger.squares = box.squares - smaller.squares
        return isFirstSmaller ? (smaller, larger) : (larger, smaller)
    }

    private static func representative(_ box: Box, _ entries: Span<Entry>) -> UInt32 {
        for i in box.range where Double(entries[i].count) * 2 > box.weight { return entries[i].word }
        let mean = (box.sum / box.weight).rounded(.toNearestOrEven)
        let alpha = UInt32(mean[3])
        func channel(_ i: Int) -> UInt32 { min(UInt32(mean[i]), alpha) }
        return channel(0) | channel(1) << 8 | channel(2) << 16 | alpha << 24
    }
}
