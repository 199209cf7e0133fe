import SimpleFeatures

/// A JSON value as a request sends it.
enum SentValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// Finite; with a fraction, an exponent, or beyond 64 bits.
    case real(Double)
    case text(String)
    /// An object or an array, as its text.
    case structure(String)

    /// Consumes a value of a text whose grammar has been checked.
    static func read(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws(GeoJSONError) -> SentValue {
        switch scanner.peek(bytes) {
        case 0x22: return .text(try scanner.string(bytes))
        case 0x7B, 0x5B:
            let start = scanner.position
            try scanner.skipValue(bytes)
            return .structure(try scanner.text(start..<scanner.position, bytes))
        case 0x6E:
            scanner.skipWord(bytes)
            return .null
        case 0x74, 0x66: return .boolean(bytes[scanner.skipWord(bytes).lowerBound] == 0x74)
        default:
            let word = scanner.skipWord(bytes)
            let text = try scanner.text(word, bytes)
            if let whole = Int64(text) { return .integer(whole) }
            var p = word.lowerBound
            guard let number = DecimalText.double(bytes, at: &p, end: word.upperBound), number.isFinite else {
                throw GeoJSONError(.coordinateNotFinite, at: word.lowerBound, "the number here is beyond all that can be kept")
            }
            return .real(number)
        }
    }

    /// For people.
    var shown: String {
        switch self {
        case .null: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let n): "\(n)"
        case .real(let r): "\(r)"
        case .text(let text), .structure(let text): text
        }
    }
}
