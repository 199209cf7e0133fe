public import Tiling

/// An archive of tiles in one file, whatever its kind.
public enum TileArchive: Sendable {
    case pmtiles(PMTilesArchive)
    case mbtiles(MBTilesArchive)

    /// Opens an archive by what its first bytes say.
    ///
    /// - Throws: `TileArchiveError`.
    public init(path: String) throws(TileArchiveError) { try self.init(file: try ArchiveFile(path: path)) }

    /// Reads an archive in an open file; of MBTiles the file that has its name.
    ///
    /// - Parameter isWatched: whether the caller looks at the file's stamp after every read and drops what it read from a file that was
    ///   written to: nothing is locked then.
    /// - Throws: `TileArchiveError`.
    public init(file: ArchiveFile, isWatched: Bool = false) throws(TileArchiveError) {
        let head = try file.read(at: 0, count: Int(min(file.length, 16)))
        if head.starts(with: Array("SQLite format 3".utf8)) {
            self = .mbtiles(try MBTilesArchive(path: file.path, isWatched: isWatched))
        } else {
            self = .pmtiles(try PMTilesArchive(file: file))
        }
    }

    public var path: String {
        switch self {
        case .pmtiles(let archive): archive.path
        case .mbtiles(let archive): archive.path
        }
    }

    /// All tiles in the order of `HilbertOrder`.
    ///
    /// - Throws: `corrupt`, `notAccessible`.
    public func runs() throws(TileArchiveError) -> any TileRuns {
        switch self {
        case .pmtiles(let archive): PMTilesRuns(archive)
        case .mbtiles(let archive): try MBTilesRuns(archive)
        }
    }

    public var description: TileArchiveDescription {
        switch self {
        case .pmtiles(let archive): archive.description
        case .mbtiles(let archive): archive.description
        }
    }

    /// A tile as it is stored; `nil` where the archive has none.
    ///
    /// - Throws: `corrupt`, `notAccessible`.
    public func tile(at address: TileAddress) throws(TileArchiveError) -> [UInt8]? {
        switch self {
        case .pmtiles(let archive): try archive.tile(at: address)
        case .mbtiles(let archive): try archive.tile(at: address)
        }
    }

    /// A tile as it is stored, without waiting: where an event loop may ask.
    ///
    /// - Returns: `nil` where somebody has to wait, where the archive has none, or where `tile` has something to say.
    public func tileAtHand(at address: TileAddress) -> [UInt8]? {
        switch self {
        case .pmtiles(let archive): archive.tileAtHand(at: address)
        case .mbtiles(let archive): archive.tileAtHand(at: address)
        }
    }

    /// Every tile, in the order of the archive.
    ///
    /// - Returns: how many entries were passed over because they are no tiles of a quadtree.
    @discardableResult
    public func forEachTile(_ body: (ArchivedTile) throws -> Void) throws -> Int {
        switch self {
        case .pmtiles(let archive):
            try archive.forEachTile(body)
            return 0
        case .mbtiles(let archive): return try archive.forEachTile(body)
        }
    }
}
