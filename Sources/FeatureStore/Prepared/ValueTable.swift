import SimpleFeatures

/// The distinct property values of a layer: an index stands for a value, 0 for null.
struct ValueTable: Sendable {
    /// What `valueTags` says of a value, and how its payload is to be read.
    enum Tag: UInt8, Sendable {
        case null = 0
        /// 0 or 1.
        case boolean = 1
        /// Two's complement.
        case integer = 2
        /// IEEE 754 bits.
        case real = 3
        /// Offset in the text section << 24 | length in bytes.
        case text = 4
    }

    static let longestText = 1 << 24

    private(set) var values: [PropertyValue] = [.null]
    private var indices: [PropertyValue: UInt32] = [:]

    /// The index of a value, given out on first sight; not-a-number is null.
    mutating func index(of value: PropertyValue) -> UInt32 {
        if value == .null { return 0 }
        if case .real(let d) = value, d.isNaN { return 0 }
        if let known = indices[value] { return known }
        let index = UInt32(values.count)
        values.append(value)
        indices[value] = index
        return index
    }

    /// The arrays of the file for the values in the order that `places` gives: new index to old.
    func packed(_ places: [UInt32]) -> (tags: [UInt8], payloads: [UInt64], text: [UInt8]) {
        var tags: [UInt8] = []
        var payloads: [UInt64] = []
        var text: [UInt8] = []
        for place in places {
            let (tag, payload): (Tag, UInt64)
            switch values[Int(place)] {
            case .null: (tag, payload) = (.null, 0)
            case .boolean(let b): (tag, payload) = (.boolean, b ? 1 : 0)
            case .integer(let i): (tag, payload) = (.integer, UInt64(bitPattern: i))
            case .real(let d): (tag, payload) = (.real, d.bitPattern)
            case .text(let s):
                (tag, payload) = (.text, UInt64(text.count) << 24 | UInt64(s.utf8.count))
                text.append(contentsOf: s.utf8)
            }
            tags.append(tag.rawValue)
            payloads.append(payload)
        }
        return (tags, payloads, text)
    }
}
