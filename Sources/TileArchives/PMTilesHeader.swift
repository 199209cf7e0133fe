import Wording

/// The first 127 bytes of a PMTiles archive, little-endian (PMTiles 3, chapter 3).
struct PMTilesHeader: Equatable {
    static let length = 127
    /// Header and root directory lie within so many bytes.
    static let rootLimit = 16_384
    static let magic = Array("PMTiles".utf8)

    struct Section: Equatable {
        var offset: UInt64
        var length: UInt64

        static let none = Section(offset: 0, length: 0)
    }

    var root = Section.none
    var metadata = Section.none
    var leaves = Section.none
    var tiles = Section.none
    var addressedTiles: UInt64 = 0
    var tileEntries: UInt64 = 0
    var tileContents: UInt64 = 0
    var isClustered = false
    var internalPacking = ArchivedTilePacking.none
    var tilePacking = ArchivedTilePacking.none
    var kind = ArchivedTileKind.unknown
    var levels = 0...0
    /// Ten-millionths of a degree: west, south, east, north.
    var bounds: [Int32] = [0, 0, 0, 0]
    var centreLevel = 0
    var centre: [Int32] = [0, 0]

    static let packings: [ArchivedTilePacking] = [.unknown, .none, .gzip, .brotli, .zstd]
    static let kinds: [ArchivedTileKind] = [.unknown, .mvt, .png, .jpeg, .webp, .avif]

    /// - Throws: `unknownKind` for other files and versions, `corrupt` where sections leave the file.
    static func read(_ bytes: some RandomAccessCollection<UInt8>, path: String, fileLength: UInt64) throws(TileArchiveError) -> PMTilesHeader {
        let bytes = Array(bytes.prefix(length))
        guard bytes.count == length, Array(bytes[..<7]) == magic else {
            throw TileArchiveError(
                code: .unknownKind,
                message: .init(zh: "\(path) 不是 PMTiles 档案；请检查文件", en: "\(path) is not a PMTiles archive; check the file"))
        }
        guard bytes[7] == 3 else {
            throw TileArchiveError(
                code: .unknownKind,
                message: .init(
                    zh: "\(path) 是 PMTiles 第 \(bytes[7]) 版；只读第 3 版，请用 pmtiles upgrade 转换",
                    en: "\(path) is PMTiles version \(bytes[7]); only version 3 is read, convert it with pmtiles upgrade"))
        }
        func word(_ at: Int) -> UInt64 { (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) } }
        func degrees(_ at: Int) -> Int32 { Int32(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }) }
        func section(_ at: Int) -> Section { Section(offset: word(at), length: word(at + 8)) }
        guard bytes[100] <= bytes[101], bytes[101] <= 31 else {
            throw .corrupt(path, zh: "级别范围 \(bytes[100])-\(bytes[101])", en: "levels \(bytes[100]) to \(bytes[101])")
        }
        let header = PMTilesHeader(
            root: section(8), metadata: section(24), leaves: section(40), tiles: section(56), addressedTiles: word(72),
            tileEntries: word(80), tileContents: word(88), isClustered: bytes[96] == 1,
            internalPacking: named(packings, bytes[97], .unknown), tilePacking: named(packings, bytes[98], .unknown),
            kind: named(kinds, bytes[99], .unknown), levels: Int(bytes[100])...Int(bytes[101]),
            bounds: [degrees(102), degrees(106), degrees(110), degrees(114)], centreLevel: Int(bytes[118]),
            centre: [degrees(119), degrees(123)])
        for (name, section) in [
            ("root directory", header.root), ("metadata", header.metadata), ("leaf directories", header.leaves),
            ("tile data", header.tiles),
        ] {
            let (end, overflows) = section.offset.addingReportingOverflow(section.length)
            guard !overflows, end <= fileLength else {
                throw .corrupt(
                    path, zh: "“\(name)”一节超出文件（文件长 \(fileLength) 字节）",
                    en: "its \(name) leave the file, which has \(fileLength) bytes")
            }
        }
        return header
    }

    private static func named<Value>(_ values: [Value], _ number: UInt8, _ other: Value) -> Value {
        Int(number) < values.count ? values[Int(number)] : other
    }

    var bytes: [UInt8] {
        var bytes = Self.magic + [3]
        func put(_ word: UInt64) { for i in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * i))) } }
        func put(_ degrees: Int32) { for i in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: degrees >> Int32(8 * i))) } }
        for section in [root, metadata, leaves, tiles] {
            put(section.offset)
            put(section.length)
        }
        for count in [addressedTiles, tileEntries, tileContents] { put(count) }
        bytes.append(isClustered ? 1 : 0)
        bytes.append(UInt8(Self.packings.firstIndex(of: internalPacking) ?? 0))
        bytes.append(UInt8(Self.packings.firstIndex(of: tilePacking) ?? 0))
        bytes.append(UInt8(Self.kinds.firstIndex(of: kind) ?? 0))
        bytes += [UInt8(levels.lowerBound), UInt8(levels.upperBound)]
        for value in bounds { put(value) }
        bytes.append(UInt8(clamping: centreLevel))
        for value in centre { put(value) }
        return bytes
    }
}
