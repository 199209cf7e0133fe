import FoundationEssentials
import SQLite
import Synchronization
public import Tiling
import Wording

/// Reads an MBTiles archive, version 1.3: a SQLite file whose `tiles` is a table, or a view over contents kept once.
///
/// Rows are counted from below in the file (TMS) and from above here.
public final class MBTilesArchive: Sendable {
    public let description: TileArchiveDescription
    let path: String
    /// Steps that finding one tile may take: what a table without an index takes, for no row has less than a few bytes.
    private let stepsOfATile: Int
    /// One at least. The first is what readers wait for; any that is free serves those who do not wait.
    private let readers: [Reader]

    private static let readerCount = 4
    /// Steps of one tile that nobody waits for: some milliseconds at most.
    private static let stepsAtHand = 10_000

    /// Whether nothing is locked, because the caller watches the file.
    private let isAtRest: Bool

    /// A connection, which has one user at a time.
    private final class Reader: Sendable {
        struct OpenDatabase: ~Copyable {
            let connection: Connection
        }

        let database: Mutex<OpenDatabase>

        init(_ connection: consuming sending Connection) { database = Mutex(OpenDatabase(connection: connection)) }
    }

    /// - Parameter isWatched: as `TileArchive` has it.
    /// - Throws: `TileArchiveError`.
    public init(path: String, isWatched: Bool = false) throws(TileArchiveError) {
        self.path = path
        stepsOfATile = 1_000_000 + (try Self.size(path))
        isAtRest = isWatched ? try Self.isAtRest(path) : false
        let access: Connection.Access = isAtRest ? .immutable : .readOnly
        let opened = try Self.opened(path, access)
        do {
            description = try Self.describe(opened, path: path)
        } catch {
            throw Self.refusal(path, error)
        }
        var readers = [Reader(opened)]
        while isAtRest, readers.count < Self.readerCount { readers.append(Reader(try Self.opened(path, access))) }
        self.readers = readers
    }

    /// Whether all of the archive is in its file: no write-ahead log, and no transaction that a killed writer left.
    private static func isAtRest(_ path: String) throws(TileArchiveError) -> Bool {
        // The versions of the format for writing and reading: 1 with a journal, 2 with a write-ahead log.
        let file = try ArchiveFile(path: path)
        let versions = file.length < 20 ? [] : try file.read(at: 18, count: 2)
        return versions == [1, 1] && !["-journal", "-wal"].contains { FileManager.default.fileExists(atPath: path + $0) }
    }

    private static func opened(_ path: String, _ access: Connection.Access = .readOnly) throws(TileArchiveError) -> Connection {
        do {
            // No row of a table takes less than a few bytes, and no value more than all of them: what costs more than these
            // comes out of a view that has no end.
            let size = try size(path)
            return try Connection(
                path: path, access: access, limits: StatementLimits(steps: 20_000_000 + 8 * size, valueBytes: max(16 << 20, size)))
        } catch {
            throw refusal(path, error)
        }
    }

    private static func size(_ path: String) throws(TileArchiveError) -> Int {
        Int(clamping: min(try FileStamp(path: path).size, 1 << 50))
    }

    /// A tile as it is stored; `nil` where the archive has none.
    ///
    /// - Throws: `corrupt`, `notAccessible`.
    public func tile(at address: TileAddress) throws(TileArchiveError) -> [UInt8]? {
        guard let row = Self.flipped(address.row, level: address.level) else { return nil }
        return try read { try tile(address, row, of: $0, steps: stepsOfATile) }
    }

    /// A tile as it is stored, without waiting for another reader; `nil` where all of them are at work, where the archive has none,
    /// where `tile` has something to say, and for a file that is not at rest or takes long to search.
    ///
    /// What SQLite needs of the file may still have to come from a disk: for tiles that were read not long ago.
    public func tileAtHand(at address: TileAddress) -> [UInt8]? {
        guard isAtRest, let row = Self.flipped(address.row, level: address.level) else { return nil }
        for step in readers.indices {
            let reader = readers[(address.column &+ address.row &+ step) % readers.count]
            do {
                let found = try reader.database.withLockIfAvailable { try tile(address, row, of: $0.connection, steps: Self.stepsAtHand) }
                if let found { return found }
            } catch {
                return nil  // told to those who wait for the tile
            }
        }
        return nil
    }

    private func tile(_ address: TileAddress, _ row: Int, of database: borrowing Connection, steps: Int) throws -> [UInt8]? {
        try database.withStatement(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?", steps: steps
        ) { statement in
            try statement.bind(Int64(address.level), at: 1)
            try statement.bind(Int64(address.column), at: 2)
            try statement.bind(Int64(row), at: 3)
            guard try statement.step(), !statement.isNull(at: 0) else { return nil }
            return statement.blob(at: 0)
        }
    }

    /// Lends the connection, which has one user at a time.
    func read<Result>(_ body: (borrowing Connection) throws -> sending Result) throws(TileArchiveError) -> Result {
        do {
            return try readers[0].database.withLock { database in try body(database.connection) }
        } catch {
            throw Self.refusal(path, error)
        }
    }

    /// Every tile, by level, column and row; a row of the file that is no tile of a quadtree is passed over and counted.
    ///
    /// - Returns: how many were passed over.
    public func forEachTile(_ body: (ArchivedTile) throws -> Void) throws -> Int {
        let connection = try Self.opened(path)
        return try connection.withStatement(
            "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles ORDER BY zoom_level, tile_column, tile_row"
        ) { statement in
            var strays = 0
            while try statement.step() {
                guard let address = Self.address(statement), !statement.isNull(at: 3) else {
                    strays += 1
                    continue
                }
                try body(ArchivedTile(address: address, bytes: statement.blob(at: 3)))
            }
            return strays
        }
    }

