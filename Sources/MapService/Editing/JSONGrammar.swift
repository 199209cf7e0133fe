import SimpleFeatures

/// Whether bytes are one JSON text (RFC 8259): what a scanner that only looks for what it needs would pass over.
enum JSONGrammar {
    /// Objects and arrays inside one another.
    static let nestingLimit = 64

    static func check(_ bytes: Span<UInt8>) throws(GeoJSONError) {
        var scanner = JSONScanner(position: 0, end: bytes.count)
        var open: [UInt8] = []
        repeat {
            try value(bytes, &scanner, &open)
            while let bracket = open.last {
                guard try scanner.hasNext(before: bracket == 0x7B ? 0x7D : 0x5D, bytes) else {
                    open.removeLast()
                    continue
                }
                if bracket == 0x7B { _ = try scanner.rawKey(bytes) }
                break
            }
        } while !open.isEmpty
        _ = scanner.peek(bytes)
        guard scanner.position == bytes.count else { throw scanner.unexpected(bytes, wanted: "the end") }
    }

    /// Consumes a value, of an object or array that is not empty what comes before its first value.
    private static func value(
        _ bytes: Span<UInt8>, _ scanner: inout JSONScanner, _ open: inout [UInt8]
    ) throws(GeoJSONError) {
        while true {
            let first = scanner.peek(bytes)
            switch first {
            case 0x7B, 0x5B:
                guard open.count < nestingLimit else {
                    throw GeoJSONError(.nestedTooDeeply, at: scanner.position, "objects and arrays are nested more than \(nestingLimit) deep")
                }
                guard try scanner.enter(first, first + 2, bytes) else { return }
                open.append(first)
                if first == 0x7B { _ = try scanner.rawKey(bytes) }
            case 0x22:
                let (content, hasEscape) = try scanner.rawString(bytes)
                if hasEscape { _ = try scanner.unescaped(content, bytes) }
                return
            default:
                let word = scanner.skipWord(bytes)
                guard isLiteral(word, bytes, scanner) || isNumber(word, bytes) else {
                    scanner.position = word.lowerBound
                    throw scanner.unexpected(bytes, wanted: "a value")
                }
                return
            }
        }
    }

    private static func isLiteral(_ word: Range<Int>, _ bytes: Span<UInt8>, _ scanner: JSONScanner) -> Bool {
        scanner.spells("null", word, bytes) || scanner.spells("true", word, bytes) || scanner.spells("false", word, bytes)
    }

    /// Section 6: a whole number without leading zeros, then a fraction and an exponent if any.
    private static func isNumber(_ word: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        var p = word.lowerBound
        func digits(_ bytes: Span<UInt8>) -> Int {
            let start = p
            while p < word.upperBound, bytes[p] &- 0x30 <= 9 { p += 1 }
            return p - start
        }
        if p < word.upperBound, bytes[p] == 0x2D { p += 1 }
        let first = p
        let whole = digits(bytes)
        guard whole > 0, whole == 1 || bytes[first] != 0x30 else { return false }
        if p < word.upperBound, bytes[p] == 0x2E {
            p += 1
            guard digits(bytes) > 0 else { return false }
        }
        if p < word.upperBound, bytes[p] | 0x20 == 0x65 {
            p += 1
            if p < word.upperBound, bytes[p] == 0x2B || bytes[p] == 0x2D { p += 1 }
            guard digits(bytes) > 0 else { return false }
        }
        return p == word.upperBound
    }
}
