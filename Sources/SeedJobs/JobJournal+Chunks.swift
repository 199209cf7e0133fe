import SQLite

/// What asking for work comes to.
public enum ClaimAnswer: Sendable, Equatable {
    case chunk(ChunkClaim)
    /// The rest is being made by other processes that run.
    case othersAtWork
    /// Every chunk is done.
    case nothingLeft
    /// The job is in a state in which nothing is made.
    case stopped(JobState)
}

extension JobJournal {
    /// The next chunk for a process: one that was given up or has become stale, one whose process is dead, or a new one.
    ///
    /// - Parameter versions: of the data that each pass is made from now.
    public func claim(_ job: Int64, by process: ProcessIdentity, versions: [UInt64]) throws(JobError) -> ClaimAnswer {
        try write { connection in
            guard let record = try Self.job(job, connection) else { throw JobError.unknown(job) }
            guard record.state == .running else { return .stopped(record.state) }
            try Self.openChunksOfTheDead(job, connection)
            guard let (pass, blocks, attempts) = try Self.nextOpen(job, connection) ?? Self.nextFresh(record, connection) else {
                let isLeft = try connection.integer(
                    "SELECT count(*) FROM job_blocks WHERE job = ? AND state <> 'done'", [.integer(job)])
                return isLeft == 0 ? .nothingLeft : .othersAtWork
            }
            precondition(versions.indices.contains(pass), "a version is known of every pass")
            try connection.run(
                """
                INSERT INTO job_blocks VALUES (?, ?, ?, ?, 'claimed', ?, ?, ?, 0, 0, 0, 0, 0, '0')
                ON CONFLICT (job, pass, first_block) DO UPDATE SET state = excluded.state, claimant = excluded.claimant,
                    attempts = excluded.attempts, version = excluded.version
                """,
                [
                    .integer(job), .number(pass), .number(blocks.lowerBound), .number(blocks.count), .text(process.text),
                    .number(attempts + 1), .text(String(versions[pass], radix: 16)),
                ])
            return .chunk(ChunkClaim(job: job, pass: pass, blocks: blocks, attempt: attempts + 1, version: versions[pass]))
        }
    }

    private static func openChunksOfTheDead(_ job: Int64, _ connection: borrowing Connection) throws {
        for claimant in try claimants(job, connection) where !(ProcessIdentity(text: claimant)?.isAlive ?? false) {
            try connection.run(
                "UPDATE job_blocks SET state = 'open', claimant = NULL WHERE job = ? AND state = 'claimed' AND claimant = ?",
                [.integer(job), .text(claimant)])
        }
    }

    private typealias Chunk = (pass: Int, blocks: Range<Int>, attempts: Int)

    private static func nextOpen(_ job: Int64, _ connection: borrowing Connection) throws -> Chunk? {
        try connection.rows(
            """
            SELECT pass, first_block, block_count, attempts FROM job_blocks WHERE job = ? AND state = 'open'
            ORDER BY pass, first_block LIMIT 1
            """, [.integer(job)]
        ) { row -> Chunk in
            let first = Int(row.integer(at: 1))
            return (Int(row.integer(at: 0)), first..<(first + Int(row.integer(at: 2))), Int(row.integer(at: 3)))
        }.first
    }

    private static func nextFresh(_ job: JobRecord, _ connection: borrowing Connection) throws -> Chunk? {
        let next = try connection.rows(
            "SELECT pass, next_block, blocks FROM job_passes WHERE job = ? AND next_block < blocks ORDER BY pass LIMIT 1",
            [.integer(job.number)]
        ) { row in (pass: Int(row.integer(at: 0)), next: Int(row.integer(at: 1)), blocks: Int(row.integer(at: 2))) }.first
        guard let next else { return nil }
        let end = min(next.blocks, next.next + job.chunkBlocks)
        try connection.run(
            "UPDATE job_passes SET next_block = ? WHERE job = ? AND pass = ?", [.number(end), .integer(job.number), .number(next.pass)])
        return (next.pass, next.next..<end, 0)
    }

    /// Notes that a chunk is done.
    ///
    /// - Returns: whether the claim still held; where it does not, somebody else makes the chunk and this account is dropped.
    public func complete(
        _ claim: ChunkClaim, by process: ProcessIdentity, tally: SeedTally, failures: [JobFailure]
    ) throws(JobError) -> Bool {
        try write { connection in
            try connection.run(
                """
                UPDATE job_blocks SET state = 'done', claimant = NULL, made = ?, empty = ?, known_empty = ?, failed = ?, bytes = ?,
                    digest = ? WHERE job = ? AND pass = ? AND first_block = ? AND state = 'claimed' AND claimant = ? AND attempts = ?
                """,
                [
                    .number(tally.made), .number(tally.empty), .number(tally.knownEmpty), .number(tally.failed), .number(tally.bytes),
                    .text(String(tally.digest, radix: 16)), .integer(claim.job), .number(claim.pass), .number(claim.blocks.lowerBound),
                    .text(process.text), .number(claim.attempt),
                ])
            guard connection.changes == 1 else { return false }
            try Self.replaceFailures(of: claim, by: failures, connection)
            return true
        }
    }

