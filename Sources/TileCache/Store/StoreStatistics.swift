import Synchronization

/// What a store holds and how it fares.
public struct StoreStatistics: Sendable, Equatable {
    public var tiles = 0
    /// Bytes of its file in use, overhead included; never more than its quota after a batch.
    public var bytes = 0
    /// Bytes of the tiles' contents, each content once.
    public var contentBytes = 0
    public var hits = 0
    /// Tiles that are not here, or in a former version only.
    public var misses = 0
    /// Tiles not looked for because every reader was waiting for the disk, or not waited for longer.
    public var unanswered = 0
    public var written = 0
    public var evictions = 0
    /// Tiles not written: the queue was full, the disk too, or another process writes.
    public var dropped = 0
    /// How often it was damaged and made anew.
    public var damaged = 0
    /// Whether this process writes to it.
    public var isWriter = false

    public init() {}
}

/// The same, counted by many threads.
final class StoreCounters: Sendable {
    private let statistics = Mutex(StoreStatistics())

    func count(_ change: (inout StoreStatistics) -> Void) { statistics.withLock { change(&$0) } }

    var now: StoreStatistics { statistics.withLock { $0 } }
}
