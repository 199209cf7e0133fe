import Wording

/// Shares the workers among everybody who wants something made, and makes each thing once however many ask.
///
/// - Jobs wait in order of arrival; past `limit` waiting jobs a new one is refused at once, so that a flood costs a
///   refusal and not memory.
/// - Whoever asks for a key that is being made waits for that very production.
/// - Jobs behind, for which nobody waits, begin when no other job does; of them too `limit` may wait.
public actor ProductionQueue<Key: Hashable & Sendable, Output: Sendable> {
    private let limit: Int
    private var idle: [TileWorker]
    private var waiting: [CheckedContinuation<TileWorker, Never>] = []
    private var behind: [(key: Key, worker: CheckedContinuation<TileWorker, Never>)] = []
    private var inFlight: [Key: Task<Output, any Error>] = [:]
    /// Admitted and not yet finished: counted at admission, before the job's task has run at all.
    private var admitted = 0
    private var admittedBehind = 0
    private let workerCount: Int
    private var counters = ProductionCounters()

    public init(workers: [TileWorker], limit: Int) {
        precondition(!workers.isEmpty, "production needs a worker")
        self.limit = limit
        idle = workers
        workerCount = workers.count
    }

    /// What `work` makes for `key`, made now or by the production already under way.
    ///
    /// - Parameter isBehind: whether nobody waits for it.
    ///
    /// Throws `ProductionError` with code `.overloaded` when too many jobs wait, else what `work` throws.
    public func produce(
        _ key: Key, isBehind: Bool = false, by work: @escaping @Sendable (WorkerBench) throws -> Output
    ) async throws -> Output {
        if let running = inFlight[key] {
            counters.joined += 1
            if !isBehind { hasten(key) }
            return try await running.value
        }
        guard isBehind ? admittedBehind < limit : admitted < workerCount + limit else {
            counters.refused += 1
            throw ProductionError(
                code: .overloaded,
                message: .init(
                    zh: "已有 \(limit) 件制图任务在等待；请稍后再试",
                    en: "\(limit) productions are waiting already; ask again in a moment"))
        }
        if isBehind { admittedBehind += 1 } else { admitted += 1 }
        let production = Task {
            let worker = await lease(key, isBehind: isBehind)
            defer { giveBack(worker) }
            return try await worker.run(work)
        }
        inFlight[key] = production
        counters.started += 1
        defer {
            inFlight[key] = nil
            if isBehind { admittedBehind -= 1 } else { admitted -= 1 }
        }
        return try await production.value
    }

    /// Productions so far and jobs waiting now.
    public var statistics: ProductionCounters {
        var now = counters
        now.waiting = max(0, admitted + admittedBehind - workerCount)
        return now
    }

    private func lease(_ key: Key, isBehind: Bool) async -> TileWorker {
        if let worker = idle.popLast() { return worker }
        return await withCheckedContinuation { worker in
            if isBehind { behind.append((key, worker)) } else { waiting.append(worker) }
        }
    }

    /// Somebody waits now for what was a job behind.
    private func hasten(_ key: Key) {
        guard let place = behind.firstIndex(where: { $0.key == key }) else { return }
        waiting.append(behind.remove(at: place).worker)
    }

    private func giveBack(_ worker: TileWorker) {
        if !waiting.isEmpty {
            waiting.removeFirst().resume(returning: worker)
        } else if !behind.isEmpty {
            behind.removeFirst().worker.resume(returning: worker)
        } else {
            idle.append(worker)
        }
    }
}

/// How production fares.
public struct ProductionCounters: Sendable, Equatable {
    /// Productions begun.
    public var started = 0
    /// Requests that waited for somebody else's production.
    public var joined = 0
    /// Requests refused because too many waited.
    public var refused = 0
    /// Jobs waiting for a worker.
    public var waiting = 0
    /// Requests answered with the tile as it was before a change.
    public var staleAnswers = 0
    /// Productions behind such an answer that came to nothing; the next request tries again.
    public var failedBehind = 0
}
