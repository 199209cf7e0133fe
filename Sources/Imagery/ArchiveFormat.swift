import Tiling

/// The layout of an imagery archive: header, tiles one behind the other, index by address, metadata. Little-endian.
enum ArchiveFormat {
    /// "WMIMAGE" and the version of the layout.
    static let magic: UInt64 = 0x0145_4741_4D49_4D57
    static let headerLength = 64
    static let entryLength = 24
    static let mostMetadataBytes = 1 << 20

    /// The header's words, in order.
    struct Header {
        var contentHash: UInt64 = 0
        var indexOffset: UInt64 = 0
        var tileCount: UInt64 = 0
        var metadataOffset: UInt64 = 0
        var metadataLength: UInt64 = 0

        var words: [UInt64] { [magic, contentHash, indexOffset, tileCount, metadataOffset, metadataLength, 0, 0].map(\.littleEndian) }
    }

    /// Where a tile lies.
    struct Entry {
        var key: UInt64
        var offset: UInt64
        var length: UInt32
        var format: UInt32
    }

    /// Orders tiles by set, level, row, column.
    static func key(set: Int, _ address: TileAddress) -> UInt64 {
        precondition(
            set < 64 && address.level < 64 && address.row >= 0 && address.row < 1 << 26 && address.column >= 0 && address.column < 1 << 26,
            "tile numbers stay below 2^26")
        return UInt64(set) << 58 | UInt64(address.level) << 52 | UInt64(address.row) << 26 | UInt64(address.column)
    }
}

/// A digest of everything written: it tells versions apart, and is no safeguard.
struct ContentHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ word: UInt64) {
        value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
        value ^= value >> 29
    }

    mutating func add(_ bytes: [UInt8]) {
        add(UInt64(bytes.count))
        var place = 0
        while place < bytes.count {
            var word: UInt64 = 0
            for i in 0..<min(8, bytes.count - place) { word |= UInt64(bytes[place + i]) << (8 * UInt64(i)) }
            add(word)
            place += 8
        }
    }
}
