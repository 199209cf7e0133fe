import SQLite
import Tiling

/// Writes tiles inside one transaction.
struct StoreBatch: ~Copyable {
    private let database: StoreDatabase
    private let isInUse: (TileKey) -> Bool
    private var series: [String: Int64] = [:]
    private(set) var written = 0
    private(set) var evictions = 0
    /// How many tiles may still be spared because they are in use.
    private var chances = 2048

    init(_ database: StoreDatabase, isInUse: @escaping (TileKey) -> Bool) {
        self.database = database
        self.isInUse = isInUse
    }

    // MARK: Tiles

    mutating func write(_ pending: WriteQueue.PendingTile) throws {
        let (key, tile) = (pending.key, pending.tile)
        let series = try series(of: key)
        try removeTile(series, key.address)
        let blob = try blob(tile)
        try database.connection.withStatement(
            """
            INSERT INTO tiles (series, level, "row", "column", blob, seal, style_version, data_version, format, is_gzip, is_empty,
              made_of, left_out) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { statement in
            try statement.bind([
                .integer(series), .integer(Int64(key.address.level)), .integer(Int64(key.address.row)),
                .integer(Int64(key.address.column)), .integer(blob), .integer(StoredTile.seal(of: tile, for: key)),
                .integer(Int64(bitPattern: key.styleVersion)), .integer(Int64(bitPattern: key.dataVersion)),
                .text(tile.format.storedName), .integer(tile.isGzip ? 1 : 0), .integer(tile.isEmpty ? 1 : 0),
                .integer(Int64(bitPattern: tile.dataVersion)), .text(tile.leftOutText),
            ])
            _ = try statement.step()
        }
        written += 1
    }

    private mutating func series(of key: TileKey) throws -> Int64 {
        let names = [key.map, key.matrixSet, key.format.storedName, key.policyClass]
        let name = names.joined(separator: "\0")
        if let known = series[name] { return known }
        let values = names.map(SQLiteValue.text)
        try database.connection.run(
            "INSERT OR IGNORE INTO series (map, matrix_set, format, policy_class) VALUES (?, ?, ?, ?)", values)
        let id = try database.connection.integer(
            "SELECT id FROM series WHERE map = ? AND matrix_set = ? AND format = ? AND policy_class = ?", values)
        guard let id else { throw ContentDamage(description: "a series is not there after it was written") }
        series[name] = id
        return id
    }

    private func blob(_ tile: EncodedTile) throws -> Int64 {
        if let known = try database.connection.integer("SELECT id FROM blobs WHERE tag = ?", [.text(tile.entityTag)]) { return known }
        try database.connection.withStatement("INSERT INTO blobs (tag, length, bytes) VALUES (?, ?, ?)") { statement in
            try statement.bind(tile.entityTag, at: 1)
            try statement.bind(Int64(tile.body.count), at: 2)
            try unsafe tile.body.withUnsafeBytes { try unsafe statement.bind(blob: $0, at: 3) }
            _ = try statement.step()
        }
        guard let id = try database.connection.integer("SELECT last_insert_rowid()") else {
            throw ContentDamage(description: "a blob has no number")
        }
        return id
    }

    private func removeTile(_ series: Int64, _ address: TileAddress) throws {
        let place: [SQLiteValue] = [
            .integer(series), .integer(Int64(address.level)), .integer(Int64(address.row)), .integer(Int64(address.column)),
        ]
        let former = try database.connection.withStatement(
            "SELECT id, blob FROM tiles WHERE series = ? AND level = ? AND \"row\" = ? AND \"column\" = ?"
        ) { statement -> (id: Int64, blob: Int64)? in
            try statement.bind(place)
            return try statement.step() ? (statement.integer(at: 0), statement.integer(at: 1)) : nil
        }
        if let former { try remove(former.id, blob: former.blob) }
    }

    private func remove(_ tile: Int64, blob: Int64) throws {
        try database.connection.run("DELETE FROM tiles WHERE id = ?", [.integer(tile)])
        try database.connection.run(
            "DELETE FROM blobs WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM tiles WHERE blob = ?1)", [.integer(blob)])
    }

    /// Remembers that tiles were asked for.
    func noteUses(_ tiles: [Int64]) throws {
        for tile in tiles { try database.connection.run("UPDATE tiles SET is_used = 1 WHERE id = ? AND is_used = 0", [.integer(tile)]) }
    }

    // MARK: Quota

    /// Evicts until the file has no more than `goal` bytes in use.
    ///
    /// Tiles leave in the order in which they came, so that whole pages become free; one that was used since, or is in use
    /// in memory, goes to the end of the line instead.
    mutating func evict(to goal: Int) throws {
        while try database.bytesInUse() > goal {
            let line = try headOfLine()
            if line.isEmpty { return }
            for tile in line {
                if chances > 0, tile.isUsed || isInUse(tile.key) {
                    chances -= 1
                    try database.connection.run(
                        "UPDATE tiles SET id = (SELECT max(id) + 1 FROM tiles), is_used = 0 WHERE id = ?", [.integer(tile.id)])
                } else {
                    try remove(tile.id, blob: tile.blob)
                    evictions += 1
                }
            }
        }
    }

    private struct Candidate {
        var id: Int64
        var blob: Int64
        var isUsed: Bool
        var key: TileKey
    }

    private func headOfLine() throws -> [Candidate] {
        try database.connection.withStatement(
            """
            SELECT t.id, t.blob, t.is_used, t.level, t."row", t."column", s.map, s.matrix_set, s.format, s.policy_class
            FROM tiles t JOIN series s ON s.id = t.series ORDER BY t.id LIMIT 16
            """
        ) { statement in
            var line: [Candidate] = []
            while try statement.step() {
                guard let format = TileFormat(storedName: statement.text(at: 8)) else {
                    throw ContentDamage(description: "a series has no format")
                }
                let address = TileAddress(
                    level: Int(statement.integer(at: 3)), row: Int(statement.integer(at: 4)), column: Int(statement.integer(at: 5)))
                let key = TileKey(
                    map: statement.text(at: 6), matrixSet: statement.text(at: 7), address: address, format: format, styleVersion: 0,
                    dataVersion: 0, policyClass: statement.text(at: 9))
                line.append(
                    Candidate(
                        id: statement.integer(at: 0), blob: statement.integer(at: 1), isUsed: statement.integer(at: 2) != 0,
                        key: key))
            }
            return line
        }
    }
}
