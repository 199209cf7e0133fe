/// Literal bytes, and then a match.
struct MatchedSequence {
    var literals: UInt32
    /// Of the match in bytes, 3 ... 258; 0 where the block ends with literals.
    var length: UInt16
    /// 1 ... 32768, less 1.
    var distance: UInt16
}

/// Finds in rows of pixels what stood before: the pixel to the left, the row above, and, for pixels of several bytes, where
/// the same two stood last. Of a palette's indices that third look gains a twentieth of the bytes and costs a tenth of the time.
///
/// A map is flat areas and upright edges, so that the first two give most matches and cost one comparison each. Matches
/// begin and end between pixels, but for those that go on from row to row.
@safe
struct RowMatcher: ~Copyable {
    private static let slotBits: UInt64 = 12
    private static let capacity = 1 << 15

    private let sequences: UnsafeMutablePointer<MatchedSequence>
    private let literalFrequencies: UnsafeMutablePointer<UInt32>
    private let distanceFrequencies: UnsafeMutablePointer<UInt32>
    /// Where a pair of pixels stood last, by hash; 0 where it has not been seen.
    private let slots: UnsafeMutablePointer<Int32>
    /// Of the alphabet, by length less 3.
    private let lengthSymbols: UnsafeMutablePointer<UInt16>
    private(set) var count = 0
    private(set) var literalBytes = 0
    private var pendingLiterals: UInt32 = 0

    init() {
        unsafe sequences = .allocate(capacity: Self.capacity)
        unsafe literalFrequencies = .allocate(capacity: DeflateAlphabet.literalCount)
        unsafe distanceFrequencies = .allocate(capacity: DeflateAlphabet.distanceCount)
        unsafe slots = .allocate(capacity: 1 << Int(Self.slotBits))
        unsafe lengthSymbols = .allocate(capacity: DeflateAlphabet.lengthSymbols.count)
        for (i, symbol) in DeflateAlphabet.lengthSymbols.enumerated() { unsafe lengthSymbols[i] = symbol }
    }

    deinit {
        unsafe sequences.deallocate()
        unsafe literalFrequencies.deallocate()
        unsafe distanceFrequencies.deallocate()
        unsafe slots.deallocate()
        unsafe lengthSymbols.deallocate()
    }

    /// Starts another picture.
    mutating func forget() { unsafe slots.update(repeating: 0, count: 1 << Int(Self.slotBits)) }

    /// Bytes of a row that always finds room.
    static let longestRow = (capacity / 2 - 2) * DeflateAlphabet.shortestMatch

    var frequencies: (literals: [UInt32], distances: [UInt32]) {
        unsafe (
            Array(UnsafeBufferPointer(start: literalFrequencies, count: DeflateAlphabet.literalCount)),
            Array(UnsafeBufferPointer(start: distanceFrequencies, count: DeflateAlphabet.distanceCount))
        )
    }

    var found: UnsafeBufferPointer<MatchedSequence> { unsafe UnsafeBufferPointer(start: sequences, count: count) }

    /// Reads rows from `first` on, until there is no more room for another.
    ///
    /// - Returns: the row after the last one read.
    mutating func read(_ rows: PixelRows, from first: Int, pixelBytes: Int) -> Int {
        count = 0
        literalBytes = 0
        pendingLiterals = 0
        unsafe literalFrequencies.update(repeating: 0, count: DeflateAlphabet.literalCount)
        unsafe distanceFrequencies.update(repeating: 0, count: DeflateAlphabet.distanceCount)
        unsafe literalFrequencies[DeflateAlphabet.endOfBlock] = 1
        let end =
            switch pixelBytes {
            case 1: read(rows, from: first, ofBytes: 1)
            case 3: read(rows, from: first, ofBytes: 3)
            default: read(rows, from: first, ofBytes: 4)
            }
        if pendingLiterals > 0 {
            unsafe sequences[count] = MatchedSequence(literals: pendingLiterals, length: 0, distance: 0)
            count += 1
        }
        return end
    }

