import Synchronization

/// The latest changes of the data in their order, shared by all tiers of one cache.
///
/// Tells of a tile that was begun some generations ago whether a change has touched it since. Changes further back than
/// the journal reaches are answered with yes: a tile made once more costs time, a stale one costs trust.
public final class DirtyJournal: Sendable {
    private struct Entries {
        var marks: [StaleMark] = []
        /// Marks that were dropped from the front: the first of `marks` is that of generation `dropped + 1`.
        var dropped: UInt64 = 0
        var blocks = 0
    }

    private let entries = Mutex(Entries())
    private let latest = Atomic<UInt64>(0)
    private let markLimit: Int
    private let blockLimit: Int

    /// - Parameters:
    ///   - markLimit: changes remembered.
    ///   - blockLimit: rectangles of all of them.
    public init(markLimit: Int = 2048, blockLimit: Int = 1 << 18) {
        precondition(markLimit > 0 && blockLimit > 0, "a journal remembers something")
        self.markLimit = markLimit
        self.blockLimit = blockLimit
    }

    /// To be taken before the data that a tile is made of.
    public var generation: CacheGeneration { CacheGeneration(latest.load(ordering: .acquiring)) }

    /// Writes a change down; every tile begun before is outdated where the change contains it.
    func add(_ mark: StaleMark) -> CacheGeneration {
        entries.withLock { entries in
            entries.marks.append(mark)
            entries.blocks += mark.blockCount
            var surplus = 0
            while entries.marks.count - surplus > 1,
                entries.marks.count - surplus > markLimit || entries.blocks > blockLimit
            {
                entries.blocks -= entries.marks[surplus].blockCount
                surplus += 1
            }
            if surplus > 0 {
                entries.marks.removeFirst(surplus)
                entries.dropped += UInt64(surplus)
            }
            let number = entries.dropped + UInt64(entries.marks.count)
            latest.store(number, ordering: .releasing)
            return CacheGeneration(number)
        }
    }

    /// Whether a change after `generation` has touched the tile, or may have.
    func isOutdated(_ key: TileKey, since generation: CacheGeneration) -> Bool {
        guard generation.number != latest.load(ordering: .acquiring) else { return false }
        return entries.withLock { entries in
            guard generation.number >= entries.dropped else { return true }
            let known = Int(clamping: generation.number - entries.dropped)
            return known < entries.marks.count && entries.marks[known...].contains { $0.contains(key) }
        }
    }
}
