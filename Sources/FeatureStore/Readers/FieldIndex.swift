import SimpleFeatures

/// The fields of a GeoJSON layer by name; names are compared as bytes, guessing that features repeat their order.
struct FieldIndex {
    private(set) var names: [String] = []
    private var spellings: [[UInt8]] = []
    private var positions: [String: Int] = [:]
    private var guess = 0

    /// The features' first field comes next.
    mutating func rewind() {
        guess = 0
    }

    /// The position of the field whose raw key is `key`; `nil` when it is new or not text.
    mutating func position(of key: (content: Range<Int>, hasEscape: Bool), _ bytes: Span<UInt8>) -> Int? {
        if guess < spellings.count, !key.hasEscape, matches(spellings[guess], key.content, bytes) {
            guess += 1
            return guess - 1
        }
        guard let name = FieldIndex.name(key, bytes), let found = positions[name] else { return nil }
        guess = found + 1
        return found
    }

    mutating func append(_ name: String) -> Int {
        positions[name] = names.count
        names.append(name)
        spellings.append(Array(name.utf8))
        guess = names.count
        return names.count - 1
    }

    /// `nil` when the key is not UTF-8 or breaks JSON's escapes; the record that holds it will be refused for it.
    static func name(_ key: (content: Range<Int>, hasEscape: Bool), _ bytes: Span<UInt8>) -> String? {
        var scanner = JSONScanner(position: 0, end: bytes.count)
        do {
            return key.hasEscape ? try scanner.unescaped(key.content, bytes) : try scanner.text(key.content, bytes)
        } catch {
            return nil
        }
    }

    private func matches(_ spelling: [UInt8], _ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard spelling.count == range.count else { return false }
        for i in 0..<spelling.count where spelling[i] != bytes[range.lowerBound &+ i] { return false }
        return true
    }
}
