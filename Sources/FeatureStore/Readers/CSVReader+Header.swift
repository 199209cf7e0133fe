import SimpleFeatures

extension CSVReader {
    /// The one of comma, semicolon and tab that the first line has most of, outside quotes.
    static func delimiter(_ bytes: Span<UInt8>, from start: Int, limit: Int) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for p in start..<min(bytes.count, start + limit) {
            let byte = bytes[p]
            if byte == 0x22 { isQuoted.toggle() }
            if byte == 0x0A && !isQuoted { break }
            if !isQuoted, byte == 0x2C || byte == 0x3B || byte == 0x09 { counts[byte, default: 0] += 1 }
        }
        let commas = counts[0x2C, default: 0], semicolons = counts[0x3B, default: 0], tabs = counts[0x09, default: 0]
        return tabs > max(commas, semicolons) ? 0x09 : semicolons > commas ? 0x3B : 0x2C
    }

    /// The column names, unique and not empty.
    static func header(
        _ bytes: Span<UInt8>, _ rows: inout CSVRowCursor, _ decoder: borrowing TextDecoder, _ source: String
    ) throws(ReaderError) -> [String] {
        var cells: [CSVRowCursor.Cell] = []
        guard let row = rows.next(bytes, into: &cells), case .cells = row else {
            throw ReaderError(code: .contentDamaged, message: "\(source): the first line is no header; name the columns in it")
        }
        var taken: Set<String> = []
        var names: [String] = []
        for (index, cell) in cells.enumerated() {
            let name = text(cell, bytes, decoder).text.trimmingSpaces
            names.append(DBFTable.unique(name.isEmpty ? "column_\(index + 1)" : name, &taken))
        }
        return names
    }

    /// The kind of every column of the header and the number of rows behind it, from a pass over all of them.
    static func infer(_ bytes: Span<UInt8>, _ start: CSVRowCursor, _ source: String) throws(ReaderError) -> ([KindInference], Int) {
        var rows = start
        var cells: [CSVRowCursor.Cell] = []
        _ = rows.next(bytes, into: &cells)
        let columnCount = cells.count
        var kinds = [KindInference](repeating: KindInference(), count: columnCount)
        var count = 0
        while let row = rows.next(bytes, into: &cells) {
            count += 1
            guard case .cells = row else { continue }
            for index in 0..<min(columnCount, cells.count) {
                let range = trimmed(cells[index].range, bytes)
                if !range.isEmpty { kinds[index].note(TextForm.ofCell(bytes.extracting(range))) }
            }
        }
        guard !rows.isEndless else {
            throw ReaderError(
                code: .limitExceeded,
                message: "\(source): the row on line \(rows.line) has no end within \(rows.longestLine) bytes; look for a quote that is not closed, or export the file again")
        }
        return (kinds, count)
    }

    static func trimmed(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while upper > lower, bytes[upper - 1] == 0x20 { upper -= 1 }
        while lower < upper, bytes[lower] == 0x20 { lower += 1 }
        return lower..<upper
    }

    static func text(_ cell: CSVRowCursor.Cell, _ bytes: Span<UInt8>, _ decoder: borrowing TextDecoder) -> TextDecoder.Decoded {
        var decoded = decoder.decode(bytes.extracting(cell.range))
        if cell.hasQuotes { decoded.text = undoubled(decoded.text) }
        return decoded
    }

    private static func undoubled(_ text: String) -> String {
        var result = ""
        var isSecond = false
        for scalar in text.unicodeScalars {
            if scalar == "\"", isSecond {
                isSecond = false
                continue
            }
            isSecond = scalar == "\""
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}

extension String {
    /// Without spaces and tabs around it.
    var trimmingSpaces: String {
        var text = self[...]
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        return String(text)
    }
}
