import Compression
import Glibc
public import Tiling
import Wording

/// Writes a PMTiles archive, version 3: clustered, each content once, tiles side by side with one content as one run.
///
/// Tiles come in the order of `HilbertOrder`. The file has a temporary name until it is whole and on the disk, and the same
/// tiles always give the same bytes.
public struct PMTilesWriter: ~Copyable {
    /// Entries of a leaf directory.
    private static let leafEntries = 4096

    private struct Place {
        var offset: UInt64
        var length: UInt32
    }

    private let path: String
    private let temporaryPath: String
    private var descriptor: Int32
    private let packing: ArchivedTilePacking
    private let kind: ArchivedTileKind
    private var entries: [PMTilesDirectory.Entry] = []
    /// By the first 128 bits of the content's SHA-256.
    private var places: [UInt128: Place] = [:]
    private var tileBytes: UInt64 = 0
    private var addressed: UInt64 = 0
    private var pending: [UInt8] = []
    private var levels: ClosedRange<Int>?

    /// - Throws: `notAccessible`, `storageFull`.
    public init(path: String, kind: ArchivedTileKind, packing: ArchivedTilePacking) throws(TileArchiveError) {
        let temporary = try PartialFile.name(for: path)
        descriptor = try Self.opened(temporary)
        self.path = path
        self.kind = kind
        self.packing = packing
        temporaryPath = temporary
    }

