/// Encoded tiles on disk, in one SQLite file of our own: each content once, bounded in bytes, one writer and many readers.
///
/// - Reading waits for the disk on threads of the store's own. Writing is behind: a tile is queued and written with others;
///   where the queue is full it is dropped and counted, so that production never waits.
/// - A tile that does not agree with its hash is never given: the file is set aside, and an empty one takes its place.
/// - A second process on the same directory reads, and writes once the first has ended.
/// - No clock is read: tiles leave by the order in which they came and were used.
public final class TileStore: Sendable {
    private let state: StoreState
    private let queue: WriteQueue
    private let writer: StoreWriter
    private let readers: [StoreReader]
    private let pool: ReaderPool
    private let patience: Duration

    /// How a store runs; what an operator or a test may set.
    public struct Settings: Sendable {
        /// Bytes that its file may have in use, its overhead included; beside it lies a log of some megabytes.
        public var quota: Int
        /// Everything that changes bytes and stands in no key: the program, its fonts, its rules. A store of another
        /// maker is emptied.
        public var maker: String
        public var readers = 4
        /// Bytes that may wait to be written.
        public var queueBytes = 32 << 20
        /// Tiles that may wait to be written.
        public var queueCount = 4096
        /// How long a tile is waited for before it is taken for missing.
        public var patience = Duration.milliseconds(500)
        /// How long nothing is tried after a failure to write, or to take over from another process.
        public var pause = Duration.seconds(5)

        public init(quota: Int, maker: String) {
            self.quota = quota
            self.maker = maker
        }
    }

    /// Opens the store of a directory, made when it is not there.
    ///
    /// - Parameters:
    ///   - isInUse: whether a tile, its versions aside, is in use in another tier; it is not evicted then.
    ///   - report: told what belongs into the log.
    /// - Throws: `TileStoreError` where the directory cannot be used.
    public init(
        directory: String, settings: Settings, isInUse: @escaping @Sendable (TileKey) -> Bool = { _ in false }, report: @escaping @Sendable (StoreEvent) -> Void = { _ in }
    ) async throws {
        precondition(settings.quota > 0 && settings.readers > 0, "a store has room and a reader")
        let state = StoreState(
            directory: StoreDirectory(path: directory), maker: settings.maker, quota: settings.quota, isInUse: isInUse,
            report: report)
        self.state = state
        queue = WriteQueue(byteLimit: settings.queueBytes, countLimit: settings.queueCount)
        writer = StoreWriter(state: state, queue: queue, pause: settings.pause)
        readers = (0..<settings.readers).map { StoreReader(number: $0, state: state) }
        pool = ReaderPool(count: settings.readers)
        patience = settings.patience
        try await writer.open()
    }

    /// Bytes that its file may have in use.
    public var quota: Int { state.quota }

    public var statistics: StoreStatistics { state.counters.now }

    // MARK: Reading

    /// The tile, if this version of it is here.
    public func tile(for key: TileKey) async -> EncodedTile? { await find(key).fresh }

    /// Another version of the tile, as before a change of its data or style.
    public func staleTile(for key: TileKey) async -> EncodedTile? { await find(key).stale }

    /// What is here under the key; nothing where the disk does not answer in time.
    public func find(_ key: TileKey) async -> StoreFinding {
        guard let number = state.current else { return count(.none) }
        let look = Task { () -> StoreFinding? in
            guard let index = await pool.take() else { return nil }
            defer { pool.giveBack(index) }
            return try await readers[index].find(key, number: number)
        }
        do {
            let answer = try await look.value(within: patience)
            if answer == nil { pool.gaveUp() }
            guard let finding = answer ?? nil else {
                state.counters.count { $0.unanswered += 1 }
                return .none
            }
            return count(finding)
        } catch {
            await found(error, in: number)
            return count(.none)
        }
    }

    private func count(_ finding: StoreFinding) -> StoreFinding {
        state.counters.count { if finding.fresh != nil { $0.hits += 1 } else { $0.misses += 1 } }
        return finding
    }

    private func found(_ error: any Error, in number: Int) async {
        if StoreWriter.isDamage(error) { await writer.setAside(number, reason: "\(error)") }
    }

    // MARK: Writing

    /// Hands a tile over to be written; never waits.
    public func store(_ tile: EncodedTile, for key: TileKey) {
        guard !tile.isPassing, tile.body.count <= state.largestTile else { return }
        switch queue.add(.init(key: key, tile: tile)) {
        case .taken(isFirst: true):
            Task { [writer] in
                // Tiles come in flocks: what comes within a moment is written together.
                do { try await Task.sleep(for: .milliseconds(50)) } catch { return await writer.drain() }
                await writer.drain()
            }
        case .taken(isFirst: false): break
        case .full: state.counters.count { $0.dropped += 1 }
        }
    }

    /// Writes tiles before it returns, all or none of them; waits its turn and drops nothing.
    ///
    /// For whoever has to know that they are there, such as a job that goes through them by the thousand.
    ///
    /// - Precondition: none is for the moment alone.
    /// - Throws: `TileStoreError` where another process writes, the disk is full or refuses, or a tile is too large for the quota.
    public func write(_ tiles: [(key: TileKey, tile: EncodedTile)]) async throws {
        precondition(tiles.allSatisfy { !$0.tile.isPassing }, "what is for the moment alone is not kept")
        guard tiles.allSatisfy({ $0.tile.body.count <= state.largestTile }) else { throw TileStoreError.tooSmall(state.quota) }
        try await writer.writeNow(tiles.map { WriteQueue.PendingTile(key: $0.key, tile: $0.tile) })
    }

    /// What lies in the file under these keys, read however slow the disk; counts as no use.
    ///
    /// - Throws: `TileStoreError` where another process writes, or the file cannot be read.
    public func read(_ keys: [TileKey]) async throws -> [StoreFinding] { try await writer.read(keys) }

    /// Makes what is written outlive the machine's power too.
    ///
    /// - Throws: `TileStoreError`.
    public func settle() async throws { try await writer.settle() }

    /// Writes what waits.
    public func flush() async { await writer.drain() }

    /// Writes what waits and lets another process write; what comes afterwards is dropped.
    public func close() async { await writer.close() }

    // MARK: For tests of a slow disk

    /// Keeps a reader busy with `body`, as a disk that does not answer would, out of the idle ones; returns once it is.
    func blockReader(_ body: @escaping @Sendable () -> Void) async -> Task<Void, Never> {
        guard let index = await pool.take() else { preconditionFailure("no reader is idle") }
        return Task {
            await readers[index].occupy(body)
            pool.giveBack(index)
        }
    }

    /// Keeps the reader that is asked next busy with `body` before it looks.
    func blockNextRead(_ body: @escaping @Sendable () -> Void) async {
        guard let index = pool.next else { preconditionFailure("no reader is idle") }
        let began = AsyncStream<Void>.makeStream()
        Task {
            await readers[index].occupy {
                began.continuation.finish()
                body()
            }
        }
        for await _ in began.stream {}
    }
}
