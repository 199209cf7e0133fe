/// Chooses up to 256 words that stand for many, by cutting the cloud of colours where it is widest.
///
/// What many pixels have is a fill of the map and keeps a place of its own, however little two fills differ, so that flat
/// areas do not shift from tile to tile. Of the rest, words that differ in the three lowest bits of their channels only, in
/// photographs the two lowest, are one from the start and go by the one that most of their pixels have. Distances are taken between premultiplied channels,
/// weighted by how many pixels have the colour. Wholly transparent and wholly opaque pixels stay so. Memory is kept from
/// picture to picture.
@safe
struct MedianCut: ~Copyable {
    private(set) var palette: [UInt32] = []
    /// Index into `palette` for each word of the census.
    private(set) var assignment: [UInt8] = []

    private struct Box {
        var range: Range<Int>
        var weight = 0.0
        var sum = SIMD4<Double>(repeating: 0)
        var squares = SIMD4<Double>(repeating: 0)

        /// Squared error per channel when the mean stands for all; exact integers until the division.
        var spread: SIMD4<Double> { squares - sum * sum / weight }
    }

    /// Words that are one.
    private struct Entry {
        /// The most frequent.
        var word: UInt32
        /// Of all.
        var count: UInt32
        var cell: UInt32

        @inline(__always)
        var channels: SIMD4<Double> {
            SIMD4<Double>(
                SIMD4<Int32>(
                    Int32(word & 255), Int32(word &>> 8 & 255), Int32(word &>> 16 & 255), Int32(word &>> 24)))
        }
    }

    private struct Cell {
        var word: UInt32
        var count: UInt32
        /// Of the most frequent word.
        var greatest: UInt32
    }

    private var cells: UnsafeMutablePointer<Cell>
    private var cellCount = 0
    private var entries: UnsafeMutablePointer<Entry>
    /// Where those wait that go to the upper part.
    private var spare: UnsafeMutablePointer<Entry>
    /// The cell of each word of the census.
    private var cellOfWord: UnsafeMutablePointer<UInt32>
    /// Cells plus one by hash; 0 is free, and half of them stay free.
    private var slots: UnsafeMutablePointer<UInt32>
    private var room = 4096

    init() {
        unsafe cells = .allocate(capacity: room)
        unsafe entries = .allocate(capacity: room)
        unsafe spare = .allocate(capacity: room)
        unsafe cellOfWord = .allocate(capacity: room)
        unsafe slots = .allocate(capacity: 2 * room)
    }

    deinit { deallocate() }

    private func deallocate() {
        unsafe cells.deallocate()
        unsafe entries.deallocate()
        unsafe spare.deallocate()
        unsafe cellOfWord.deallocate()
        unsafe slots.deallocate()
    }

    private mutating func makeRoom(_ count: Int) {
        guard count > room else { return }
        while room < count { room *= 2 }
        deallocate()
        unsafe cells = .allocate(capacity: room)
        unsafe entries = .allocate(capacity: room)
        unsafe spare = .allocate(capacity: room)
        unsafe cellOfWord = .allocate(capacity: room)
        unsafe slots = .allocate(capacity: 2 * room)
    }

    /// Forgets the last choice and makes another.
    ///
    /// - Parameter area: of the picture in pixels.
    mutating func choose(_ census: borrowing ColourCensus, area: Int, limit: Int) {
        makeRoom(census.wordCount)
        let areaOfFills = areaOfFills(census, area: area, limit: limit / 2)
        var fills = gather(census, areaOfFills: areaOfFills, dropping: 3)
        // Continuous tone fills its corner of the cloud, and few cells would be left to choose from.
        if census.wordCount > 16 * cellCount { fills = gather(census, areaOfFills: areaOfFills, dropping: 2) }
        var boxes: [Box] = []
        boxes.reserveCapacity(limit)
        for i in 0..<fills { boxes.append(fill(i)) }
        var start = fills
        for end in sort(from: fills) where end > start {
            boxes.append(measured(start..<end))
            start = end
        }
        cut(&boxes, limit: limit)
        palette.removeAll(keepingCapacity: true)
        for (i, box) in boxes.enumerated() {
            palette.append(representative(box))
            for at in box.range { unsafe cells[Int(entries[at].cell)].count = UInt32(truncatingIfNeeded: i) }
        }
        assign(census.wordCount)
    }

