public import SeedJobs

/// Where the tiles of a job go. Used by one run at a time in a process, and by any number of processes.
public protocol SeedTarget: Sendable {
    /// What an earlier go at a block, which was ended before its chunk was done, has left there.
    ///
    /// - Returns: `nil` where the block is to be made: it is not there, was made from another version, or has failed tiles.
    func kept(_ block: SeedBlock, pass: Int, version: UInt64) async throws -> SeedTally?

    /// Keeps the tiles of a block: whole or not at all, and so that a killed process does not lose them.
    func keep(_ tiles: [SeededTile], of block: SeedBlock, claim: ChunkClaim) async throws

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
    /// What was kept of these blocks cannot be read: places in the order of their passes.
    case damaged([(pass: Int, place: Int)])
}
