import FeatureStore
public import SeedJobs
import TileCache
import Tiling
import Wording

/// One process's part in a job: claims chunks of blocks, makes them on its workers, and at the end, where it is the one to do it,
/// has everything put together and verified.
///
/// Whatever ends the process, the journal and the target know what is made; a later run makes the rest and no more.
public actor SeedRun {
    public struct Settings: Sendable {
        /// Threads, best one a core.
        public var workers: Int
        /// Of all tiles, how many may fail, 0 to 1.
        public var allowedFailures = 0.0
        /// Between two looks at what other processes and people have done.
        public var interval = Duration.milliseconds(500)
        /// Of the workers: 0 as important as anything, 19 after everything else.
        public var niceness: Int32 = 10

        public init(workers: Int) {
            precondition(workers > 0, "seeding needs a worker")
            self.workers = workers
        }
    }

    let job: Int64
    let plan: SeedPlan
    let library: MapLibrary
    let journal: JobJournal
    let target: any SeedTarget
    let settings: Settings
    let process = ProcessIdentity.current
    private let labelShelf: SeedLabels
    private let workers: [TileWorker]
    private let gate: @Sendable () async throws -> Void
    /// What is being made from: of all chunks claimed from now on.
    var map: LiveMap
    var versions: [UInt64] = []
    var staleChunks = 0
    private var waiting: [SeedWork] = []
    private var open: [ChunkClaim: OpenChunk] = [:]
    private var lastLook: ContinuousClock.Instant?
    private var state = JobState.running
    private var account = RunAccount()

    /// - Parameters:
    ///   - labels: where label plans are kept; `nil` for memory alone.
    ///   - gate: passed before every block; waits while nothing is to be made.
    /// - Throws: `ProductionError` for a map or matrix set that there is not any more.
    public init(
        job: Int64, plan: SeedPlan, library: MapLibrary, journal: JobJournal, target: any SeedTarget, labels: LabelFiles?,
        settings: Settings, gate: @escaping @Sendable () async throws -> Void = {}
    ) throws {
        (self.job, self.plan, self.library, self.journal, self.target) = (job, plan, library, journal, target)
        (self.settings, self.gate) = (settings, gate)
        map = try Self.map(of: plan, in: library.state)
        let effort = plan.specification.effort
        workers = (0..<settings.workers).map { TileWorker(number: $0, effort: effort, niceness: settings.niceness) }
        labelShelf = SeedLabels(files: labels, worker: workers[0])
    }

    /// Makes blocks until the job is over, for whatever reason.
    ///
    /// - Parameter progress: called after each block, and now and then while waiting.
    /// - Throws: `JobError`, `TileArchiveError` and what reading layers throws; the job can be gone on with.
    public func run(progress: @escaping @Sendable (SeedProgress) -> Void) async throws -> SeedReport {
        do {
            let report = try await work(progress)
            try journal.release(job, by: process)
            return report
        } catch {
            try journal.release(job, by: process)
            try journal.releaseEnd(job, by: process)
            throw error
        }
    }

    private func work(_ progress: @escaping @Sendable (SeedProgress) -> Void) async throws -> SeedReport {
        while true {
            try await lookForNewData(isForced: true)
            try await makeBlocks(progress)
            guard state == .running else {
                if state == .cancelled { try await target.discard() }
                return try report()
            }
            // What was made while the data changed is made again before anything is put together.
            try await lookForNewData(isForced: true)
            guard try openStale() == 0 else { continue }
            if let ended = try await end() { return ended }
        }
    }

    private func makeBlocks(_ progress: @escaping @Sendable (SeedProgress) -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in workers {
                group.addTask {
                    while let work = try await self.next(progress) {
                        let labels = try await self.labels(for: work)
                        let made = await worker.run { bench in work.maker.make(work.block, labels: labels, bench: bench) }
                        try await self.accept(made, of: work, progress)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func labels(for work: SeedWork) async throws -> LevelLabels? {
        try await labelShelf.labels(map: work.maker.map, set: work.maker.set, level: work.block.limits.level, format: work.maker.format)
    }

    // MARK: Getting work

    /// The next block; `nil` when there is none left, or the job is over.
    private func next(_ progress: @Sendable (SeedProgress) -> Void) async throws -> SeedWork? {
        while true {
            try Task.checkCancellation()
            try await gate()
            if try await look(progress) == false { continue }
            guard state == .running else { return nil }
            if !waiting.isEmpty { return waiting.removeFirst() }
            switch try journal.claim(job, by: process, versions: versions) {
            case .chunk(let claim): try await begin(claim)
            case .nothingLeft: return nil
            case .othersAtWork: try await Task.sleep(for: settings.interval / 10)
            case .stopped(let state): self.state = state
            }
        }
    }

    /// Looks now and then whether people or new data want something else.
    ///
    /// - Returns: whether blocks are to be made at once.
    private func look(_ progress: @Sendable (SeedProgress) -> Void) async throws -> Bool {
        let now = ContinuousClock.now
        if let lastLook, now - lastLook < settings.interval, state == .running { return true }
        lastLook = now
        state = try journal.job(job).state
        if state == .paused {
            progress(try currentProgress())
            try await Task.sleep(for: settings.interval)
            return false
        }
        try await lookForNewData(isForced: false)
        account.journalled = try journal.progress(of: job)
        return true
    }

    private func begin(_ claim: ChunkClaim) async throws {
        let pass = plan.passes[claim.pass]
        let maker = BlockMaker(map: map, set: pass.set, format: pass.format, side: plan.specification.metatile)
        var chunk = OpenChunk()
        var missing: [SeedWork] = []
        for place in claim.blocks {
            let block = pass.block(at: place)
            if claim.attempt > 1 || target.isShared,
                let kept = try await target.kept(block, pass: claim.pass, version: claim.version, map: map) {
                chunk.tally.add(kept)
            } else {
                missing.append(SeedWork(claim: claim, block: block, maker: maker))
            }
        }
        chunk.remaining = missing.count
        open[claim] = chunk
        if missing.isEmpty { try await complete(claim) }
        waiting += missing
    }

    private func accept(_ made: BlockMaker.Made, of work: SeedWork, _ progress: @Sendable (SeedProgress) -> Void) async throws {
        try await target.keep(made.tiles, of: work.block, claim: work.claim, map: work.maker.map)
        account.add(made, of: work)
        open[work.claim]?.add(made.tiles, pass: work.claim.pass)
        if open[work.claim]?.remaining == 0 { try await complete(work.claim) }
        progress(try currentProgress(at: work))
    }

    private func complete(_ claim: ChunkClaim) async throws {
        guard let chunk = open.removeValue(forKey: claim) else { return }
        try await target.settle()
        _ = try journal.complete(claim, by: process, tally: chunk.tally, failures: chunk.failures)
        account.journalled = try journal.progress(of: job)
    }

    // MARK: The data

    private func lookForNewData(isForced: Bool) async throws {
        try await library.prepareAll()
        let now = try Self.map(of: plan, in: library.state)
        guard isForced || now.dataVersion != map.dataVersion || now.style?.version != map.style?.version else { return }
        map = now
        versions = plan.passes.map { SeedVersions.version(of: now, $0) }
        _ = try openStale()
    }

    private func openStale() throws -> Int {
        let count = try journal.openStale(job, versions: versions)
        staleChunks += count
        return count
    }

    static func map(of plan: SeedPlan, in state: LibraryState) throws(ProductionError) -> LiveMap {
        guard let first = plan.specification.matrixSets.first else { preconditionFailure("a job has a matrix set") }
        let (map, _) = try state.resolve(map: plan.specification.map, matrixSet: first)
        guard map.style != nil || plan.passes.allSatisfy({ $0.format == .mvt }) else {
            let reason = state.styleFailures[map.definition.id] ?? ""
            throw ProductionError(
                code: .portrayal,
                message: LocalisedText(
                    zh: "地图 \(map.definition.id) 没有可用的样式“\(map.definition.style)”，不能生成图片：\(reason)",
                    en: "map \(map.definition.id) has no usable style \"\(map.definition.style)\", no pictures can be made: \(reason)"))
        }
        return map
    }

    // MARK: The end

    /// What the job came to, put together by this process or by another; `nil` where blocks have to be made again.
    private func end() async throws -> SeedReport? {
        guard try journal.claimEnd(job, by: process) else {
            try await Task.sleep(for: settings.interval)
            state = try journal.job(job).state
            return state == .running ? nil : try report()
        }
        state = try journal.job(job).state
        guard state == .running else { return try report() }
        let progress = try journal.progress(of: job)
        let tally = progress.tally
        guard progress.pass == nil, tally.tiles == progress.expected else {
            // Another process has opened chunks meanwhile.
            try journal.releaseEnd(job, by: process)
            return nil
        }
        guard Double(tally.failed) <= settings.allowedFailures * Double(progress.expected) else {
            try journal.move(job, to: .failed, from: [.running], message: Self.account(progress))
            state = .failed
            return try report()
        }
        switch try await target.finish(journal.job(job), map: map, versions: versions, journal: journal) {
        case .damaged(let blocks):
            for block in blocks { try journal.openChunk(job, pass: block.pass, block: block.place) }
            try journal.releaseEnd(job, by: process)
            return nil
        case .finished(let archives):
            try journal.move(job, to: .done, from: [.running], message: Self.account(progress))
            state = .done
            // The failed can be made later only while everything else is still there.
            if tally.failed == 0 { try await target.discard() }
            var report = try report()
            report.archives = archives
            return report
        }
    }

    private static func account(_ progress: JobProgress) -> String {
        let tally = progress.tally
        return "应有 expected \(progress.expected) = 写入 made \(tally.made) + 空白 empty \(tally.empty) + 失败 failed \(tally.failed)"
    }

    private func report() throws -> SeedReport {
        account.journalled = try journal.progress(of: job)
        return SeedReport(
            job: job, state: state, progress: try currentProgress(), failures: try journal.failures(of: job),
            staleChunks: staleChunks)
    }

    private func currentProgress(at work: SeedWork? = nil) throws -> SeedProgress {
        if let work { account.latest = work }
        let journalled = try account.journalled ?? journal.progress(of: job)
        account.journalled = journalled
        var progress = SeedProgress(job: job, state: state, expected: journalled.expected, tally: journalled.tally)
        for chunk in open.values { progress.tally.add(chunk.tally) }
        progress.processes = max(1, journalled.processes)
        progress.level = account.latest?.block.limits.level ?? 0
        progress.matrixSet = account.latest?.maker.set.id ?? ""
        progress.format = account.latest?.maker.format.name ?? ""
        (progress.ownTiles, progress.slowest) = (account.tiles, account.slowest)
        return progress
    }
}
