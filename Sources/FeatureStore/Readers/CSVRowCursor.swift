/// Cuts a table into rows and cells (RFC 4180); quoted cells may hold delimiters, line ends and doubled quotes.
///
/// Bytes above ASCII are passed over, which is right for UTF-8, GB18030 and Big5 alike: none of them uses a
/// quote, a comma, a semicolon, a tab or a line end inside a character.
struct CSVRowCursor {
    /// The content of one cell, quotes taken off; doubled quotes are still doubled when `hasQuotes` is set.
    struct Cell {
        var range: Range<Int>
        var hasQuotes = false
    }

    /// Of the next byte to read.
    private(set) var position: Int
    /// The line on which the row last given begins, from 1.
    private(set) var line = 1
    let delimiter: UInt8
    /// Bytes that one row may have.
    let limit: Int
    /// Whether a line was met that is longer than may be passed over; reading has then ended with it.
    private(set) var isEndless = false
    /// Bytes of a line that is passed over; reading ends with a longer one.
    let longestLine: Int
    private var passedLines = 0

    init(position: Int, delimiter: UInt8, limits: ReaderLimits) {
        self.position = position
        self.delimiter = delimiter
        limit = limits.recordBytes
        longestLine = limits.lineBytes
    }

    enum Row {
        case cells
        /// Longer than the limit: passed over to the next line end.
        case tooLong
        /// A quote that never closes, or text behind a closing one.
        case brokenQuote
    }

    /// Reads the next row that is not blank into `cells`; `nil` at the end.
    mutating func next(_ bytes: Span<UInt8>, into cells: inout [Cell]) -> Row? {
        skipBlankLines(bytes)
        guard position < bytes.count else { return nil }
        line = passedLines + 1
        cells.removeAll(keepingCapacity: true)
        let start = position
        var outcome = Row.cells
        while true {
            guard let cell = cell(bytes, start, &outcome) else { return outcome }
            cells.append(cell)
            guard position < bytes.count, bytes[position] == delimiter else { break }
            position += 1
        }
        endLine(bytes)
        return outcome
    }

    /// `nil` when the row is too long or its quotes are broken; it has been passed over.
    private mutating func cell(_ bytes: Span<UInt8>, _ rowStart: Int, _ outcome: inout Row) -> Cell? {
        if position < bytes.count, bytes[position] == 0x22 { return quoted(bytes, rowStart, &outcome) }
        let start = position
        let stop = min(bytes.count, rowStart + limit + 1)
        while position < stop {
            let byte = bytes[position]
            if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
            position &+= 1
        }
        if position - rowStart > limit {
            outcome = .tooLong
            skipLine(bytes)
            return nil
        }
        return Cell(range: start..<position)
    }

    private mutating func quoted(_ bytes: Span<UInt8>, _ rowStart: Int, _ outcome: inout Row) -> Cell? {
        let open = position
        var p = position + 1
        var hasQuotes = false
        var lines = 0
        while p < bytes.count, p - rowStart <= limit {
            if bytes[p] == 0x0A { lines += 1 }
            guard bytes[p] == 0x22 else {
                p &+= 1
                continue
            }
            if p + 1 < bytes.count, bytes[p + 1] == 0x22 {
                hasQuotes = true
                p += 2
                continue
            }
            position = p + 1
            let isClosed = position == bytes.count || bytes[position] == delimiter || bytes[position] == 0x0A || bytes[position] == 0x0D
            passedLines += lines
            if isClosed { return Cell(range: (open + 1)..<p, hasQuotes: hasQuotes) }
            outcome = .brokenQuote
            skipLine(bytes)
            return nil
        }
        // One line is given up, not the rest of the file.
        outcome = p < bytes.count ? .tooLong : .brokenQuote
        position = open + 1
        skipLine(bytes)
        return nil
    }

    private mutating func skipBlankLines(_ bytes: Span<UInt8>) {
        while position < bytes.count, bytes[position] == 0x0A || bytes[position] == 0x0D {
            if bytes[position] == 0x0A { passedLines += 1 }
            position += 1
        }
    }

    private mutating func skipLine(_ bytes: Span<UInt8>) {
        let stop = min(bytes.count, position + longestLine)
        while position < stop, bytes[position] != 0x0A { position &+= 1 }
        if position == stop, stop < bytes.count {
            isEndless = true
            position = bytes.count
        }
        endLine(bytes)
    }

    private mutating func endLine(_ bytes: Span<UInt8>) {
        if position < bytes.count, bytes[position] == 0x0D { position += 1 }
        if position < bytes.count, bytes[position] == 0x0A {
            position += 1
            passedLines += 1
        }
    }
}
