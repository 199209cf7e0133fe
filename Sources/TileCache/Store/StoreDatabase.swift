import SQLite

/// One open connection to a store's database, and what it looks like inside.
///
/// Encoded bytes lie once in `blobs`, under the hash of their content; a row of `tiles` says whose they are. A tile has one
/// row whatever its versions: a later version takes the place of the former.
final class StoreDatabase {
    let connection: Connection
    let number: Int

    /// Of the layout below; a file with another one is made anew.
    private static let layout: Int64 = 2

    /// Why a file is not opened though it is sound.
    enum Refusal: Error {
        case otherLayout
        /// Another program, other fonts or other rules made its tiles.
        case otherMaker
    }

    private init(_ connection: consuming Connection, number: Int) {
        self.connection = connection
        self.number = number
    }

    /// - Parameter maker: everything that changes bytes and stands in no key.
    static func create(_ directory: StoreDirectory, number: Int, maker: String) throws -> StoreDatabase {
        let connection = try Connection(path: directory.file(number), access: .readWriteOrCreate)
        try connection.execute("PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL")
        try connection.transaction { connection in
            try connection.execute(schema)
            try connection.run("INSERT INTO about VALUES ('maker', ?)", [.text(maker)])
            try connection.execute("PRAGMA user_version = \(layout)")
        }
        try connection.execute(writing)
        return StoreDatabase(connection, number: number)
    }

    /// - Throws: `Refusal`, or what SQLite finds.
    static func open(_ directory: StoreDirectory, number: Int, maker: String, forWriting: Bool) throws -> StoreDatabase {
        // A reader of a write-ahead log keeps its place in the shared index, which it has to write to.
        let connection = try Connection(path: directory.file(number), access: .readWrite)
        try connection.execute(forWriting ? writing : reading)
        guard try connection.integer("PRAGMA user_version") == layout else { throw Refusal.otherLayout }
        guard try connection.text("SELECT text FROM about WHERE name = 'maker'") == maker else { throw Refusal.otherMaker }
        return StoreDatabase(connection, number: number)
    }

    // Never mapped into memory: a file cut short under a mapping ends the process.
    private static let common = "PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; "
    private static let reading = common + "PRAGMA query_only = ON; PRAGMA cache_size = -2048"
    /// A crash of the machine may lose the last batches, whole and in order; a kill of the process loses none.
    private static let writing =
        common + "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 16777216"

    private static let schema = """
        CREATE TABLE about (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE series (
          id INTEGER PRIMARY KEY, map TEXT NOT NULL, matrix_set TEXT NOT NULL, format TEXT NOT NULL,
          policy_class TEXT NOT NULL, UNIQUE (map, matrix_set, format, policy_class));
        CREATE TABLE blobs (
          id INTEGER PRIMARY KEY, tag TEXT NOT NULL UNIQUE, length INTEGER NOT NULL, bytes BLOB NOT NULL);
        CREATE TABLE tiles (
          id INTEGER PRIMARY KEY, series INTEGER NOT NULL, level INTEGER NOT NULL, "row" INTEGER NOT NULL,
          "column" INTEGER NOT NULL, blob INTEGER NOT NULL, seal INTEGER NOT NULL,
          is_used INTEGER NOT NULL DEFAULT 0, style_version INTEGER NOT NULL, data_version INTEGER NOT NULL,
          format TEXT NOT NULL, is_gzip INTEGER NOT NULL, is_empty INTEGER NOT NULL, made_of INTEGER NOT NULL,
          left_out TEXT NOT NULL, UNIQUE (series, level, "row", "column"));
        CREATE INDEX tiles_of_blob ON tiles (blob);
        CREATE TABLE account (tiles INTEGER NOT NULL, blobs INTEGER NOT NULL, bytes INTEGER NOT NULL);
        INSERT INTO account VALUES (0, 0, 0);
        CREATE TRIGGER tile_in AFTER INSERT ON tiles BEGIN UPDATE account SET tiles = tiles + 1; END;
        CREATE TRIGGER tile_out AFTER DELETE ON tiles BEGIN UPDATE account SET tiles = tiles - 1; END;
        CREATE TRIGGER blob_in AFTER INSERT ON blobs BEGIN
          UPDATE account SET blobs = blobs + 1, bytes = bytes + NEW.length; END;
        CREATE TRIGGER blob_out AFTER DELETE ON blobs BEGIN
          UPDATE account SET blobs = blobs - 1, bytes = bytes - OLD.length; END;
        """
}

extension StoreDatabase {
    /// Bytes of the file that hold something, overhead included; the rest is room for what comes next.
    func bytesInUse() throws -> Int {
        let pages = try connection.integer("PRAGMA page_count") ?? 0
        let free = try connection.integer("PRAGMA freelist_count") ?? 0
        return Int(pages - free) * 4096
    }

    func account() throws -> (tiles: Int, blobs: Int, bytes: Int) {
        try connection.withStatement("SELECT tiles, blobs, bytes FROM account") { statement in
            guard try statement.step() else { return (0, 0, 0) }
            return (Int(statement.integer(at: 0)), Int(statement.integer(at: 1)), Int(statement.integer(at: 2)))
        }
    }
}

extension SQLiteError {
    /// Whether the file contradicts itself or cannot be read: what it gives from here on is not to be trusted.
    ///
    /// The statements are ours and fixed, so one that suddenly makes no sense, or breaks a rule of the schema, has met damage.
    var isDamage: Bool {
        switch code {
        case .corrupt, .notADatabase, .error, .constraint: true
        // SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ, SQLITE_IOERR_CORRUPTFS.
        case .inputOutput: [266, 522, 8458].contains(extendedCode)
        default: false
        }
    }
}