    private static func address(_ statement: borrowing Statement) -> TileAddress? {
        guard let level = Int(exactly: statement.integer(at: 0)),
            let row = flipped(Int(clamping: statement.integer(at: 2)), level: level),
            let column = Int(exactly: statement.integer(at: 1)), (0..<1 << level).contains(column)
        else { return nil }
        return TileAddress(level: level, row: row, column: column)
    }

    /// `nil` where the level has no such row.
    static func flipped(_ row: Int, level: Int) -> Int? {
        guard HilbertOrder.levels.contains(level), (0..<1 << level).contains(row) else { return nil }
        return (1 << level) - 1 - row
    }

    static let describingRows = ["format", "bounds", "center", "minzoom", "maxzoom"]

    private static func describe(_ connection: borrowing Connection, path: String) throws -> TileArchiveDescription {
        try MBTilesSchema(connection).check(path: path)
        var metadata = ArchiveMetadata()
        try connection.withStatement("SELECT name, value FROM metadata") { statement in
            while try statement.step() { metadata[statement.text(at: 0)] = statement.text(at: 1) }
        }
        // What PMTiles has at the top: `vector_layers` and their company.
        if let inner = metadata["json"], let members = try? ArchiveMetadata(json: Array(inner.utf8)).members {
            metadata["json"] = nil
            for (name, value) in members where metadata.members[name] == nil { metadata.set(name, json: value) }
        }
        let first = try connection.integer("SELECT min(zoom_level) FROM tiles").map { Int(clamping: $0) }
        let last = try connection.integer("SELECT max(zoom_level) FROM tiles").map { Int(clamping: $0) }
        guard (first ?? 0) >= 0, (last ?? 0) <= 31 else {
            throw TileArchiveError.corrupt(path, zh: "级别 \(first ?? 0)-\(last ?? 0)", en: "levels \(first ?? 0) to \(last ?? 0)")
        }
        let sample = try connection.withStatement("SELECT tile_data FROM tiles LIMIT 1") { statement in
            try statement.step() ? statement.blob(at: 0) : []
        }
        let centre = Self.numbers(metadata["center"], 3)
        let bounds = Self.numbers(metadata["bounds"], 4) ?? [-180, -85.0511288, 180, 85.0511288]
        let kind = Self.kind(metadata["format"], sample)
        // These rows are said by the description's own members, and written from them again.
        for name in Self.describingRows { metadata[name] = nil }
        return TileArchiveDescription(
            kind: kind, packing: sample.starts(with: [0x1F, 0x8B]) ? .gzip : .none,
            levels: (first ?? 0)...(last ?? 0),
            bounds: bounds,
            centre: centre.map { Array($0[..<2]) } ?? [0, 0], centreLevel: centre.flatMap { Int(exactly: $0[2]) } ?? first ?? 0,
            metadata: metadata)
    }

    private static func kind(_ format: String?, _ sample: [UInt8]) -> ArchivedTileKind {
        switch format {
        case "pbf", "mvt": .mvt
        case "png": .png
        case "jpg", "jpeg": .jpeg
        case "webp": .webp
        case nil where sample.starts(with: [0x89, 0x50, 0x4E, 0x47]): .png
        case nil where sample.starts(with: [0xFF, 0xD8, 0xFF]): .jpeg
        default: .unknown
        }
    }

    private static func numbers(_ text: String?, _ count: Int) -> [Double]? {
        guard let parts = text?.split(separator: ",").map({ Double($0.filter { $0 != " " }) }), parts.count == count else { return nil }
        let numbers = parts.compactMap { $0 }
        return numbers.count == count && numbers.allSatisfy(\.isFinite) ? numbers : nil
    }

    static func refusal(_ path: String, _ error: any Error) -> TileArchiveError {
        if let error = error as? TileArchiveError { return error }
        let text = (error as? SQLiteError)?.message ?? String(describing: error)
        switch (error as? SQLiteError)?.code {
        case .notADatabase, .error:
            return TileArchiveError(
                code: .unknownKind,
                message: .init(zh: "\(path) 不是 MBTiles 档案（\(text)）；请检查文件", en: "\(path) is not an MBTiles archive (\(text)); check the file"))
        case .corrupt:
            return .corrupt(path, zh: text, en: text)
        case .interrupted:
            return .corrupt(path, zh: "其视图没有尽头", en: "a view of it does not end")
        case .tooBig:
            return .corrupt(path, zh: "其视图给出比文件还大的值", en: "a view of it gives a value larger than the file")
        case .full:
            return TileArchiveError(
                code: .storageFull,
                message: .init(zh: "写 \(path) 时磁盘已满；请腾出空间再试", en: "the disk is full while \(path) is written; make room and try again"))
        default:
            return TileArchiveError(
                code: .notAccessible,
                message: .init(
                    zh: "瓦片档案 \(path) 无法打开或读写（\(text)）；请检查路径和权限",
                    en: "the tile archive \(path) cannot be opened, read or written (\(text)); check the path and its permissions"))
        }
    }
}

extension Statement {
    /// A copy of a column's bytes.
    borrowing func blob(at index: Int) -> [UInt8] {
        unsafe withBlob(at: index) { unsafe [UInt8]($0) }
    }
}
