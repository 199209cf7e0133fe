public import Tiling

/// What one tile of a block came to.
public struct SpooledTile: Sendable, Equatable {
    public enum Content: Sendable, Equatable {
        /// As an archive stores it.
        case made([UInt8])
        /// Nothing is drawn there.
        case empty
        /// Chinese and English.
        case failed(String)
    }

    public var row: Int
    public var column: Int
    public var content: Content

    public init(row: Int, column: Int, content: Content) {
        self.row = row
        self.column = column
        self.content = content
    }
}

/// The wanted tiles of one metatile, made from one version of the data.
public struct SpooledBlock: Sendable, Equatable {
    /// Any tile of the block that stands for it: always the same one.
    public var address: TileAddress
    public var version: UInt64
    /// Which go at the block it was, from 1.
    public var attempt: Int
    public var tiles: [SpooledTile]

    public init(address: TileAddress, version: UInt64, attempt: Int, tiles: [SpooledTile]) {
        self.address = address
        self.version = version
        self.attempt = attempt
        self.tiles = tiles
    }
}

/// Where a block lies in a spool.
public struct SpoolPlace: Sendable, Hashable {
    public var address: TileAddress
    public var version: UInt64
    public var attempt: Int
    /// The file's name in the spool's directory.
    public var segment: String
    var offset: UInt64
    var length: Int
}

/// One block as bytes: a head of 64, then the tiles. All numbers are little-endian.
///
/// Head: mark, level, row, column (4 each), version (8), attempt (4), tiles (4), payload bytes (8), payload sum (8), nothing (8),
/// sum of the head before (8). Tile: row (4), column (4), kind (4), bytes (4), the bytes.
enum SpoolRecord {
    static let headLength = 64
    private static let mark: UInt32 = 0x3153_4D57
    /// A tile's head.
    private static let tileLength = 16
    /// No block holds more: a longer one is a damaged head.
    static let longestPayload = 1 << 31

    static func bytes(_ block: SpooledBlock) -> [UInt8] {
        var payload: [UInt8] = []
        for tile in block.tiles {
            let (kind, bytes): (UInt32, [UInt8]) =
                switch tile.content {
                case .made(let bytes): (1, bytes)
                case .empty: (0, [])
                case .failed(let reason): (2, Array(reason.utf8))
                }
            payload.append(word: UInt32(truncatingIfNeeded: tile.row))
            payload.append(word: UInt32(truncatingIfNeeded: tile.column))
            payload.append(word: kind)
            payload.append(word: UInt32(truncatingIfNeeded: bytes.count))
            payload += bytes
        }
        var head: [UInt8] = []
        head.append(word: mark)
        for number in [block.address.level, block.address.row, block.address.column] {
            head.append(word: UInt32(truncatingIfNeeded: number))
        }
        head.append(word64: block.version)
        head.append(word: UInt32(truncatingIfNeeded: block.attempt))
        head.append(word: UInt32(truncatingIfNeeded: block.tiles.count))
        head.append(word64: UInt64(payload.count))
        head.append(word64: sum(payload[...]))
        head.append(word64: 0)
        head.append(word64: sum(head[...]))
        return head + payload
    }

    /// What a head says; `nil` where it is none.
    static func head(_ bytes: ArraySlice<UInt8>) -> (place: SpoolPlace, tiles: Int, sum: UInt64)? {
        guard bytes.count == headLength, bytes.word(0) == mark, bytes.word64(56) == sum(bytes.prefix(56)) else { return nil }
        let length = bytes.word64(32)
        guard length <= UInt64(longestPayload) else { return nil }
        let address = TileAddress(level: Int(bytes.word(4)), row: Int(bytes.word(8)), column: Int(bytes.word(12)))
        let place = SpoolPlace(
            address: address, version: bytes.word64(16), attempt: Int(bytes.word(24)), segment: "", offset: 0, length: Int(length))
        return (place, Int(bytes.word(28)), bytes.word64(40))
    }

    /// The block of a head and its payload; `nil` where they are damaged.
    static func block(_ bytes: ArraySlice<UInt8>) -> SpooledBlock? {
        guard bytes.count >= headLength, let head = head(bytes.prefix(headLength)) else { return nil }
        let payload = bytes.dropFirst(headLength)
        guard payload.count == head.place.length, sum(payload) == head.sum else { return nil }
        var tiles: [SpooledTile] = []
        var at = 0
        for _ in 0..<head.tiles {
            guard payload.count - at >= tileLength else { return nil }
            let length = Int(payload.word(at + 12))
            guard payload.count - at - tileLength >= length else { return nil }
            let start = payload.startIndex + at + tileLength
            let body = Array(payload[start..<(start + length)])
            let content: SpooledTile.Content
            switch payload.word(at + 8) {
            case 0: content = .empty
            case 1: content = .made(body)
            case 2: content = .failed(String(decoding: body, as: UTF8.self))
            default: return nil
            }
            tiles.append(SpooledTile(row: Int(payload.word(at)), column: Int(payload.word(at + 4)), content: content))
            at += tileLength + length
        }
        guard at == payload.count else { return nil }
        return SpooledBlock(address: head.place.address, version: head.place.version, attempt: head.place.attempt, tiles: tiles)
    }

    /// Tells a torn or damaged record, not a forged one.
    static func sum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
        var at = 0
        while at + 8 <= bytes.count {
            hash = (hash ^ bytes.word64(at)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
            at += 8
        }
        for byte in bytes.dropFirst(at) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash ^ hash >> 32
    }
}

extension [UInt8] {
    fileprivate mutating func append(word: UInt32) { for shift in stride(from: 0, to: 32, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) } }

    fileprivate mutating func append(word64: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word64 >> UInt64(shift))) }
    }
}

extension ArraySlice<UInt8> {
    /// Counted from the slice's start.
    fileprivate func word(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: unsafe withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) })
    }

    fileprivate func word64(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) })
    }
}