    @inline(__always)
    private mutating func read(_ rows: PixelRows, from first: Int, ofBytes pixelBytes: Int) -> Int {
        let roomForRow = rows.rowBytes / DeflateAlphabet.shortestMatch + 2
        var row = first
        // Rows that are as the one above.
        var sameRows = 0
        while row < rows.height, count &+ roomForRow &+ sameRows / DeflateAlphabet.longestMatch < Self.capacity &- 8 {
            let start = row &* rows.rowBytes
            let end = start &+ rows.rowBytes
            var at = start
            if row > 0, rows.rowBytes <= DeflateAlphabet.farthest {
                let same = rows.equalBytes(at, at &- rows.rowBytes, known: 0, limit: rows.rowBytes)
                if same == rows.rowBytes {
                    sameRows &+= same
                    row &+= 1
                    continue
                }
                let aligned = same == 0 ? 0 : 1 &+ (same &- 1) / pixelBytes &* pixelBytes
                if aligned &+ sameRows >= DeflateAlphabet.shortestMatch {
                    match(sameRows &+ aligned, rows.rowBytes)
                    at &+= aligned
                }
            }
            sameRows = 0
            if at == start {
                literals(rows, at, 1)
                at &+= 1
            }
            readPixels(rows, from: at, to: end, pixelBytes, isFirst: row == 0)
            row &+= 1
        }
        if sameRows > 0 { match(sameRows, rows.rowBytes) }
        return row
    }

    @inline(__always)
    private mutating func readPixels(_ rows: PixelRows, from start: Int, to end: Int, _ pixelBytes: Int, isFirst: Bool) {
        // Two pixels.
        let keyBytes = 2 &* pixelBytes
        let keyMask = UInt64.max &>> UInt64(64 &- 8 &* keyBytes)
        let above = isFirst || rows.rowBytes > DeflateAlphabet.farthest ? pixelBytes : rows.rowBytes
        var at = start
        if at < above || at < pixelBytes {
            literals(rows, at, pixelBytes)
            at &+= pixelBytes
        }
        while at < end {
            let limit = end &- at
            let here = rows.eight(at)
            var (length, distance) = (Self.equal(here ^ rows.eight(at &- pixelBytes)), pixelBytes)
            let fromAbove = Self.equal(here ^ rows.eight(at &- above))
            if fromAbove > length { (length, distance) = (fromAbove, above) }
            if length == 8 {
                length = rows.equalBytes(at, at &- distance, known: 8, limit: limit)
                if fromAbove == 8 && distance != above {
                    let other = rows.equalBytes(at, at &- above, known: 8, limit: limit)
                    if other > length { (length, distance) = (other, above) }
                }
            } else if pixelBytes > 1, length < keyBytes {
                let key = here & keyMask
                let slot = Int((key &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- Self.slotBits))
                let candidate = unsafe Int(slots[slot])
                unsafe slots[slot] = Int32(truncatingIfNeeded: at)
                if candidate > 0, at &- candidate <= DeflateAlphabet.farthest,
                    (rows.eight(candidate) ^ here) & keyMask == 0
                {
                    (length, distance) = (
                        rows.equalBytes(at, candidate, known: keyBytes, limit: limit), at &- candidate
                    )
                }
            }
            length = min(length, limit)
            if pixelBytes > 1 { length = length / pixelBytes &* pixelBytes }
            if length >= DeflateAlphabet.shortestMatch {
                match(length, distance)
                at &+= length
            } else {
                literals(rows, at, pixelBytes)
                at &+= pixelBytes
            }
        }
    }

    /// How many of eight bytes are equal, from their difference.
    @inline(__always)
    private static func equal(_ difference: UInt64) -> Int { difference.trailingZeroBitCount &>> 3 }

    @inline(__always)
    private mutating func literals(_ rows: PixelRows, _ at: Int, _ count: Int) {
        for i in 0..<count { unsafe literalFrequencies[Int(rows[at &+ i])] &+= 1 }
        pendingLiterals &+= UInt32(truncatingIfNeeded: count)
        literalBytes &+= count
    }

    /// A match of any length, in pieces.
    @inline(__always)
    private mutating func match(_ length: Int, _ distance: Int) {
        var rest = length
        while rest > DeflateAlphabet.longestMatch {
            // What is left must be long enough to be a match.
            let piece = rest < DeflateAlphabet.longestMatch &+ DeflateAlphabet.shortestMatch ? 128 : DeflateAlphabet.longestMatch
            append(piece, distance)
            rest &-= piece
        }
        append(rest, distance)
    }

    @inline(__always)
    private mutating func append(_ length: Int, _ distance: Int) {
        unsafe sequences[count] = MatchedSequence(
            literals: pendingLiterals, length: UInt16(truncatingIfNeeded: length),
            distance: UInt16(truncatingIfNeeded: distance &- 1))
        count &+= 1
        pendingLiterals = 0
        unsafe literalFrequencies[Int(lengthSymbols[length &- 3])] &+= 1
        unsafe distanceFrequencies[DeflateAlphabet.distanceSymbol(distance)] &+= 1
    }
}
