import SimpleFeatures

/// Cuts text at line ends or record separators; blank pieces are passed over.
struct SequenceCursor {
    /// Of the next byte to look at.
    private(set) var position: Int
    /// The line on which the piece last given begins, from 1.
    private(set) var line = 1
    private let separator: UInt8
    private let longestPiece: Int
    /// Line ends before `position`.
    private var passedLines = 0

    init(position: Int, separator: UInt8, limits: ReaderLimits) {
        self.position = position
        self.separator = separator
        longestPiece = limits.lineBytes
    }

    /// The next piece that is not blank, without white space before it; `nil` at the end.
    ///
    /// - Throws: where a piece begins that is longer than a line may be.
    mutating func next(_ bytes: Span<UInt8>) throws(GeoJSONError) -> Range<Int>? {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte <= 0x20 else { break }
            if byte == 0x0A { passedLines += 1 }
            position += 1
        }
        guard position < bytes.count else { return nil }
        let start = position
        line = passedLines + 1
        let stop = min(bytes.count, start + longestPiece)
        while position < stop, bytes[position] != separator {
            if bytes[position] == 0x0A { passedLines &+= 1 }
            position &+= 1
        }
        guard position == bytes.count || bytes[position] == separator else {
            throw GeoJSONError(.syntax, at: start, "the line that begins here has no end within \(longestPiece) bytes")
        }
        return start..<position
    }
}
