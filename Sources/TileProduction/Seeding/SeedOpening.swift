public import SeedJobs
import Wording

/// A job to take part in: a new one, or the one of the same specification that is not over.
public struct SeedOpening: Sendable {
    public let job: JobRecord
    /// Whether it had been begun before.
    public let isJoined: Bool
    /// In the order that the job's first process settled.
    public let plan: SeedPlan
    public let target: any SeedTarget

    /// - Parameters:
    ///   - heat: where requests were; counts for a new job only.
    ///   - retriesFailed: whether tiles that failed are made again, also those of a job that is over.
    /// - Throws: `JobError`; `wrongState` where no tile has failed that could be made again.
    public init(_ plan: SeedPlan, journal: JobJournal, owner: JobOwner, heat: SeedHeat? = nil, retriesFailed: Bool = false) throws {
        let fingerprint = try plan.specification.fingerprint()
        if retriesFailed {
            guard let last = try journal.lastWithFailures(fingerprint: fingerprint) else {
                throw JobError(
                    code: .wrongState,
                    message: .init(zh: "这一作业没有失败的瓦片", en: "no tile of this job has failed: run it without --retry-failed"))
            }
            if last.state != .running { try journal.move(last.number, to: .running, from: [.paused, .failed, .done]) }
            _ = try journal.openFailed(last.number)
            (job, isJoined) = (try journal.job(last.number), true)
        } else {
            let draft = JobDraft(
                specification: try plan.specification.json(), fingerprint: fingerprint, owner: owner, chunkBlocks: plan.chunkBlocks,
                passes: heat.map { plan.journalPasses(heat: $0) } ?? plan.journalPasses)
            var (found, isJoined) = try journal.open(draft)
            // Nothing is made again; perhaps more may fail now.
            if found.state == .failed { found = try journal.move(found.number, to: .running, from: [.failed, .running]) }
            (job, self.isJoined) = (found, isJoined)
            if !isJoined { try Self.clearRemains(of: plan.specification, journal) }
        }
        self.plan = try plan.ordered(as: journal.passes(of: job.number))
        target = try Self.target(of: self.plan, job: job.number)
    }

    /// Deletes what processes have left that were killed when their job was over.
    private static func clearRemains(of specification: SeedSpecification, _ journal: JobJournal) throws {
        let json = try specification.json()
        for job in try journal.jobs() where job.state.isOver && job.specification == json {
            if try journal.failures(of: job.number, limit: 1).isEmpty { try ArchiveTarget.discard(specification, job: job.number) }
        }
    }

    /// Takes part in a job that is known.
    ///
    /// - Throws: `JobError`.
    public init(_ plan: SeedPlan, taking job: JobRecord, journal: JobJournal) throws {
        self.job = job
        isJoined = true
        self.plan = try plan.ordered(as: journal.passes(of: job.number))
        target = try Self.target(of: self.plan, job: job.number)
    }

    /// - Precondition: the specification names an archive.
    static func target(of plan: SeedPlan, job: Int64) throws -> any SeedTarget {
        guard let archive = plan.specification.archive else { preconditionFailure("a job has a target") }
        return try ArchiveTarget(path: archive, plan: plan, job: job)
    }
}
