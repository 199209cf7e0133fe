import Crypto
import Tiling

/// How many tiles an archive has, level by level.
public struct ArchiveCensus: Sendable, Equatable {
    public struct Level: Sendable, Equatable {
        public var level: Int
        public var tiles: UInt64 = 0
        /// As they are stored, each tile counted, whether or not another has the same content.
        public var bytes: UInt64 = 0
    }

    /// Levels with tiles, ascending.
    public private(set) var levels: [Level] = []
    /// Different contents.
    public private(set) var contents = 0
    /// Of the different contents as they are stored.
    public private(set) var contentBytes: UInt64 = 0
    private var known: Set<UInt128> = []

    public var tiles: UInt64 { levels.reduce(0) { $0 + $1.tiles } }

    public static func == (a: ArchiveCensus, b: ArchiveCensus) -> Bool {
        a.levels == b.levels && a.contents == b.contents && a.contentBytes == b.contentBytes
    }

    /// - Parameter content: what tells it from others.
    mutating func count(_ numbers: Range<UInt64>, content: UInt128, length: Int) {
        HilbertOrder.forEachLevel(of: numbers) { level, part in
            if levels.last?.level != level { levels.append(Level(level: level)) }
            levels[levels.count - 1].tiles += UInt64(part.count)
            levels[levels.count - 1].bytes += UInt64(part.count) * UInt64(length)
        }
        if known.insert(content).inserted {
            contents += 1
            contentBytes += UInt64(length)
        }
    }
}

extension TileArchive {
    /// Counts the tiles; of PMTiles by its directories alone.
    ///
    /// - Throws: `corrupt`, `notAccessible`.
    public func census() throws(TileArchiveError) -> ArchiveCensus {
        var census = ArchiveCensus()
        switch self {
        case .pmtiles(let archive):
            var entries = PMTilesEntries(archive)
            while let entry = try entries.next() { census.count(entry.numbers, content: entry.content, length: Int(entry.length)) }
        case .mbtiles(let archive):
            var runs = try MBTilesRuns(archive)
            while let run = try runs.next() {
                census.count(run.first..<run.end, content: ArchiveCensus.content(run.bytes), length: run.bytes.count)
            }
        }
        return census
    }
}

extension ArchiveCensus {
    /// What tells a content from all others: the first 128 bits of its SHA-256.
    static func content(_ bytes: [UInt8]) -> UInt128 { SHA256.hash(data: bytes).prefix(16).reduce(0) { $0 << 8 | UInt128($1) } }
}

extension PMTilesDirectory.Entry {
    var numbers: Range<UInt64> { number..<number + UInt64(run) }
    /// What tells its content from that of entries elsewhere.
    var content: UInt128 { UInt128(offset) << 32 | UInt128(length) }
}
