import Synchronization

/// What the threads of one store share.
final class StoreState: Sendable {
    let directory: StoreDirectory
    /// Everything that changes bytes and stands in no key.
    let maker: String
    /// Bytes that the file may have in use.
    let quota: Int
    let journal: DirtyJournal
    /// Whether a tile is in use in another tier, and so not to be evicted yet.
    let isInUse: @Sendable (TileKey) -> Bool
    let report: @Sendable (StoreEvent) -> Void
    let counters = StoreCounters()

    private let number = Atomic<Int>(0)
    private let applied: Atomic<UInt64>
    private let used = Mutex<[Int64]>([])
    private let notes = Mutex<[String: String]>([:])

    /// Uses that are remembered until the next batch; a sample is enough.
    private static let usesRemembered = 4096

    init(
        directory: StoreDirectory, maker: String, quota: Int, journal: DirtyJournal,
        isInUse: @escaping @Sendable (TileKey) -> Bool, report: @escaping @Sendable (StoreEvent) -> Void
    ) {
        self.directory = directory
        self.maker = maker
        self.quota = quota
        self.journal = journal
        self.isInUse = isInUse
        self.report = report
        applied = Atomic(journal.generation.number)
    }

    /// The number of the database that may be read; `nil` while there is none.
    var current: Int? {
        let number = number.load(ordering: .acquiring)
        return number == 0 ? nil : number
    }

    func setCurrent(_ new: Int?) {
        used.withLock { $0.removeAll() }
        number.store(new ?? 0, ordering: .releasing)
    }

    /// Every change up to this one is in the file; later ones are known to the journal alone.
    var appliedGeneration: CacheGeneration { CacheGeneration(applied.load(ordering: .acquiring)) }

    func setApplied(_ generation: CacheGeneration) { applied.store(generation.number, ordering: .releasing) }

    func noteUse(of tile: Int64) {
        used.withLock { if $0.count < Self.usesRemembered { $0.append(tile) } }
    }

    func takeUses() -> [Int64] {
        used.withLock { used in
            defer { used.removeAll(keepingCapacity: true) }
            return used
        }
    }

    func note(for name: String) -> String? { notes.withLock { $0[name] } }

    var allNotes: [String: String] { notes.withLock { $0 } }

    func setNotes(_ new: [String: String]) { notes.withLock { $0 = new } }

    func add(_ new: [String: String]) { notes.withLock { $0.merge(new) { $1 } } }
}
