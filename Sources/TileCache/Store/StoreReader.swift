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
        guard let row = try database.row(key) else { return .none }
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
}
