public import SeedJobs

/// Where the tiles of a job go. Used by one run at a time in a process, and by any number of processes.
public protocol SeedTarget: Sendable {
    /// Whether there may be tiles already that are not of this job.
    nonisolated var isShared: Bool { get }

    /// What there is of a block: an earlier go at it may have left it, which was ended before its chunk was done.
    ///
    /// - Parameters:
    ///   - version: of what the pass is made from now.
    ///   - map: the same as it is served.
    /// - Returns: `nil` where the block is to be made: it is not there, was made from another version, or has failed tiles.
    func kept(_ block: SeedBlock, pass: Int, version: UInt64, map: LiveMap) async throws -> SeedTally?

    /// Keeps the tiles of a block: whole or not at all, and so that a killed process does not lose them.
    ///
    /// - Parameter map: that they were made from.
    func keep(_ tiles: [SeededTile], of block: SeedBlock, claim: ChunkClaim, map: LiveMap) async throws

    /// Makes what was kept outlive the machine's power too.
    func settle() async throws

    /// Puts together what all processes have kept, reads it back and compares it with the journal's account.
    func finish(_ job: JobRecord, map: LiveMap, versions: [UInt64], journal: JobJournal) async throws -> SeedEnding

    /// Drops what was kept; what is finished stays.
    func discard() async throws
}

/// What putting together came to.
public enum SeedEnding: Sendable {
    case finished([SeededArchive])
    /// What was kept of these blocks cannot be read: places in the order of their passes. None where the data have changed once more,
    /// so that another look tells what is to be made.
    case damaged([(pass: Int, place: Int)])
}
