/// The distinct words of a picture in order of first appearance, how often each occurs, and which each pixel has.
///
/// Memory is kept from picture to picture.
@safe
struct ColourCensus: ~Copyable {
    /// Distinct words that there is room for before anything has to be hashed again.
    private static let firstRoom = 8192
    private static let slotsPerWord = 2
    private static let firstShift: UInt32 = 32 - 14
    /// Pixels that are looked at together, whether they are all the same.
    private static let block = 8
    private typealias Block = SIMD8<UInt32>

    private(set) var wordCount = 0
    private var words: UnsafeMutablePointer<UInt32>
    private var counts: UnsafeMutablePointer<UInt32>
    /// Places plus one by hash; 0 is free, and half of them stay free.
    private var slots: UnsafeMutablePointer<UInt32>
    private var wordRoom: Int
    /// Of the room for words as much as this picture takes so far; a power of two.
    private var room = Self.firstRoom
    /// Of 32 bits of a hash those stay that number the slots.
    private var hashShift = Self.firstShift
    private var places: UnsafeMutablePointer<UInt32>
    private var placeRoom: Int

    init() {
        wordRoom = Self.firstRoom
        placeRoom = 1 << 16
        unsafe words = .allocate(capacity: wordRoom)
        unsafe counts = .allocate(capacity: wordRoom)
        unsafe slots = .allocate(capacity: Self.slotsPerWord * wordRoom)
        unsafe places = .allocate(capacity: placeRoom)
    }

    deinit {
        unsafe words.deallocate()
        unsafe counts.deallocate()
        unsafe slots.deallocate()
        unsafe places.deallocate()
    }

    @inline(__always)
    func word(_ index: Int) -> UInt32 { unsafe words[index] }

    @inline(__always)
    func count(_ index: Int) -> UInt32 { unsafe counts[index] }

    /// The index of each pixel's word, row after row from the left top pixel on.
    var pixels: UnsafePointer<UInt32> { unsafe UnsafePointer(places) }

    /// Forgets the last picture and reads another.
    ///
    /// - Returns: false where it has more than `limit` distinct words; the census holds a part of it then.
    mutating func read(_ window: PixelWindow, limit: Int) -> Bool {
        (wordCount, room, hashShift) = (0, Self.firstRoom, Self.firstShift)
        unsafe slots.update(repeating: 0, count: Self.slotsPerWord * room)
        if placeRoom < window.count {
            unsafe places.deallocate()
            unsafe places = .allocate(capacity: window.count)
            placeRoom = window.count
        }
        for y in 0..<window.height {
            // The first row has no other above it than itself, whose places are not known yet.
            unsafe read(
                window.row(y), above: window.row(max(0, y - 1)), isFirst: y == 0, width: window.width,
                into: places + y * window.width)
            if wordCount > limit { return false }
        }
        return true
    }

    private mutating func read(
        _ row: UnsafePointer<UInt32>, above: UnsafePointer<UInt32>, isFirst: Bool, width: Int,
        into places: UnsafeMutablePointer<UInt32>
    ) {
        var at = 0
        var last = unsafe row[0]
        var lastPlace = place(of: last)
        while at &+ Self.block <= width {
            let eight = unsafe UnsafeRawPointer(row + at).loadUnaligned(as: Block.self)
            if PixelArithmetic.isZero(eight ^ Block(repeating: last)) {
                unsafe counts[Int(lastPlace)] &+= UInt32(Self.block)
                unsafe UnsafeMutableRawPointer(places + at).storeBytes(of: Block(repeating: lastPlace), as: Block.self)
            } else if !isFirst, unsafe Self.isEqual(eight, above + at) {
                for i in 0..<Self.block {
                    let place = unsafe places[at &+ i &- width]
                    unsafe counts[Int(place)] &+= 1
                    unsafe places[at &+ i] = place
                }
                last = unsafe row[at &+ Self.block &- 1]
                lastPlace = unsafe places[at &+ Self.block &- 1]
            } else {
                for i in 0..<Self.block {
                    let place = unsafe place(of: row[at &+ i])
                    unsafe counts[Int(place)] &+= 1
                    unsafe places[at &+ i] = place
                }
                last = unsafe row[at &+ Self.block &- 1]
                lastPlace = unsafe places[at &+ Self.block &- 1]
            }
            at &+= Self.block
        }
        while at < width {
            let place = unsafe place(of: row[at])
            unsafe counts[Int(place)] &+= 1
            unsafe places[at] = place
            at &+= 1
        }
    }

    @inline(__always)
    private static func isEqual(_ eight: Block, _ other: UnsafePointer<UInt32>) -> Bool {
        PixelArithmetic.isZero(eight ^ (unsafe UnsafeRawPointer(other).loadUnaligned(as: Block.self)))
    }

    /// The index of a word.
    @inline(__always)
    private mutating func place(of word: UInt32) -> UInt32 {
        let slot = firstSlot(word)
        let place = unsafe slots[slot] &- 1
        if place != UInt32.max, unsafe words[Int(place)] == word { return place }
        return search(word, from: slot)
    }

    /// The same where the word is not in its first slot, or new.
    @inline(never)
    private mutating func search(_ word: UInt32, from first: Int) -> UInt32 {
        let mask = Self.slotsPerWord * room - 1
        var slot = first
        while unsafe slots[slot] != 0 {
            let place = unsafe slots[slot] &- 1
            if unsafe words[Int(place)] == word { return place }
            slot = (slot &+ 1) & mask
        }
        let place = wordCount
        unsafe words[place] = word
        unsafe counts[place] = 0
        unsafe slots[slot] = UInt32(truncatingIfNeeded: place + 1)
        wordCount += 1
        if wordCount == room { growWords() }
        return UInt32(truncatingIfNeeded: place)
    }

    /// The slot where a word is looked for first.
    @inline(__always)
    private func firstSlot(_ word: UInt32) -> Int { Int((word &* 0x9E37_79B1) &>> hashShift) }

    private mutating func growWords() {
        room *= 2
        hashShift -= 1
        if wordRoom < room {
            unsafe words = Self.moved(words, count: wordCount, toRoom: room)
            unsafe counts = Self.moved(counts, count: wordCount, toRoom: room)
            unsafe slots.deallocate()
            unsafe slots = .allocate(capacity: Self.slotsPerWord * room)
            wordRoom = room
        }
        unsafe slots.update(repeating: 0, count: Self.slotsPerWord * room)
        let mask = Self.slotsPerWord * room - 1
        for place in 0..<wordCount {
            let word = unsafe words[place]
            var slot = firstSlot(word)
            while unsafe slots[slot] != 0 { slot = (slot + 1) & mask }
            unsafe slots[slot] = UInt32(truncatingIfNeeded: place + 1)
        }
    }

    private static func moved(
        _ old: UnsafeMutablePointer<UInt32>, count: Int, toRoom room: Int
    ) -> UnsafeMutablePointer<UInt32> {
        let new = UnsafeMutablePointer<UInt32>.allocate(capacity: room)
        unsafe new.moveInitialize(from: old, count: count)
        unsafe old.deallocate()
        return unsafe new
    }
}
