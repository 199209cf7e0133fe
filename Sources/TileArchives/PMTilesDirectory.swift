/// Some entries of a PMTiles archive, ascending (PMTiles 3, chapter 4).
struct PMTilesDirectory: Equatable {
    struct Entry: Equatable {
        /// The first tile's number along `HilbertOrder`.
        var number: UInt64
        /// Into the tile data, or into the leaf directories where `run` is 0.
        var offset: UInt64
        var length: UInt32
        /// How many tiles one after the other have this content; 0 for a leaf directory.
        var run: UInt32
    }

    var entries: [Entry]

    init(entries: [Entry]) { self.entries = entries }

    /// The last entry that begins at or before a tile.
    func entry(for number: UInt64) -> Entry? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].number <= number { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? entries[low - 1] : nil
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        Self.put(UInt64(entries.count), to: &bytes)
        var last: UInt64 = 0
        for entry in entries {
            Self.put(entry.number - last, to: &bytes)
            last = entry.number
        }
        for entry in entries { Self.put(UInt64(entry.run), to: &bytes) }
        for entry in entries { Self.put(UInt64(entry.length), to: &bytes) }
        for (i, entry) in entries.enumerated() {
            let follows = i > 0 && entry.offset == entries[i - 1].offset + UInt64(entries[i - 1].length)
            Self.put(follows ? 0 : entry.offset + 1, to: &bytes)
        }
        return bytes
    }

    private static func put(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// - Throws: `corrupt` where the bytes are no directory or its entries do not ascend.
    init(_ bytes: [UInt8], path: String) throws(TileArchiveError) {
        var reader = VariableNumbers(bytes: bytes, path: path)
        let count = try reader.next()
        // An entry takes four bytes at least: a count beyond that is a lie, and nothing is set aside for it.
        guard count <= UInt64(bytes.count / 4) else {
            throw .corrupt(path, zh: "目录自称有 \(count) 项", en: "a directory claims \(count) entries")
        }
        var entries = [Entry](repeating: Entry(number: 0, offset: 0, length: 0, run: 0), count: Int(count))
        var last: UInt64 = 0
        for i in entries.indices {
            let (number, overflows) = last.addingReportingOverflow(try reader.next())
            guard !overflows, i == 0 || number > last else {
                throw .corrupt(path, zh: "目录项次序混乱", en: "the entries of a directory do not ascend")
            }
            entries[i].number = number
            last = number
        }
        for i in entries.indices { entries[i].run = try reader.nextShort() }
        for i in entries.indices { entries[i].length = try reader.nextShort() }
        for i in entries.indices {
            let value = try reader.next()
            if value > 0 {
                entries[i].offset = value - 1
            } else {
                guard i > 0 else { throw .corrupt(path, zh: "首个目录项没有位置", en: "the first entry of a directory has no place") }
                entries[i].offset = entries[i - 1].offset &+ UInt64(entries[i - 1].length)
            }
        }
        self.entries = entries
    }
}

/// Numbers of seven bits a byte, the lowest first.
struct VariableNumbers {
    private let bytes: [UInt8]
    private let path: String
    private var at = 0

    init(bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    mutating func next() throws(TileArchiveError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard at < bytes.count else { break }
            let byte = bytes[at]
            at += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                if shift == 63, byte > 1 { break }
                return value
            }
        }
        throw .corrupt(path, zh: "目录被截断", en: "a directory is cut short")
    }

    /// One that fits 32 bits.
    mutating func nextShort() throws(TileArchiveError) -> UInt32 {
        guard let value = UInt32(exactly: try next()) else {
            throw .corrupt(path, zh: "目录中的数值过大", en: "a number in a directory is too large")
        }
        return value
    }
}
