import SQLite
import Tiling

/// One reading connection on a thread of its own, which may wait for the disk.
actor StoreReader {
    private let state: StoreState
    private let thread: StoreThread
    private var database: StoreDatabase?
    private var lookUps = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// One use in so many is remembered.
    private static let usesSampled = 4

    init(number: Int, state: StoreState) {
        self.state = state
        thread = StoreThread(name: "store-read-\(number)")
    }

    deinit { thread.end() }

    /// - Parameter number: of the database to be read.
    /// - Throws: `ContentDamage`, or what SQLite finds.
    func find(_ key: TileKey, number: Int) throws -> StoreFinding {
        let database = try opened(number)
        guard let row = try Self.row(key, database.connection) else { return .none }
        let finding = try row.finding(for: key)
        lookUps += 1
        if lookUps.isMultiple(of: Self.usesSampled) { state.noteUse(of: row.id) }
        return finding
    }

    /// Runs `body` on the reader's thread, for tests that need it to wait.
    func occupy(_ body: @Sendable () -> Void) { body() }

    private func opened(_ number: Int) throws -> StoreDatabase {
        if let database, database.number == number { return database }
        database = nil
        let opened = try StoreDatabase.open(state.directory, number: number, maker: state.maker, forWriting: false)
        database = opened
        return opened
    }

    private static let query = """
        SELECT t.id, t.seal, t.style_version, t.data_version, t.format, t.is_gzip, t.is_empty, t.made_of, t.left_out, b.tag, b.bytes
        FROM series s JOIN tiles t ON t.series = s.id AND t.level = ?5 AND t."row" = ?6 AND t."column" = ?7
        LEFT JOIN blobs b ON b.id = t.blob
        WHERE s.map = ?1 AND s.matrix_set = ?2 AND s.format = ?3 AND s.policy_class = ?4
        """

    private static func row(_ key: TileKey, _ connection: borrowing Connection) throws -> StoredTile? {
        try connection.withStatement(query) { statement in
            try statement.bind(key.map, at: 1)
            try statement.bind(key.matrixSet, at: 2)
            try statement.bind(key.format.storedName, at: 3)
            try statement.bind(key.policyClass, at: 4)
            try statement.bind(Int64(key.address.level), at: 5)
            try statement.bind(Int64(key.address.row), at: 6)
            try statement.bind(Int64(key.address.column), at: 7)
            guard try statement.step() else { return nil }
            return StoredTile(
                id: statement.integer(at: 0), seal: statement.integer(at: 1), styleVersion: UInt64(bitPattern: statement.integer(at: 2)),
                dataVersion: UInt64(bitPattern: statement.integer(at: 3)),
                format: statement.text(at: 4), isGzip: statement.integer(at: 5) != 0, isEmpty: statement.integer(at: 6) != 0,
                madeOf: UInt64(bitPattern: statement.integer(at: 7)), leftOut: statement.text(at: 8),
                tag: statement.isNull(at: 9) ? nil : statement.text(at: 9), body: unsafe statement.withBlob(at: 10) { unsafe Array($0) })
        }
    }
}
