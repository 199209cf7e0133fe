public import SeedJobs
import TileCache
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
    ///   - service: whose store a job without an archive fills.
    ///   - heat: where requests were; counts for a new job only.
    ///   - retriesFailed: whether tiles that failed are made again, also those of a job that is over.
    /// - Throws: `JobError`; `wrongState` where no tile has failed that could be made again, or the store cannot be filled from here.
    public init(
        _ plan: SeedPlan, journal: JobJournal, owner: JobOwner, service: TileService? = nil, heat: SeedHeat? = nil,
        retriesFailed: Bool = false
    ) throws {
        let place = try Place(plan.specification, service)
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
        target = try place.target(of: self.plan, job: job.number)
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
    /// - Parameter service: whose store a job without an archive fills.
    /// - Throws: `JobError`; `wrongState` where the store cannot be filled from here.
    public init(_ plan: SeedPlan, taking job: JobRecord, journal: JobJournal, service: TileService? = nil) throws {
        let place = try Place(plan.specification, service)
        self.job = job
        isJoined = true
        self.plan = try plan.ordered(as: journal.passes(of: job.number))
        target = try place.target(of: self.plan, job: job.number)
    }
}

extension SeedOpening {
    /// Where a job's tiles go, known to be open to this process before anything is journalled.
    private enum Place {
        case archive(String)
        case store(TileStore, TileService)

        /// - Throws: `wrongState`.
        init(_ specification: SeedSpecification, _ service: TileService?) throws(JobError) {
            if let archive = specification.archive {
                self = .archive(archive)
                return
            }
            guard let service, let store = service.tiers.store else { throw .noStore }
            guard store.statistics.isWriter else { throw .storeOfAnother }
            guard specification.metatile == service.metatile else { throw .otherMetatile(service.metatile) }
            self = .store(store, service)
        }

        func target(of plan: SeedPlan, job: Int64) throws -> any SeedTarget {
            switch self {
            case .archive(let path): try ArchiveTarget(path: path, plan: plan, job: job)
            case .store(let store, let service): StoreTarget(store, of: service, plan: plan)
            }
        }
    }
}

extension JobError {
    fileprivate static let noStore = JobError(
        code: .wrongState,
        message: .init(
            zh: "没有可写入的瓦片库：本服务未启用瓦片库（--store-quota），请启用，或指定要写的档案",
            en: "there is no tile store to fill: this service runs without one (--store-quota); give it one, or name an archive to write"))

    fileprivate static let storeOfAnother = JobError(
        code: .wrongState,
        message: .init(
            zh: "瓦片库正由另一进程（运行中的服务）写入；请把作业交给该服务：POST /admin/jobs，不带 archive；或用 --into 写成档案",
            en: "another process, a running server, writes to the tile store; give the job to that server: POST /admin/jobs without archive. Or write an archive with --into"))

    /// - Parameter side: tiles along the side of a metatile of the service.
    fileprivate static func otherMetatile(_ side: Int) -> JobError {
        JobError(
            code: .wrongState,
            message: .init(
                zh: "写入瓦片库的作业须用服务的元瓦片边长 \(side)，否则字节与按需生成的不同",
                en: "a job for the tile store has the service's metatile, \(side): with another one the bytes are not those made on demand"))
    }
}
