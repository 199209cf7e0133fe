/// Decoded blocks of images, the least recently used leaving first.
struct BlockCache {
    struct Key: Hashable {
        var sheet: Int
        var level: Int
        var column: Int
        var row: Int
    }

    private struct Entry {
        /// `nil` for a block without image.
        var words: [UInt32]?
        var lastUse: Int
    }

    private var entries: [Key: Entry] = [:]
    private var clock = 0
    private var bytes = 0
    private let capacityInBytes: Int

    init(capacityInBytes: Int) { self.capacityInBytes = capacityInBytes }

    mutating func words<Failure>(_ key: Key, orElse decode: () throws(Failure) -> [UInt32]?) throws(Failure) -> [UInt32]? {
        clock += 1
        if let known = entries[key] {
            entries[key]?.lastUse = clock
            return known.words
        }
        let words = try decode()
        entries[key] = Entry(words: words, lastUse: clock)
        bytes += cost(words)
        if bytes > capacityInBytes { dropOldest() }
        return words
    }

    private func cost(_ words: [UInt32]?) -> Int { (words?.count ?? 0) * 4 + 128 }

    /// Drops the least recently used until three quarters are left; the newest stays in any case.
    private mutating func dropOldest() {
        for (key, entry) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard bytes > capacityInBytes / 4 * 3, entry.lastUse != clock else { return }
            entries[key] = nil
            bytes -= cost(entry.words)
        }
    }
}
