import Synchronization

/// What the threads of one store share.
final class StoreState: Sendable {
    let directory: StoreDirectory
    /// Everything that changes bytes and stands in no key.
    let maker: String
    /// Bytes that the file may have in use.
    let quota: Int
    /// Bytes of the largest tile that is kept.
    var largestTile: Int { quota / 8 }
    /// Whether a tile is in use in another tier, and so not to be evicted yet.
    let isInUse: @Sendable (TileKey) -> Bool
    let report: @Sendable (StoreEvent) -> Void
    let counters = StoreCounters()

    private let number = Atomic<Int>(0)
    private let used = Mutex<[Int64]>([])

    /// Uses that are remembered until the next batch; a sample is enough.
    private static let usesRemembered = 4096

    init(
        directory: StoreDirectory, maker: String, quota: Int, isInUse: @escaping @Sendable (TileKey) -> Bool, report: @escaping @Sendable (StoreEvent) -> Void
    ) {
        self.directory = directory
        self.maker = maker
        self.quota = quota
        self.isInUse = isInUse
        self.report = report
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

    func noteUse(of tile: Int64) {
        used.withLock { if $0.count < Self.usesRemembered { $0.append(tile) } }
    }

    func takeUses() -> [Int64] {
        used.withLock { used in
            defer { used.removeAll(keepingCapacity: true) }
            return used
        }
    }
}
