import Compression
import Synchronization
import TileArchives
import TileCache
import Tiling
import Wording

/// One state of an archive's file, served until another takes its place.
final class ServedArchive: Sendable {
    /// As tiles are asked for: the file's name without its ending.
    let name: String
    /// The file's name, under which the file itself is asked for.
    let fileName: String
    let archive: TileArchive
    let file: ArchiveFile
    let stamp: FileStamp
    let format: TileFormat
    /// The tags of the tiles that were read since the last clearing.
    private let tags = Mutex<[TileAddress: String]>([:])

    /// Some 7 MB.
    private static let tagLimit = 65_536

    var description: TileArchiveDescription { archive.description }
    /// Takes part in every tile's key, so that no tile of another state is ever mistaken for one of this.
    var version: UInt64 { stamp.version }

    /// Opens the file that has the name now, whole.
    ///
    /// - Throws: `TileArchiveError`: not an archive, damaged, of a kind that browsers cannot be given, or replaced meanwhile.
    init(path: String, name: String, fileName: String) throws(TileArchiveError) {
        let before = try FileStamp(path: path)
        file = try ArchiveFile(path: path)
        archive = try TileArchive(file: file, isWatched: true)
        stamp = before
        self.name = name
        self.fileName = fileName
        format = try Self.format(archive)
        // SQLite opens the name once more: what it opened is this file only where the name still leads there.
        guard try file.stamp == before, try FileStamp(path: path) == before else { throw Self.changed(path) }
    }

    /// The tile as it is sent; `nil` where the archive has none.
    ///
    /// Reads the file: not for event loops.
    ///
    /// - Throws: `corrupt`; `mismatched` where the file was written to since it was opened.
    func tile(at address: TileAddress) throws(TileArchiveError) -> EncodedTile? {
        let bytes = try archive.tile(at: address)
        try checkUnchanged()
        guard let bytes else { return nil }
        let tile = encoded(bytes, tag: nil)
        tags.withLock { tags in
            if tags.count >= Self.tagLimit { tags.removeAll() }
            tags[address] = tile.entityTag
        }
        return tile
    }

    /// The tile as it is sent, where it was read before and can be had again without waiting: for event loops.
    func tileAtHand(at address: TileAddress) -> EncodedTile? {
        guard let tag = tags.withLock({ $0[address] }), let bytes = archive.tileAtHand(at: address), isUnchanged else { return nil }
        return encoded(bytes, tag: tag)
    }

    private func encoded(_ bytes: [UInt8], tag: String?) -> EncodedTile {
        let isGzip = format == .mvt && bytes.starts(with: [0x1F, 0x8B])
        return EncodedTile(format: format, body: bytes, isGzip: isGzip, leftOut: [:], dataVersion: version, entityTag: tag)
    }

    /// - Throws: `mismatched` where the file was written to since it was opened, so that what was read may be of two states.
    func checkUnchanged() throws(TileArchiveError) {
        guard try file.stamp == stamp else { throw Self.changed(file.path) }
    }

    /// Whether what is open is still the state that was opened.
    var isUnchanged: Bool {
        do {
            return try file.stamp == stamp
        } catch {
            return false
        }
    }

    func key(at address: TileAddress) -> TileKey {
        TileKey(
            map: name, matrixSet: TileRoutes.webMercator, address: address, format: format, styleVersion: 0, dataVersion: version,
            policyClass: "everyone")
    }

    private static func format(_ archive: TileArchive) throws(TileArchiveError) -> TileFormat {
        let (kind, packing) = (archive.description.kind, archive.description.packing)
        guard packing == .none || packing == .gzip && kind == .mvt else { throw unservable(archive.path, "\(kind.rawValue), \(packing.rawValue)") }
        switch kind {
        case .mvt: return .mvt
        case .png: return .png(ratio: 1)
        case .jpeg: return .jpeg(ratio: 1)
        case .webp: return .webp(ratio: 1)
        case .avif, .unknown: throw unservable(archive.path, kind.rawValue)
        }
    }

    private static func unservable(_ path: String, _ what: String) -> TileArchiveError {
        TileArchiveError(
            code: .unknownKind,
            message: .init(
                zh: "\(path) 的瓦片（\(what)）不能服务；可服务 gzip 或未压缩的 mvt，以及 png、jpeg、webp",
                en: "the tiles of \(path) (\(what)) cannot be served; mvt as gzip or plain, png, jpeg and webp can"))
    }

    private static func changed(_ path: String) -> TileArchiveError {
        TileArchiveError(
            code: .mismatched,
            message: .init(
                zh: "\(path) 在读取时被改写；请写好后再改名替换", en: "\(path) was written to while it was read; write beside it and rename"))
    }
}
