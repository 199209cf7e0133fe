import Logging
import SeedJobs
import TileProduction
import Wording

/// The jobs of seeding that this service works on, beside its requests and after them.
actor JobDesk {
    private let installation: Installation
    private let library: MapLibrary
    private let tiles: TileService
    private let logger: Logger
    private var journal: JobJournal?
    private var runs: [Int64: Task<Void, Never>] = [:]
    /// Why a run of this service ended before its job did.
    private(set) var faults: [Int64: String] = [:]

    /// Requests wait for no block of a job; a job looks so often whether any do.
    private static let politeness = Duration.milliseconds(20)

    init(installation: Installation, library: MapLibrary, tiles: TileService, logger: Logger) {
        self.installation = installation
        self.library = library
        self.tiles = tiles
        self.logger = logger
    }

    /// Made at the first look, so that a service without jobs has no journal.
    func openJournal() throws(JobError) -> JobJournal {
        if let journal { return journal }
        let opened = try JobJournal(directory: installation.directory.jobDirectory)
        journal = opened
        return opened
    }

    /// - Returns: the job, and whether it was there before.
    func create(_ request: JobRequest) async throws -> (job: JobRecord, isJoined: Bool) {
        let specification = try await request.specification(installation, library, storeSide: tiles.metatile)
        let plan: SeedPlan
        do {
            plan = try SeedPlan(specification, state: library.state, policy: installation.policy)
        } catch let error as ProductionError {
            throw JobRequest.refusal(zh: error.message.zh, en: error.message.en)
        }
        guard plan.tileCount > 0 else {
            throw JobRequest.refusal(zh: "此范围和级别内没有瓦片", en: "there are no tiles of these levels in this area")
        }
        let opening = try SeedOpening(plan, journal: openJournal(), owner: .service, service: tiles)
        start(opening)
        return (opening.job, opening.isJoined)
    }

    func resume(_ number: Int64) throws -> JobRecord {
        let journal = try openJournal()
        let opening = try startable(number, journal)
        let job = try journal.move(number, to: .running, from: [.paused, .running])
        if let opening { start(opening) }
        return job
    }

    func retry(_ number: Int64) throws -> JobRecord {
        let journal = try openJournal()
        let opening = try startable(number, journal)
        let job = try journal.move(number, to: .running, from: [.failed, .done, .running])
        _ = try journal.openFailed(number)
        if let opening { start(opening) }
        return job
    }

    /// What is to be started, known to be possible before the journal says that it runs; `nil` for a job that is under way.
    private func startable(_ number: Int64, _ journal: JobJournal) throws -> SeedOpening? {
        try runs[number] == nil ? opening(journal.job(number)) : nil
    }

    func pause(_ number: Int64) throws -> JobRecord { try openJournal().move(number, to: .paused, from: [.running, .paused]) }

    func cancel(_ number: Int64) throws -> JobRecord {
        let journal = try openJournal()
        let job = try journal.move(number, to: .cancelled, from: [.running, .paused, .failed])
        try ArchiveTarget.discard(SeedSpecification(json: job.specification), job: number)
        return job
    }

    /// Goes on with what an earlier run of the service has left.
    func takeUp() throws {
        for job in try openJournal().jobs() where job.owner == .service && (job.state == .running || job.state == .paused) {
            do {
                start(try opening(job))
            } catch {
                faults[job.number] = "\(error)"
                logger.error("a job cannot be gone on with", metadata: ["job": "\(job.number)", "error": "\(error)"])
            }
        }
    }

    /// Ends the runs; the jobs stay as they are and are taken up by the next service.
    func stop() async {
        for run in runs.values { run.cancel() }
        for run in runs.values { await run.value }
    }

    private func opening(_ job: JobRecord) throws -> SeedOpening {
        let plan = try SeedPlan(SeedSpecification(json: job.specification), state: library.state, policy: installation.policy)
        return try SeedOpening(plan, taking: job, journal: openJournal(), service: tiles)
    }

    private func start(_ opening: SeedOpening) {
        let number = opening.job.number
        guard runs[number] == nil else { return }
        faults[number] = nil
        runs[number] = Task(priority: .background) {
            do {
                try await run(opening)
            } catch is CancellationError {
                logger.info("a job stops with the service", metadata: ["job": "\(number)"])
            } catch {
                faults[number] = "\(error)"
                logger.error("a job has stopped", metadata: ["job": "\(number)", "error": "\(error)"])
            }
            runs[number] = nil
        }
    }

    private func run(_ opening: SeedOpening) async throws {
        let tiles = tiles
        var settings = SeedRun.Settings(workers: 1)
        settings.niceness = 19
        let run = try SeedRun(
            job: opening.job.number, plan: opening.plan, library: library, journal: openJournal(), target: opening.target,
            labels: LabelFiles(directory: installation.directory.labelDirectory), settings: settings
        ) {
            while await tiles.counters.waiting > 0 { try await Task.sleep(for: Self.politeness) }
        }
        let report = try await run.run(progress: { _ in })
        logger.info("a job is over", metadata: ["job": "\(report.job)", "state": "\(report.state.rawValue)"])
    }
}
