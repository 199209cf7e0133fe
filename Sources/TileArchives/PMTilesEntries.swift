import Wording

/// The entries for tiles of a PMTiles archive in ascending order, leaf directories followed where they come.
///
/// Every leaf must hold entries between its own number and that of the next, so that none is read twice: directories that
/// name one another or themselves end in an error after as many steps as they have entries.
struct PMTilesEntries {
    private struct OpenDirectory {
        let entries: [PMTilesDirectory.Entry]
        /// The number that none of its entries reaches.
        let end: UInt64
        var next = 0
    }

    private let archive: PMTilesArchive
    private var open: [OpenDirectory]
    /// The number behind the last tile so far.
    private var reached: UInt64 = 0

    init(_ archive: PMTilesArchive) {
        self.archive = archive
        open = [OpenDirectory(entries: archive.root.entries, end: HilbertOrder.end)]
    }

    /// The next entry, whose run is 1 or more; `nil` at the end.
    ///
    /// - Throws: `corrupt` where entries overlap, lie outside their directory or beyond all levels, or directories nest too
    ///   deeply.
    mutating func next() throws(TileArchiveError) -> PMTilesDirectory.Entry? {
        while var directory = open.popLast() {
            guard directory.next < directory.entries.count else { continue }
            let entry = directory.entries[directory.next]
            directory.next += 1
            let end = directory.next < directory.entries.count ? directory.entries[directory.next].number : directory.end
            open.append(directory)
            guard entry.number >= reached, entry.number < end else {
                throw .corrupt(archive.path, zh: "目录项重叠或超出范围", en: "entries of its directories overlap or lie out of range")
            }
            if entry.run > 0 {
                let (after, overflows) = entry.number.addingReportingOverflow(UInt64(entry.run))
                guard !overflows, after <= end else {
                    throw .corrupt(archive.path, zh: "目录项重叠或超出范围", en: "entries of its directories overlap or lie out of range")
                }
                reached = after
                return entry
            }
            try descend(into: entry, end: end)
        }
        return nil
    }

    private mutating func descend(into entry: PMTilesDirectory.Entry, end: UInt64) throws(TileArchiveError) {
        guard open.count <= PMTilesArchive.deepest else {
            throw .corrupt(archive.path, zh: "目录嵌套过深", en: "its directories are nested too deeply")
        }
        let leaf = try archive.leaf(of: entry)
        guard let first = leaf.entries.first, first.number >= entry.number else {
            throw .corrupt(archive.path, zh: "叶目录与所指不符", en: "a leaf directory is not the one that was named")
        }
        open.append(OpenDirectory(entries: leaf.entries, end: end))
    }
}

/// The runs of a PMTiles archive, each content read when its turn comes.
struct PMTilesRuns: TileRuns {
    private let archive: PMTilesArchive
    private var entries: PMTilesEntries

    init(_ archive: PMTilesArchive) {
        self.archive = archive
        entries = PMTilesEntries(archive)
    }

    mutating func next() throws(TileArchiveError) -> TileRun? {
        guard let entry = try entries.next() else { return nil }
        return TileRun(first: entry.number, count: UInt64(entry.run), bytes: try archive.content(of: entry))
    }
}
