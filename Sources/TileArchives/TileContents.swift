import Compression
import Crypto
import Wording

/// The contents of one archive's tiles, unpacked or packed anew.
struct TileContents: ~Copyable {
    /// Bytes of one tile, unpacked.
    private static let limit = 256 << 20

    private let path: String
    /// `nil` where each tile shows it by its first bytes.
    private let packing: ArchivedTilePacking?
    private let decompressor = Decompressor()
    private let compressor = Compressor(level: 6)
    /// What was digested last: neighbours often share it.
    private var last: (bytes: [UInt8], digest: SHA256Digest)?

    init(of archive: TileArchive) {
        path = archive.path
        switch archive {
        case .pmtiles(let archive): packing = archive.description.packing == .unknown ? nil : archive.description.packing
        case .mbtiles: packing = nil
        }
    }

    /// How tiles of a kind are packed in every archive that is written.
    static func packing(of kind: ArchivedTileKind) -> ArchivedTilePacking { kind == .mvt ? .gzip : .none }

    private func packing(of bytes: [UInt8]) -> ArchivedTilePacking { packing ?? (bytes.starts(with: [0x1F, 0x8B]) ? .gzip : .none) }

    /// - Throws: `corrupt` where the bytes do not unpack, `unknownKind` where they are packed with what is not read.
    func unpacked(_ bytes: [UInt8]) throws(TileArchiveError) -> [UInt8] {
        switch packing(of: bytes) {
        case .none: return bytes
        case .gzip:
            do {
                return try decompressor.decompress(bytes, format: .gzip, limit: Self.limit)
            } catch {
                throw .corrupt(path, zh: "一张瓦片解压失败", en: "a tile does not unpack")
            }
        case .brotli, .zstd, .unknown:
            let name = packing?.rawValue ?? ""
            throw TileArchiveError(
                code: .unknownKind,
                message: .init(
                    zh: "\(path) 的瓦片用 \(name) 压缩；只读 gzip 或不压缩的，请用生成它的工具重新打包",
                    en: "the tiles of \(path) are packed with \(name); only gzip and none are read, pack them anew with the tool that made them"))
        }
    }

    /// The bytes as an archive with that packing, which is none or gzip, stores them.
    ///
    /// - Throws: as `unpacked`.
    func stored(_ bytes: [UInt8], as wanted: ArchivedTilePacking) throws(TileArchiveError) -> [UInt8] {
        if packing(of: bytes) == wanted { return bytes }
        let plain = try unpacked(bytes)
        return wanted == .gzip ? compressor.compress(plain, format: .gzip) : plain
    }

    /// The SHA-256 of the unpacked bytes.
    ///
    /// - Throws: as `unpacked`.
    mutating func digest(_ bytes: [UInt8]) throws(TileArchiveError) -> SHA256Digest {
        if let last, last.bytes == bytes { return last.digest }
        let digest = SHA256.hash(data: try unpacked(bytes))
        last = (bytes, digest)
        return digest
    }
}