    private static func opened(_ path: String) throws(TileArchiveError) -> Int32 {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ArchiveFile.refusal(path, writing: true) }
        return descriptor
    }

    deinit {
        // Left open only when writing failed or was given up.
        if descriptor >= 0 {
            close(descriptor)
            unsafe unlink(temporaryPath)
        }
    }

    /// Tiles written so far.
    public var count: Int { Int(addressed) }

    /// Adds one tile, which must follow the last one; one without bytes is not stored.
    ///
    /// - Parameter bytes: packed as was said.
    /// - Throws: `notStorable` where the address is out of order or no quadtree's; else as `init`.
    public mutating func append(_ bytes: [UInt8], at address: TileAddress) throws(TileArchiveError) {
        guard let number = HilbertOrder.number(of: address) else {
            throw TileArchiveError(
                code: .notStorable,
                message: .init(
                    zh: "PMTiles 只存四叉树瓦片，不能存第 \(address.level) 级第 \(address.column) 列第 \(address.row) 行",
                    en: "PMTiles holds tiles of a quadtree, not level \(address.level), column \(address.column), row \(address.row)"))
        }
        try append(TileRun(first: number, count: 1, bytes: bytes))
    }

    /// Adds a run, which must follow the last one; one without bytes is not stored.
    ///
    /// - Throws: as the other.
    public mutating func append(_ run: TileRun) throws(TileArchiveError) {
        let next = entries.last.map { $0.number + UInt64($0.run) } ?? 0
        guard run.first >= next, run.first < HilbertOrder.end, run.count <= HilbertOrder.end - run.first else {
            throw TileArchiveError(
                code: .notStorable,
                message: .init(zh: "瓦片须按 Hilbert 次序写入", en: "tiles are written in the order of the Hilbert curve"))
        }
        guard !run.bytes.isEmpty, run.count > 0 else { return }
        let place = try place(of: run.bytes)
        addressed += run.count
        let (first, last) = (HilbertOrder.level(of: run.first), HilbertOrder.level(of: run.end - 1))
        levels = (levels?.lowerBound ?? first)...last
        var (number, rest) = (run.first, run.count)
        if let last = entries.last, number == next, last.offset == place.offset, last.length == place.length {
            let joined = min(rest, UInt64(UInt32.max - last.run))
            entries[entries.count - 1].run += UInt32(joined)
            (number, rest) = (number + joined, rest - joined)
        }
        while rest > 0 {
            let part = min(rest, UInt64(UInt32.max))
            entries.append(PMTilesDirectory.Entry(number: number, offset: place.offset, length: place.length, run: UInt32(part)))
            (number, rest) = (number + part, rest - part)
        }
    }

    private mutating func place(of bytes: [UInt8]) throws(TileArchiveError) -> Place {
        let content = ArchiveCensus.content(bytes)
        if let known = places[content] { return known }
        let place = Place(offset: tileBytes, length: UInt32(bytes.count))
        places[content] = place
        tileBytes += UInt64(bytes.count)
        pending += bytes
        if pending.count >= 1 << 20 { try flush() }
        return place
    }

    private mutating func flush() throws(TileArchiveError) {
        try write(pending, at: UInt64(PMTilesHeader.rootLimit) + tileBytes - UInt64(pending.count))
        pending.removeAll(keepingCapacity: true)
    }

    /// Writes directories and header, makes the file durable and gives it its name.
    ///
    /// - Parameter description: of which bounds, centre and metadata count; levels are those of the tiles.
    public mutating func finish(_ description: TileArchiveDescription) throws(TileArchiveError) {
        try flush()
        let (root, leaves) = directories()
        let metadata = Self.packed(Array(description.metadata.json.utf8))
        let start = UInt64(PMTilesHeader.rootLimit)
        var header = PMTilesHeader()
        header.root = .init(offset: UInt64(PMTilesHeader.length), length: UInt64(root.count))
        header.tiles = .init(offset: start, length: tileBytes)
        header.metadata = .init(offset: start + tileBytes, length: UInt64(metadata.count))
        header.leaves = .init(offset: header.metadata.offset + header.metadata.length, length: UInt64(leaves.count))
        header.addressedTiles = addressed
        header.tileEntries = UInt64(entries.count)
        header.tileContents = UInt64(places.count)
        header.isClustered = true
        header.internalPacking = .gzip
        header.tilePacking = packing
        header.kind = kind
        header.levels = levels ?? description.levels
        header.bounds = description.bounds.map { Int32(($0 * 1e7).rounded()) }
        header.centre = description.centre.map { Int32(($0 * 1e7).rounded()) }
        header.centreLevel = description.centreLevel
        try write(metadata, at: header.metadata.offset)
        try write(leaves, at: header.leaves.offset)
        let head = header.bytes + root
        try write(head + [UInt8](repeating: 0, count: PMTilesHeader.rootLimit - head.count), at: 0)
        try PartialFile.takeName(descriptor, from: temporaryPath, to: path)
        close(descriptor)
        descriptor = -1
    }

    /// The root directory packed, and the leaves one after the other where the root cannot hold all entries.
    private func directories() -> (root: [UInt8], leaves: [UInt8]) {
        let room = PMTilesHeader.rootLimit - PMTilesHeader.length
        let whole = Self.packed(PMTilesDirectory(entries: entries).bytes)
        if whole.count <= room { return (whole, []) }
        var size = Self.leafEntries
        while true {
            var leaves: [UInt8] = []
            var root: [PMTilesDirectory.Entry] = []
            for start in stride(from: 0, to: entries.count, by: size) {
                let part = Array(entries[start..<min(entries.count, start + size)])
                let leaf = Self.packed(PMTilesDirectory(entries: part).bytes)
                root.append(
                    PMTilesDirectory.Entry(
                        number: part[0].number, offset: UInt64(leaves.count), length: UInt32(leaf.count), run: 0))
                leaves += leaf
            }
            let packed = Self.packed(PMTilesDirectory(entries: root).bytes)
            if packed.count <= room { return (packed, leaves) }
            size *= 2
        }
    }

    private static func packed(_ bytes: [UInt8]) -> [UInt8] { Compressor(level: 9).compress(bytes, format: .gzip) }

    private func write(_ bytes: [UInt8], at offset: UInt64) throws(TileArchiveError) {
        var done = 0
        while done < bytes.count {
            let n = unsafe bytes.withUnsafeBytes { source in
                unsafe pwrite(descriptor, source.baseAddress.map { unsafe $0 + done }, bytes.count - done, off_t(offset) + off_t(done))
            }
            if n < 0, errno == EINTR { continue }
            guard n > 0 else { throw ArchiveFile.refusal(temporaryPath, writing: true) }
            done += n
        }
    }
}