    /// Gives each word the place of its cell, which stands where the count was.
    private mutating func assign(_ count: Int) {
        if assignment.count < count { assignment = [UInt8](repeating: 0, count: room) }
        let (cells, cellOfWord) = unsafe (cells, cellOfWord)
        unsafe assignment.withUnsafeMutableBufferPointer { assignment in
            for i in 0..<count {
                unsafe assignment[i] = UInt8(truncatingIfNeeded: cells[Int(cellOfWord[i])].count)
            }
        }
    }

    /// For a census of no more words than there may be.
    mutating func takeAll(_ census: borrowing ColourCensus) {
        palette.removeAll(keepingCapacity: true)
        if assignment.count < census.wordCount { assignment = [UInt8](repeating: 0, count: room) }
        for i in 0..<census.wordCount {
            palette.append(census.word(i))
            assignment[i] = UInt8(truncatingIfNeeded: i)
        }
    }

    /// The tRNS chunk ends with the last entry that is not opaque: those come first.
    mutating func putTransparentFirst(words count: Int) {
        let opaque = palette.indices.filter { palette[$0] >= 0xFF00_0000 }
        guard opaque.count < palette.count, !opaque.isEmpty else { return }
        let order = palette.indices.filter { palette[$0] < 0xFF00_0000 } + opaque
        var place = [UInt8](repeating: 0, count: palette.count)
        for (new, old) in order.enumerated() { place[old] = UInt8(new) }
        palette = order.map { palette[$0] }
        for i in 0..<count { assignment[i] = place[Int(assignment[i])] }
    }

    /// The fewest pixels of a fill, so that there are no more than `limit` fills.
    private func areaOfFills(_ census: borrowing ColourCensus, area: Int, limit: Int) -> UInt32 {
        var least = UInt32(max(1, area / 512))
        while true {
            var fills = 0
            for i in 0..<census.wordCount where census.count(i) >= least { fills += 1 }
            if fills <= limit { return least }
            least *= 2
        }
    }

    /// Puts each fill into a cell of its own, these first, and the other words into theirs.
    ///
    /// - Parameter bits: of each channel in which the words of a cell may differ.
    /// - Returns: how many fills there are.
    private mutating func gather(
        _ census: borrowing ColourCensus, areaOfFills: UInt32, dropping bits: UInt32
    ) -> Int {
        var fills = 0
        for i in 0..<census.wordCount where census.count(i) >= areaOfFills {
            unsafe cells[fills] = Cell(word: census.word(i), count: census.count(i), greatest: census.count(i))
            unsafe cellOfWord[i] = UInt32(truncatingIfNeeded: fills)
            fills += 1
        }
        let mask = 2 * room - 1
        let dropped = (1 << bits - 1) * 0x0101_0101 as UInt32
        let (cells, slots, cellOfWord) = unsafe (cells, slots, cellOfWord)
        unsafe slots.update(repeating: 0, count: 2 * room)
        var found = fills
        for i in 0..<census.wordCount where census.count(i) < areaOfFills {
            let (word, count) = (census.word(i), census.count(i))
            let key = Self.key(word, dropped)
            var slot = Int((key &* 0x9E37_79B1) &>> 12) & mask
            while unsafe slots[slot] != 0, unsafe Self.key(cells[Int(slots[slot] &- 1)].word, dropped) != key {
                slot = (slot &+ 1) & mask
            }
            if unsafe slots[slot] == 0 {
                unsafe cells[found] = Cell(word: word, count: 0, greatest: 0)
                found &+= 1
                unsafe slots[slot] = UInt32(truncatingIfNeeded: found)
            }
            let cell = unsafe Int(slots[slot] &- 1)
            unsafe cells[cell].count &+= count
            if unsafe count > cells[cell].greatest {
                unsafe cells[cell].greatest = count
                unsafe cells[cell].word = word
            }
            unsafe cellOfWord[i] = UInt32(truncatingIfNeeded: cell)
        }
        cellCount = found
        return fills
    }

    /// The same for words of one cell.
    @inline(__always)
    private static func key(_ word: UInt32, _ dropped: UInt32) -> UInt32 {
        // An opaque word keeps all its alpha, and nothing that shows is thrown in with what does not.
        let coarse = word & ~dropped
        return word >= 0xFF00_0000 ? coarse | 0xFF00_0000 : word != 0 && coarse == 0 ? 1 : coarse
    }

