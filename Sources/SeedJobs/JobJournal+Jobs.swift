import Glibc
import SQLite
import Wording

extension JobJournal {
    /// The job of this fingerprint that is not over, or else a new one.
    ///
    /// - Returns: the job, and whether it was there before.
    public func open(_ draft: JobDraft) throws(JobError) -> (job: JobRecord, isJoined: Bool) {
        try write { connection in
            let going = try connection.integer(
                "SELECT max(number) FROM jobs WHERE fingerprint = ? AND state NOT IN ('done', 'cancelled')", [.text(draft.fingerprint)])
            if let going, let job = try Self.job(going, connection) { return (job, true) }
            let number = (try connection.integer("SELECT max(number) FROM jobs") ?? 0) + 1
            try connection.run(
                "INSERT INTO jobs VALUES (?, ?, ?, 'running', ?, ?, ?, '', NULL)",
                [
                    .integer(number), .text(draft.specification), .text(draft.fingerprint), .text(draft.owner.rawValue),
                    .number(draft.chunkBlocks), .integer(Int64(time(nil))),
                ])
            for (place, pass) in draft.passes.enumerated() { try Self.insert(pass, place, number, connection) }
            guard let job = try Self.job(number, connection) else { preconditionFailure("a row just written is there") }
            return (job, false)
        }
    }

