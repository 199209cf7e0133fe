import Tiling

/// In which tiles two archives differ, whatever files hold them and however they are packed.
public struct ArchiveDifference: Sendable, Equatable {
    /// Tiles of one level.
    public struct Level: Sendable, Equatable {
        public var level: Int
        public var added: UInt64 = 0
        public var removed: UInt64 = 0
        public var changed: UInt64 = 0
        public var same: UInt64 = 0
    }

    /// Levels with tiles in either, ascending.
    public private(set) var levels: [Level] = []
    public internal(set) var base: ArchiveContentHash
    public internal(set) var result: ArchiveContentHash
    public var isEmpty: Bool { base == result }

    public func total(_ count: (Level) -> UInt64) -> UInt64 { levels.reduce(0) { $0 + count($1) } }

    /// Walks both archives side by side, each content read once.
    ///
    /// - Parameter delta: where the difference is written as an archive that `ArchiveDelta.apply` takes; `nil` for nowhere.
    /// - Throws: `corrupt`, `notAccessible`, `unknownKind`; `storageFull`.
    public static func between(
        base: TileArchive, result: TileArchive, delta: String? = nil
    ) throws(TileArchiveError) -> ArchiveDifference {
        var walk = try SideBySide(base: base, result: result)
        guard let delta else { return try walk.finish { _, _ throws(TileArchiveError) in } }
        let packing = TileContents.packing(of: result.description.kind)
        let contents = TileContents(of: result)
        var writer = try TileArchiveWriter(path: delta, kind: result.description.kind, packing: packing)
        var removed: [Range<UInt64>] = []
        let difference = try walk.finish { change, run throws(TileArchiveError) in
            switch change {
            case .same: break
            case .removed: removed.append(run.first..<run.end)
            case .added, .changed:
                try writer.append(TileRun(first: run.first, count: run.count, bytes: try contents.stored(run.bytes, as: packing)))
            }
        }
        var description = result.description
        description.packing = packing
        ArchiveDelta(base: difference.base, result: difference.result, removed: removed).put(into: &description.metadata)
        try writer.finish(description)
        return difference
    }

    mutating func count(_ change: SideBySide.Change, _ numbers: Range<UInt64>) {
        HilbertOrder.forEachLevel(of: numbers) { level, part in
            if levels.last?.level != level { levels.append(Level(level: level)) }
            let (last, count) = (levels.count - 1, UInt64(part.count))
            switch change {
            case .added: levels[last].added += count
            case .removed: levels[last].removed += count
            case .changed: levels[last].changed += count
            case .same: levels[last].same += count
            }
        }
    }
}

/// Two archives walked in one order.
struct SideBySide: ~Copyable {
    enum Change { case added, removed, changed, same }

    private var base: HashedRuns
    private var result: HashedRuns

    init(base: TileArchive, result: TileArchive) throws(TileArchiveError) {
        let (old, new) = (try base.runs(), try result.runs())
        self.base = HashedRuns(base, old)
        self.result = HashedRuns(result, new)
    }

    /// Calls `body` with every stretch of tiles that have one fate, with the new content where there is one.
    mutating func finish(
        _ body: (Change, TileRun) throws(TileArchiveError) -> Void
    ) throws(TileArchiveError) -> ArchiveDifference {
        try base.start()
        try result.start()
        var difference = ArchiveDifference(base: ContentHasher.nothing, result: ContentHasher.nothing)
        while let (change, run) = try step() {
            difference.count(change, run.first..<run.end)
            try body(change, run)
        }
        (difference.base, difference.result) = (base.hash(), result.hash())
        return difference
    }

    private mutating func step() throws(TileArchiveError) -> (Change, TileRun)? {
        let (old, new) = (base.head, result.head)
        guard let new else { return try old.map { run throws(TileArchiveError) in (.removed, try base.take(run.count)) } }
        guard let old else { return (.added, try result.take(new.count)) }
        if old.first < new.first { return (.removed, try base.take(min(old.count, new.first - old.first))) }
        if new.first < old.first { return (.added, try result.take(min(new.count, old.first - new.first))) }
        let count = min(old.count, new.count)
        let (before, after) = (try base.digest(), try result.digest())
        _ = try base.take(count)
        return (before == after ? .same : .changed, try result.take(count))
    }
}
