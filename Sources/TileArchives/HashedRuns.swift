import Crypto

/// The runs of an archive of which parts may be taken, hashed as they go by, so that two archives can be walked side by side.
struct HashedRuns: ~Copyable {
    private var source: any TileRuns
    private var contents: TileContents
    private var hasher = ContentHasher()
    /// What comes next; `nil` at the end.
    private(set) var head: TileRun?

    /// Nothing is taken before `start`.
    init(_ archive: TileArchive, _ runs: any TileRuns) {
        source = runs
        contents = TileContents(of: archive)
    }

    mutating func start() throws(TileArchiveError) { head = try source.next() }

    /// Of the head's content, which must be there.
    mutating func digest() throws(TileArchiveError) -> SHA256Digest {
        guard let head else { preconditionFailure("there is no content behind the end") }
        return try contents.digest(head.bytes)
    }

    /// Takes the first `count` tiles of the head, which must have them.
    mutating func take(_ count: UInt64) throws(TileArchiveError) -> TileRun {
        guard var run = head, count > 0, count <= run.count else { preconditionFailure("no more can be taken of a run than it has") }
        hasher.append(first: run.first, count: count, digest: try contents.digest(run.bytes))
        if count == run.count {
            head = try source.next()
        } else {
            head?.first += count
            head?.count -= count
        }
        run.count = count
        return run
    }

    /// The bytes as an archive with that packing stores them.
    func stored(_ bytes: [UInt8], as packing: ArchivedTilePacking) throws(TileArchiveError) -> [UInt8] {
        try contents.stored(bytes, as: packing)
    }

    /// Of everything taken so far.
    func hash() -> ArchiveContentHash {
        var hasher = hasher
        return hasher.finish()
    }
}
