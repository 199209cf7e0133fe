import Compression
import Synchronization
public import Tiling
import Wording

/// Reads a PMTiles archive, version 3.
///
/// Trusts nothing in it: a directory's size, its depth, and every place it names are checked before anything is read or
/// set aside, so that a hostile file costs an error and no more.
public final class PMTilesArchive: Sendable {
    /// Leaf directories below one another; one is usual, and the specification advises no more than two.
    static let deepest = 3
    /// Bytes of one directory, unpacked.
    private static let directoryLimit = 16 << 20
    /// Bytes of the metadata, unpacked.
    private static let metadataLimit = 64 << 20
    /// Bytes of one tile as it is stored.
    static let tileLimit = 64 << 20
    /// Entries of leaf directories that stay in memory.
    private static let keptEntries = 1 << 20

    public let description: TileArchiveDescription
    /// Tiles with content, as the archive counts them; 0 where it does not say.
    public var tileCount: Int { Int(clamping: header.addressedTiles) }
    let header: PMTilesHeader
    var path: String { file.path }
    private let file: ArchiveFile
    let root: PMTilesDirectory
    private let leaves = Mutex(KeptLeaves())

    private struct KeptLeaves {
        var directories: [UInt64: PMTilesDirectory] = [:]
        var entries = 0
    }

    /// - Throws: `TileArchiveError`.
    public convenience init(path: String) throws(TileArchiveError) { try self.init(file: try ArchiveFile(path: path)) }

    /// - Throws: `TileArchiveError`.
    public init(file: ArchiveFile) throws(TileArchiveError) {
        self.file = file
        let path = file.path
        let head = try file.read(at: 0, count: Int(min(file.length, UInt64(PMTilesHeader.length))))
        header = try PMTilesHeader.read(head, path: path, fileLength: file.length)
        guard header.root.length > 0, header.root.length <= UInt64(Self.directoryLimit) else {
            throw .corrupt(path, zh: "根目录长 \(header.root.length) 字节", en: "its root directory has \(header.root.length) bytes")
        }
        root = try Self.directory(file, header, at: header.root.offset, length: header.root.length)
        let metadata: ArchiveMetadata
        do {
            let text = try Self.unpacked(file, header, header.metadata.offset, header.metadata.length, limit: Self.metadataLimit)
            metadata = text.isEmpty ? ArchiveMetadata() : try ArchiveMetadata(json: text)
        } catch let error as TileArchiveError {
            throw error
        } catch {
            throw .corrupt(path, zh: "元数据不是 JSON 对象", en: "its metadata are no JSON object")
        }
        description = TileArchiveDescription(
            kind: header.kind, packing: header.tilePacking, levels: header.levels,
            bounds: header.bounds.map { Double($0) / 1e7 }, centre: header.centre.map { Double($0) / 1e7 },
            centreLevel: header.centreLevel, metadata: metadata)
    }

    /// A tile as it is stored; `nil` where the archive has none.
    ///
    /// - Throws: `corrupt`, `notAccessible`.
    public func tile(at address: TileAddress) throws(TileArchiveError) -> [UInt8]? {
        guard let number = HilbertOrder.number(of: address) else { return nil }
        var directory = root
        for _ in 0...Self.deepest {
            guard let entry = directory.entry(for: number) else { return nil }
            if entry.run > 0 {
                guard number - entry.number < UInt64(entry.run) else { return nil }
                return try content(of: entry)
            }
            directory = try leaf(of: entry)
        }
        throw .corrupt(file.path, zh: "目录嵌套过深", en: "its directories are nested too deeply")
    }

    /// A tile as it is stored, where its directories and its bytes are in memory; `nil` otherwise, and where there is none.
    public func tileAtHand(at address: TileAddress) -> [UInt8]? {
        guard let number = HilbertOrder.number(of: address) else { return nil }
        var directory = root
        for _ in 0...Self.deepest {
            guard let entry = directory.entry(for: number) else { return nil }
            if entry.run > 0 {
                guard number - entry.number < UInt64(entry.run), let place = place(of: entry) else { return nil }
                return file.readAtHand(at: place.offset, count: place.count)
            }
            guard let leaf = leaves.withLock({ $0.directories[entry.offset] }) else { return nil }
            directory = leaf
        }
        return nil
    }