    private static func insert(_ pass: JobPass, _ place: Int, _ job: Int64, _ connection: borrowing Connection) throws {
        try connection.run(
            "INSERT INTO job_passes VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            [
                .integer(job), .number(place), .text(pass.matrixSet), .text(pass.format), .number(pass.level), .number(pass.blocks),
                .number(pass.tiles),
            ])
        for (block, requests) in pass.heat.sorted(by: { $0.key < $1.key }) {
            try connection.run(
                "INSERT INTO job_heat VALUES (?, ?, ?, ?)", [.integer(job), .number(place), .number(block), .number(requests)])
        }
    }

    /// - Throws: `unknownJob`.
    public func job(_ number: Int64) throws(JobError) -> JobRecord {
        guard let job = try read({ try Self.job(number, $0) }) else { throw .unknown(number) }
        return job
    }

    /// The latest job of a fingerprint that has failed tiles and whose spool is still there for them.
    public func lastWithFailures(fingerprint: String) throws(JobError) -> JobRecord? {
        try read { connection in
            let number = try connection.integer(
                "SELECT max(number) FROM jobs WHERE fingerprint = ? AND state <> 'cancelled' AND number IN (SELECT job FROM job_failures)",
                [.text(fingerprint)])
            return try number.flatMap { try Self.job($0, connection) }
        }
    }

    /// All jobs, the latest first.
    public func jobs() throws(JobError) -> [JobRecord] {
        try read { connection in
            let numbers = try connection.rows("SELECT number FROM jobs ORDER BY number DESC", []) { $0.integer(at: 0) }
            return try numbers.compactMap { try Self.job($0, connection) }
        }
    }

    static func job(_ number: Int64, _ connection: borrowing Connection) throws -> JobRecord? {
        try connection.rows(
            "SELECT specification, state, owner, chunk_blocks, created_seconds, message FROM jobs WHERE number = ?", [.integer(number)]
        ) { row in
            guard let state = JobState(rawValue: row.text(at: 1)), let owner = JobOwner(rawValue: row.text(at: 2)) else {
                throw JobError(
                    code: .storageDamaged,
                    message: LocalisedText(zh: "作业 \(number) 的状态无法识别", en: "the state of job \(number) is not known"))
            }
            return JobRecord(
                number: number, specification: row.text(at: 0), state: state, owner: owner, chunkBlocks: Int(row.integer(at: 3)),
                createdSeconds: row.integer(at: 4), message: row.text(at: 5))
        }.first
    }

    /// The passes of a job, in order.
    public func passes(of job: Int64) throws(JobError) -> [JobPass] {
        try read { connection in
            var passes = try connection.rows(
                "SELECT matrix_set, format, level, blocks, tiles FROM job_passes WHERE job = ? ORDER BY pass", [.integer(job)]
            ) { row in
                JobPass(
                    matrixSet: row.text(at: 0), format: row.text(at: 1), level: Int(row.integer(at: 2)), blocks: Int(row.integer(at: 3)),
                    tiles: Int(row.integer(at: 4)))
            }
            let heat = try connection.rows("SELECT pass, block, requests FROM job_heat WHERE job = ?", [.integer(job)]) { row in
                (pass: Int(row.integer(at: 0)), block: Int(row.integer(at: 1)), requests: Int(row.integer(at: 2)))
            }
            for one in heat where passes.indices.contains(one.pass) { passes[one.pass].heat[one.block] = one.requests }
            return passes
        }
    }

    /// - Throws: `unknownJob`, and `wrongState` where a job in its state cannot come into that one.
    @discardableResult
    public func move(_ number: Int64, to state: JobState, from allowed: Set<JobState>, message: String = "") throws(JobError) -> JobRecord {
        try write { connection in
            guard var job = try Self.job(number, connection) else { throw JobError.unknown(number) }
            guard allowed.contains(job.state) else {
                throw JobError(
                    code: .wrongState,
                    message: LocalisedText(
                        zh: "作业 \(number) 的状态是 \(job.state.rawValue)，不能改为 \(state.rawValue)",
                        en: "job \(number) is \(job.state.rawValue) and cannot become \(state.rawValue)"))
            }
            try connection.run(
                "UPDATE jobs SET state = ?, message = ?, finisher = NULL WHERE number = ?",
                [.text(state.rawValue), .text(message), .integer(number)])
            (job.state, job.message) = (state, message)
            return job
        }
    }

    public func progress(of job: Int64) throws(JobError) -> JobProgress {
        try read { connection in
            let expected = try connection.integer("SELECT sum(tiles) FROM job_passes WHERE job = ?", [.integer(job)]) ?? 0
            let tally = try Self.tally(job, connection)
            let pass = try connection.integer(
                """
                SELECT min(pass) FROM (
                    SELECT pass FROM job_passes WHERE job = ? AND next_block < blocks
                    UNION ALL SELECT pass FROM job_blocks WHERE job = ? AND state <> 'done') AS open_passes
                """, [.integer(job), .integer(job)])
            let claimants = try Self.claimants(job, connection).filter { ProcessIdentity(text: $0)?.isAlive ?? false }
            return JobProgress(expected: Int(expected), tally: tally, pass: pass.map { Int($0) }, processes: claimants.count)
        }
    }

    /// Of the chunks that are done.
    private static func tally(_ job: Int64, _ connection: borrowing Connection) throws -> SeedTally {
        var total = SeedTally()
        let parts = try connection.rows(
            "SELECT made, empty, known_empty, failed, bytes, digest FROM job_blocks WHERE job = ? AND state = 'done'", [.integer(job)],
            SeedTally.init(row:))
        for part in parts { total.add(part) }
        return total
    }

    /// The sum of the digests of all tiles of some passes.
    public func tally(of job: Int64, passes: Set<Int>) throws(JobError) -> SeedTally {
        try read { connection in
            var total = SeedTally()
            for pass in passes {
                let parts = try connection.rows(
                    "SELECT made, empty, known_empty, failed, bytes, digest FROM job_blocks WHERE job = ? AND pass = ? AND state = 'done'",
                    [.integer(job), .number(pass)], SeedTally.init(row:))
                for part in parts { total.add(part) }
            }
            return total
        }
    }

    /// The chunks of a pass that are done, each with what it came to.
    public func chunks(of job: Int64, pass: Int) throws(JobError) -> [(blocks: Range<Int>, tally: SeedTally)] {
        try read { connection in
            try connection.rows(
                """
                SELECT made, empty, known_empty, failed, bytes, digest, first_block, block_count FROM job_blocks
                WHERE job = ? AND pass = ? AND state = 'done' ORDER BY first_block
                """, [.integer(job), .number(pass)]
            ) { row in
                let first = Int(row.integer(at: 6))
                return (first..<(first + Int(row.integer(at: 7))), SeedTally(row: row))
            }
        }
    }

    static func claimants(_ job: Int64, _ connection: borrowing Connection) throws -> [String] {
        try connection.rows(
            "SELECT DISTINCT claimant FROM job_blocks WHERE job = ? AND state = 'claimed'", [.integer(job)]) { $0.text(at: 0) }
    }
}

extension SeedTally {
    /// From the columns made, empty, known_empty, failed, bytes, digest.
    fileprivate init(row: borrowing Statement) {
        self.init()
        made = Int(row.integer(at: 0))
        empty = Int(row.integer(at: 1))
        knownEmpty = Int(row.integer(at: 2))
        failed = Int(row.integer(at: 3))
        bytes = Int(row.integer(at: 4))
        digest = UInt64(row.text(at: 5), radix: 16) ?? 0
    }
}
