import Crypto
import Glibc
import SQLite
public import Tiling
import Wording

/// Writes an MBTiles archive, version 1.3, each content once: `tiles` is a view over `map` and `images`, as its own tools make
/// it.
///
/// The file has a temporary name until it is whole; tiles may come in any order.
public struct MBTilesWriter: ~Copyable {
    private static let batch = 2000

    private let path: String
    private let temporaryPath: String
    private let connection: Connection
    private var isFinished = false
    private var inTransaction = 0
    private var levels: ClosedRange<Int>?
    public private(set) var count = 0

    /// - Throws: `notAccessible`, `storageFull`.
    public init(path: String) throws(TileArchiveError) {
        let temporary = try PartialFile.name(for: path)
        unsafe unlink(temporary)
        connection = try Self.prepared(temporary)
        self.path = path
        temporaryPath = temporary
    }

    private static func prepared(_ path: String) throws(TileArchiveError) -> Connection {
        let connection = try opened(path)
        do {
            // Nobody reads the file before it has its name, and it is made again where this one dies.
            for sql in [
                "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA application_id = 0x4d504258",
                "CREATE TABLE metadata (name TEXT NOT NULL PRIMARY KEY, value TEXT)",
                // With row ids: a page of an index holds hardly a content, and a tile would lie seven pages deep.
                "CREATE TABLE images (tile_id TEXT NOT NULL PRIMARY KEY, tile_data BLOB NOT NULL)",
                "CREATE TABLE map (zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL, "
                    + "tile_id TEXT NOT NULL, PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID",
                "CREATE VIEW tiles AS SELECT map.zoom_level AS zoom_level, map.tile_column AS tile_column, "
                    + "map.tile_row AS tile_row, images.tile_data AS tile_data FROM map JOIN images ON images.tile_id = map.tile_id",
                "BEGIN",
            ] { try connection.execute(sql) }
        } catch {
            throw MBTilesArchive.refusal(path, error)
        }
        return connection
    }

    private static func opened(_ path: String) throws(TileArchiveError) -> Connection {
        do {
            return try Connection(path: path, access: .readWriteOrCreate)
        } catch {
            throw MBTilesArchive.refusal(path, error)
        }
    }

    deinit {
        if !isFinished { unsafe unlink(temporaryPath) }
    }

    /// Adds one tile; one without bytes is not stored.
    ///
    /// - Throws: `notStorable` for an address that is no quadtree's or was written before; else as `init`.
    public mutating func append(_ bytes: [UInt8], at address: TileAddress) throws(TileArchiveError) {
        guard let row = MBTilesArchive.flipped(address.row, level: address.level),
            (0..<1 << address.level).contains(address.column)
        else {
            throw TileArchiveError(
                code: .notStorable,
                message: .init(
                    zh: "MBTiles 只存四叉树瓦片，不能存第 \(address.level) 级第 \(address.column) 列第 \(address.row) 行",
                    en: "MBTiles holds tiles of a quadtree, not level \(address.level), column \(address.column), row \(address.row)"))
        }
        guard !bytes.isEmpty else { return }
        try insert(address, row: row, content: try keep(bytes))
    }

    /// Adds a run; one without bytes is not stored.
    ///
    /// - Throws: as the other.
    public mutating func append(_ run: TileRun) throws(TileArchiveError) {
        guard !run.bytes.isEmpty else { return }
        let content = try keep(run.bytes)
        for number in run.first..<run.end {
            guard let address = HilbertOrder.address(of: number),
                let row = MBTilesArchive.flipped(address.row, level: address.level)
            else { preconditionFailure("a run's numbers are tiles of a quadtree") }
            try insert(address, row: row, content: content)
        }
    }

    /// Stores a content unless it is there.
    ///
    /// - Returns: its id.
    private func keep(_ bytes: [UInt8]) throws(TileArchiveError) -> String {
        let id = SHA256.hash(data: bytes).prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        do {
            try connection.withStatement("INSERT OR IGNORE INTO images VALUES (?, ?)") { statement in
                try statement.bind(id, at: 1)
                try unsafe bytes.withUnsafeBytes { try unsafe statement.bind(blob: $0, at: 2) }
                _ = try statement.step()
            }
        } catch {
            throw MBTilesArchive.refusal(temporaryPath, error)
        }
        return id
    }

    private mutating func insert(_ address: TileAddress, row: Int, content: String) throws(TileArchiveError) {
        do {
            try connection.run(
                "INSERT INTO map VALUES (?, ?, ?, ?)",
                [.integer(Int64(address.level)), .integer(Int64(address.column)), .integer(Int64(row)), .text(content)])
            inTransaction += 1
            if inTransaction >= Self.batch {
                try connection.execute("COMMIT")
                try connection.execute("BEGIN")
                inTransaction = 0
            }
        } catch {
            throw MBTilesArchive.refusal(temporaryPath, error)
        }
        count += 1
        let (first, last) = (levels?.lowerBound ?? address.level, levels?.upperBound ?? address.level)
        levels = min(first, address.level)...max(last, address.level)
    }

    /// Writes the metadata, makes the file durable and gives it its name.
    ///
    /// - Parameter description: of which all but the packing counts; levels are those of the tiles.
    public mutating func finish(_ description: TileArchiveDescription) throws(TileArchiveError) {
        var description = description
        description.levels = levels ?? description.levels
        do {
            for (name, value) in Self.rows(description) {
                try connection.run("INSERT INTO metadata VALUES (?, ?)", [.text(name), .text(value)])
            }
            try connection.execute("COMMIT")
        } catch {
            throw MBTilesArchive.refusal(temporaryPath, error)
        }
        let descriptor = unsafe open(temporaryPath, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveFile.refusal(temporaryPath, writing: true) }
        defer { close(descriptor) }
        try PartialFile.takeName(descriptor, from: temporaryPath, to: path)
        isFinished = true
    }

    /// Texts are rows of their own; what is no text goes into `json`.
    static func rows(_ description: TileArchiveDescription) -> [(String, String)] {
        var texts: [String: String] = [:]
        var others = ArchiveMetadata()
        for (name, value) in description.metadata.members {
            if let text = description.metadata[name] { texts[name] = text } else { others.set(name, json: value) }
        }
        if !others.members.isEmpty { texts["json"] = others.json }
        if texts["name"] == nil { texts["name"] = "workmap" }
        texts["format"] =
            switch description.kind {
            case .mvt: "pbf"
            case .jpeg: "jpg"
            case .png, .webp, .avif, .unknown: description.kind.rawValue
            }
        texts["bounds"] = description.bounds.map { "\($0)" }.joined(separator: ",")
        texts["center"] = (description.centre.map { "\($0)" } + ["\(description.centreLevel)"]).joined(separator: ",")
        texts["minzoom"] = "\(description.levels.lowerBound)"
        texts["maxzoom"] = "\(description.levels.upperBound)"
        return texts.sorted { $0.key < $1.key }
    }
}