    /// Every tile in ascending order along `HilbertOrder`; tiles that share their content share the array.
    public func forEachTile(_ body: (ArchivedTile) throws -> Void) throws {
        var runs = PMTilesRuns(self)
        while let run = try runs.next() {
            for number in run.first..<run.end {
                guard let address = HilbertOrder.address(of: number) else {
                    throw TileArchiveError.corrupt(file.path, zh: "瓦片编号超出范围", en: "a tile's number is beyond all levels")
                }
                try body(ArchivedTile(address: address, bytes: run.bytes))
            }
        }
    }

    func content(of entry: PMTilesDirectory.Entry) throws(TileArchiveError) -> [UInt8] {
        guard entry.length <= UInt32(Self.tileLimit) else {
            throw .corrupt(file.path, zh: "一张瓦片长达 \(entry.length) 字节", en: "a tile has \(entry.length) bytes")
        }
        guard let place = place(of: entry) else {
            throw .corrupt(file.path, zh: "瓦片内容超出数据节", en: "a tile's content leaves the tile data")
        }
        return try file.read(at: place.offset, count: place.count)
    }

    /// Where in the file the content is; `nil` where that is beyond the tile data or longer than a tile.
    private func place(of entry: PMTilesDirectory.Entry) -> (offset: UInt64, count: Int)? {
        let (end, overflows) = entry.offset.addingReportingOverflow(UInt64(entry.length))
        guard !overflows, end <= header.tiles.length, entry.length <= UInt32(Self.tileLimit) else { return nil }
        return (header.tiles.offset + entry.offset, Int(entry.length))
    }

    func leaf(of entry: PMTilesDirectory.Entry) throws(TileArchiveError) -> PMTilesDirectory {
        if let known = leaves.withLock({ $0.directories[entry.offset] }) { return known }
        let (end, overflows) = entry.offset.addingReportingOverflow(UInt64(entry.length))
        guard !overflows, end <= header.leaves.length else {
            throw .corrupt(file.path, zh: "叶目录超出其节", en: "a leaf directory leaves its section")
        }
        let leaf = try Self.directory(file, header, at: header.leaves.offset + entry.offset, length: UInt64(entry.length))
        leaves.withLock { kept in
            if kept.entries + leaf.entries.count > Self.keptEntries { kept = KeptLeaves() }
            if kept.directories.updateValue(leaf, forKey: entry.offset) == nil { kept.entries += leaf.entries.count }
        }
        return leaf
    }

    private static func directory(
        _ file: ArchiveFile, _ header: PMTilesHeader, at offset: UInt64, length: UInt64
    ) throws(TileArchiveError) -> PMTilesDirectory {
        try PMTilesDirectory(unpacked(file, header, offset, length, limit: directoryLimit), path: file.path)
    }

    private static func unpacked(
        _ file: ArchiveFile, _ header: PMTilesHeader, _ offset: UInt64, _ length: UInt64, limit: Int
    ) throws(TileArchiveError) -> [UInt8] {
        guard length <= UInt64(limit) else {
            throw .corrupt(file.path, zh: "一节长达 \(length) 字节", en: "a section has \(length) bytes")
        }
        let bytes = try file.read(at: offset, count: Int(length))
        switch header.internalPacking {
        case .none: return bytes
        case .gzip where bytes.isEmpty: return bytes
        case .gzip:
            do {
                return try Decompressor().decompress(bytes, format: .gzip, limit: limit)
            } catch {
                throw .corrupt(file.path, zh: "目录或元数据解压失败", en: "a directory or the metadata does not unpack")
            }
        case .brotli, .zstd, .unknown:
            throw TileArchiveError(
                code: .unknownKind,
                message: .init(
                    zh: "\(file.path) 的目录用 \(header.internalPacking.rawValue) 压缩；只读 gzip 或不压缩的，请用 pmtiles 工具重新生成",
                    en: "the directories of \(file.path) are packed with \(header.internalPacking.rawValue); only gzip and none are read, make it again with the pmtiles tool"))
        }
    }
}