    /// The box of a fill, which is not cut.
    private func fill(_ cell: Int) -> Box {
        unsafe entries[cell] = Entry(word: cells[cell].word, count: cells[cell].count, cell: UInt32(truncatingIfNeeded: cell))
        return measured(cell..<(cell + 1))
    }

    /// Lays out the cells from `first` on: the transparent word, the translucent ones and the opaque ones one kind after the
    /// other.
    ///
    /// - Returns: where each kind ends.
    private func sort(from first: Int) -> [Int] {
        var ends = [0, 0, 0]
        for i in first..<cellCount { unsafe ends[Self.kind(cells[i].word)] += 1 }
        var next = [first, first + ends[0], first + ends[0] + ends[1]]
        for i in first..<cellCount {
            let cell = unsafe cells[i]
            let kind = Self.kind(cell.word)
            unsafe entries[next[kind]] = Entry(word: cell.word, count: cell.count, cell: UInt32(truncatingIfNeeded: i))
            next[kind] += 1
        }
        return next
    }

    @inline(__always)
    private static func kind(_ word: UInt32) -> Int { word == 0 ? 0 : word < 0xFF00_0000 ? 1 : 2 }

    /// Cuts the widest box again and again, until there are `limit` or no box has two colours.
    private func cut(_ boxes: inout [Box], limit: Int) {
        var errors = Tournament(room: limit)
        for (i, box) in boxes.enumerated() { errors.set(i, box.spread.sum()) }
        while boxes.count < limit {
            let widest = errors.winner
            guard errors[widest] > 0.5, let cut = split(boxes[widest]) else { break }
            boxes[widest] = cut.0
            errors.set(widest, cut.0.spread.sum())
            errors.set(boxes.count, cut.1.spread.sum())
            boxes.append(cut.1)
        }
    }

    private func measured(_ range: Range<Int>) -> Box {
        var box = Box(range: range)
        for i in range {
            let entry = unsafe entries[i]
            let weight = Double(entry.count)
            let channels = entry.channels
            let weighted = channels * weight
            box.weight += weight
            box.sum += weighted
            box.squares += weighted * channels
        }
        return box
    }

    /// Cuts at the mean of the channel that spreads most; nil when all entries are on one side.
    ///
    /// Each entry is written to both sides and counted on one: what cannot be foreseen costs no branch.
    private func split(_ box: Box) -> (Box, Box)? {
        let spread = box.spread
        var axis = 0
        for i in 1..<4 where spread[i] > spread[axis] { axis = i }
        let mean = UInt32(box.sum[axis] / box.weight)
        let shift = UInt32(axis * 8)
        let (entries, spare) = unsafe (entries, spare)
        var low = box.range.lowerBound
        var high = 0
        for i in box.range {
            let entry = unsafe entries[i]
            let isLow = entry.word &>> shift & 255 <= mean ? 1 : 0
            unsafe entries[low] = entry
            unsafe spare[high] = entry
            low &+= isLow
            high &+= 1 &- isLow
        }
        guard low > box.range.lowerBound && high > 0 else { return nil }
        unsafe (entries + low).update(from: spare, count: high)
        let isFirstSmaller = low - box.range.lowerBound < high
        let smaller = measured(isFirstSmaller ? box.range.lowerBound..<low : low..<box.range.upperBound)
        var larger = Box(range: isFirstSmaller ? low..<box.range.upperBound : box.range.lowerBound..<low)
        larger.weight = box.weight - smaller.weight
        larger.sum = box.sum - smaller.sum
        larger.squares = box.squares - smaller.squares
        return isFirstSmaller ? (smaller, larger) : (larger, smaller)
    }

    private func representative(_ box: Box) -> UInt32 {
        for i in box.range {
            let entry = unsafe entries[i]
            if Double(entry.count) * 2 > box.weight { return entry.word }
        }
        let mean = (box.sum / box.weight).rounded(.toNearestOrEven)
        let alpha = UInt32(mean[3])
        func channel(_ i: Int) -> UInt32 { min(UInt32(mean[i]), alpha) }
        return channel(0) | channel(1) << 8 | channel(2) << 16 | alpha << 24
    }
}
