import SQLite
import Wording

/// The one writer of a store, on a thread of its own.
///
/// Where another process writes, it drops what comes, and takes over when the other process has ended.
actor StoreWriter {
    private let state: StoreState
    private let queue: WriteQueue
    private let thread: StoreThread
    private var lock: FileLock?
    private var database: StoreDatabase?
    private var restsUntil: ContinuousClock.Instant?
    private var triedLast: ContinuousClock.Instant?
    private var isClosed = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    private static let bytesAtOnce = 8 << 20
    private static let tilesAtOnce = 512
    /// After a failure, and between attempts to take over.
    private let pause: Duration

    init(state: StoreState, queue: WriteQueue, pause: Duration) {
        self.state = state
        self.queue = queue
        self.pause = pause
        thread = StoreThread(name: "store-write")
    }

    deinit { thread.end() }

    // MARK: Opening

    /// Opens the store, to write where nobody else does.
    ///
    /// - Throws: `TileStoreError` where the directory cannot be used.
    func open() throws(TileStoreError) {
        try state.directory.make()
        guard try takeLock() else {
            state.report(.reading)
            return read()
        }
        try openAsWriter()
    }

    private func takeLock() throws(TileStoreError) -> Bool {
        triedLast = .now
        switch FileLock.take(path: state.directory.lockPath) {
        case .taken(let taken): lock = taken
        case .held: lock = nil
        case .notMade:
            lock = nil
            throw TileStoreError(
                message: .init(
                    zh: "\(state.directory.lockPath) 无法创建；请检查本用户可否写入数据目录、磁盘是否已满",
                    en: "\(state.directory.lockPath) cannot be made; check that this user may write to the data directory and that the disk has room"))
        }
        state.counters.count { $0.isWriter = lock != nil }
        return lock != nil
    }

    /// Reads what another process writes, where it is of use to this one.
    private func read() {
        do {
            guard let number = try state.directory.latest() else { return }
            _ = try StoreDatabase.open(state.directory, number: number, maker: state.maker, forWriting: false)
            state.setCurrent(number)
        } catch is StoreDatabase.Refusal {
            return  // made by another program: this one does without until it writes itself
        } catch {
            state.report(.writesFail("\(error)"))
        }
    }

    private func openAsWriter() throws(TileStoreError) {
        let former = try state.directory.latest()
        if let former {
            do {
                return try use(StoreDatabase.open(state.directory, number: former, maker: state.maker, forWriting: true))
            } catch let refusal as StoreDatabase.Refusal {
                try state.directory.remove(former)
                if case .otherMaker = refusal { state.report(.emptied) }
            } catch let error where Self.isDamage(error) {
                try setAsideFile(former, "\(error)")
            } catch {
                throw unusable(error)
            }
        }
        try create((former ?? 0) + 1)
    }

    private func create(_ number: Int) throws(TileStoreError) {
        do {
            try use(StoreDatabase.create(state.directory, number: number, maker: state.maker))
        } catch {
            throw unusable(error)
        }
    }

    private func use(_ database: StoreDatabase) throws {
        self.database = database
        do { try commit([]) } catch {
            self.database = nil
            throw error
        }
        state.setCurrent(database.number)
    }

    private func unusable(_ error: any Error) -> TileStoreError { .unusable(state.directory.path, error) }

    // MARK: Writing

    /// Writes all there is.
    func drain() async {
        while true {
            let tiles = queue.take(bytes: Self.bytesAtOnce, count: Self.tilesAtOnce)
            if tiles.isEmpty { return }
            write(tiles)
            await Task.yield()
        }
    }

    /// Writes all there is and lets go of the file and of the right to write to it.
    func close() async {
        await drain()
        isClosed = true
        state.setCurrent(nil)
        do {
            // The file alone holds everything then, for whoever copies it.
            try database?.connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
        } catch {
            report(error)
        }
        database = nil
        lock = nil
        state.counters.count { $0.isWriter = false }
    }

    private func write(_ tiles: [WriteQueue.PendingTile]) {
        let isResting = restsUntil.map { .now < $0 } ?? false
        guard isReady(), !isResting else { return countDropped(tiles) }
        do {
            try commit(tiles)
            if restsUntil != nil {
                restsUntil = nil
                state.report(.writesAgain)
            }
        } catch {
            countDropped(tiles)
            fail(error)
        }
    }

    /// Writes these tiles, all or none, also where writing has just failed.
    func writeNow(_ tiles: [WriteQueue.PendingTile]) throws(TileStoreError) {
        try use { _ in try commit(tiles) }
    }

    /// What lies under the keys in the file that this process writes to.
    func read(_ keys: [TileKey]) throws(TileStoreError) -> [StoreFinding] {
        try use { database in try keys.map { try database.row($0)?.finding(for: $0) ?? .none } }
    }

    /// What was written is on the disk, whatever becomes of the machine.
    func settle() throws(TileStoreError) {
        try use { database in try database.connection.run("PRAGMA wal_checkpoint(PASSIVE)") }
    }

    private func use<Output>(_ body: (StoreDatabase) throws -> Output) throws(TileStoreError) -> Output {
        guard isReady(), let database else { throw .notWritable(state.directory.path) }
        do {
            return try body(database)
        } catch {
            fail(error)
            throw unusable(error)
        }
    }

    /// Whether this process has the store open for writing, now at the latest.
    private func isReady() -> Bool {
        if database != nil { return true }
        if isClosed { return false }
        if let triedLast, .now - triedLast < pause { return false }
        do {
            if lock == nil {
                guard try takeLock() else { return false }
                state.report(.tookOver)
            }
            triedLast = .now
            try openAsWriter()
            return true
        } catch {
            report(error)
            return false
        }
    }

    private func commit(_ tiles: [WriteQueue.PendingTile]) throws {
        guard let database else { preconditionFailure("nothing is written where nothing is open") }
        let uses = state.takeUses()
        var batch = StoreBatch(database, isInUse: state.isInUse)
        let needed = tiles.reduce(0) { $0 + $1.tile.body.count + 700 }
        try database.connection.transaction { _ in
            try batch.noteUses(uses)
            try batch.evict(to: max(0, state.quota - needed))
            for tile in tiles { try batch.write(tile) }
            try batch.evict(to: state.quota)
        }
        try settleAccount(database, written: batch.written, evictions: batch.evictions)
    }

    private func settleAccount(_ database: StoreDatabase, written: Int, evictions: Int) throws {
        let pages = try database.connection.integer("PRAGMA page_count") ?? 0
        // A quota that was lowered gives its room back by and by.
        if Int(pages) * 4096 > state.quota { try database.connection.run("PRAGMA incremental_vacuum(2048)") }
        let account = try database.account()
        let bytes = try database.bytesInUse()
        state.counters.count {
            $0.tiles = account.tiles
            $0.contentBytes = account.bytes
            $0.bytes = bytes
            $0.written += written
            $0.evictions += evictions
        }
    }

    // MARK: Faults

    private func countDropped(_ tiles: [WriteQueue.PendingTile]) {
        state.counters.count { $0.dropped += tiles.count }
    }

    private func fail(_ error: any Error) {
        if let number = database?.number, Self.isDamage(error) {
            setAside(number, reason: "\(error)")
        } else {
            report(error)
        }
    }

    static func isDamage(_ error: any Error) -> Bool { (error as? SQLiteError)?.isDamage == true || error is ContentDamage }

    private func report(_ error: any Error) {
        if restsUntil == nil { state.report(.writesFail("\(error)")) }
        restsUntil = .now + pause
    }

    /// Puts an empty store in the place of the damaged one.
    func setAside(_ number: Int, reason: String) {
        do {
            guard lock != nil || isClosed else { return try leave(number) }
            guard database?.number == number else { return }
            database = nil
            try setAsideFile(number, reason)
            try create(number + 1)
        } catch {
            report(error)
        }
    }

    /// Another process writes and finds the damage itself; this one reads its next file, or does without.
    private func leave(_ number: Int) throws(TileStoreError) {
        guard state.current == number else { return }
        let latest = try state.directory.latest()
        state.setCurrent(latest == number ? nil : latest)
    }

    private func setAsideFile(_ number: Int, _ reason: String) throws(TileStoreError) {
        state.setCurrent(nil)
        state.counters.count { $0.damaged += 1 }
        try state.directory.setAside(number)
        state.report(.setAside(path: state.directory.damagedPath, reason: reason))
    }
}