    private static func replaceFailures(of claim: ChunkClaim, by failures: [JobFailure], _ connection: borrowing Connection) throws {
        let chunk: [SQLiteValue] = [.integer(claim.job), .number(claim.pass), .number(claim.blocks.lowerBound)]
        let before = try connection.rows(
            "SELECT tile_row, tile_column, attempts FROM job_failures WHERE job = ? AND pass = ? AND first_block = ?", chunk
        ) { row in ([row.integer(at: 0), row.integer(at: 1)], row.integer(at: 2)) }
        let attempts = Dictionary(uniqueKeysWithValues: before)
        try connection.run("DELETE FROM job_failures WHERE job = ? AND pass = ? AND first_block = ?", chunk)
        for failure in failures {
            let earlier = attempts[[Int64(failure.row), Int64(failure.column)]] ?? 0
            try connection.run(
                "INSERT INTO job_failures VALUES (?, ?, ?, ?, ?, ?, ?)",
                chunk + [.number(failure.row), .number(failure.column), .text(failure.reason), .integer(earlier + 1)])
        }
    }

    /// Gives up what a process has claimed and not done.
    public func release(_ job: Int64, by process: ProcessIdentity) throws(JobError) {
        try write { connection in
            try connection.run(
                "UPDATE job_blocks SET state = 'open', claimant = NULL WHERE job = ? AND state = 'claimed' AND claimant = ?",
                [.integer(job), .text(process.text)])
        }
    }

    /// Opens the done chunks that were made from other data than there are now.
    ///
    /// - Parameter versions: of the data that each pass is made from now.
    /// - Returns: how many.
    public func openStale(_ job: Int64, versions: [UInt64]) throws(JobError) -> Int {
        try write { connection in
            var stale = 0
            for (pass, version) in versions.enumerated() {
                try connection.run(
                    "UPDATE job_blocks SET state = 'open' WHERE job = ? AND pass = ? AND state = 'done' AND version <> ?",
                    [.integer(job), .number(pass), .text(String(version, radix: 16))])
                stale += connection.changes
            }
            return stale
        }
    }

    /// Opens the chunks with failed tiles.
    ///
    /// - Returns: how many.
    public func openFailed(_ job: Int64) throws(JobError) -> Int {
        try write { connection in
            try connection.run(
                "UPDATE job_blocks SET state = 'open' WHERE job = ? AND state = 'done' AND failed > 0", [.integer(job)])
            return connection.changes
        }
    }

    /// Opens the chunk that a block belongs to, because what was kept of it cannot be read.
    public func openChunk(_ job: Int64, pass: Int, block: Int) throws(JobError) {
        try write { connection in
            try connection.run(
                """
                UPDATE job_blocks SET state = 'open' WHERE job = ? AND pass = ? AND state = 'done' AND first_block <= ?
                    AND first_block + block_count > ?
                """, [.integer(job), .number(pass), .number(block), .number(block)])
        }
    }

    /// The tiles that failed, by pass, row and column.
    ///
    /// - Parameter limit: how many at most; `nil` for all.
    public func failures(of job: Int64, limit: Int? = nil) throws(JobError) -> [JobFailure] {
        try read { connection in
            try connection.rows(
                """
                SELECT pass, tile_row, tile_column, reason, attempts FROM job_failures WHERE job = ?
                ORDER BY pass, tile_row, tile_column LIMIT ?
                """, [.integer(job), .integer(limit.map { Int64($0) } ?? .max)]
            ) { row in
                JobFailure(
                    pass: Int(row.integer(at: 0)), row: Int(row.integer(at: 1)), column: Int(row.integer(at: 2)), reason: row.text(at: 3),
                    attempts: Int(row.integer(at: 4)))
            }
        }
    }

    /// Whether this process is the one to put together what all have made: one at a time, and the next when it is dead.
    public func claimEnd(_ job: Int64, by process: ProcessIdentity) throws(JobError) -> Bool {
        try write { connection in
            let finisher = try connection.text("SELECT finisher FROM jobs WHERE number = ?", [.integer(job)])
            if let finisher, finisher != process.text, ProcessIdentity(text: finisher)?.isAlive ?? false { return false }
            try connection.run("UPDATE jobs SET finisher = ? WHERE number = ?", [.text(process.text), .integer(job)])
            return true
        }
    }

    /// Gives up putting together.
    public func releaseEnd(_ job: Int64, by process: ProcessIdentity) throws(JobError) {
        try write { connection in
            try connection.run(
                "UPDATE jobs SET finisher = NULL WHERE number = ? AND finisher = ?", [.integer(job), .text(process.text)])
        }
    }
}
