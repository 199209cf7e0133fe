/// What a header `Range` asks of a file (RFC 9110 section 14).
enum ByteRange: Equatable {
    /// No range, one in other units, or several, which a server may pass over.
    case whole
    case part(Range<UInt64>)
    /// One that begins behind the end: 416.
    case unsatisfiable

    init(header: String?, length: UInt64) {
        self = .whole
        guard let header, let unit = header.firstIndex(of: "="), header[..<unit].lowercased() == "bytes" else { return }
        let spec = header[header.index(after: unit)...].filter { $0 != " " && $0 != "\t" }
        let ends = spec.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, !spec.contains(","), ends.allSatisfy({ end in end.allSatisfy { $0.isASCII && $0.isNumber } }) else { return }
        let (first, last) = (Self.number(ends[0]), Self.number(ends[1]))
        switch (first, last) {
        case (nil, nil): return
        case (nil, let count?): self = count > 0 && length > 0 ? .part(length - min(count, length)..<length) : .unsatisfiable
        case (let first?, let last):
            // A range that ends before it begins is no range at all.
            if let last, last < first { return }
            self = first < length ? .part(first..<min(last ?? length - 1, length - 1) + 1) : .unsatisfiable
        }
    }

    /// `nil` for no digits; a number beyond 64 bits is as good as the largest.
    private static func number(_ digits: Substring) -> UInt64? { digits.isEmpty ? nil : UInt64(digits) ?? .max }
}
