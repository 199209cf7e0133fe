import Portrayal
import Synchronization
import Tiling

/// The label plans in use, each made once.
///
/// Plans are made on a thread of their own, so that tiles of other levels go on being made meanwhile.
actor LabelPlanShelf {
    /// Where a level's labels come from.
    enum Answer: Sendable {
        case labels(LevelLabels)
        /// Each metatile places its own: the level is too fine for a plan, or a label of it cannot be set.
        case metatiles
        /// Each metatile places its own for now; the plan is being made.
        case making
    }

    private struct Place {
        var making: Task<Answer, Never>
        var answer: Answer?
        var lastUse: Int
        /// Of a level whose data have changed before.
        var ledger: KeptLedger?
        /// The plan of other data that this one takes the place of, until it has been compared with it.
        var former: (key: LabelPlanKey, labels: LevelLabels)?

        var symbolCount: Int {
            if case .labels(let labels) = answer { labels.plan.symbolCount } else { 0 }
        }
    }

    private let worker = TileWorker(number: -1)
    private var places: [LabelPlanKey: Place] = [:]
    private var uses = 0
    private let files: LabelFiles?
    /// Features up to which a request waits for the plan.
    private let patience: Int
    /// Plans of so many symbols together are kept.
    private let capacity: Int
    /// Features up to which a level's candidates are kept for its next change.
    private let ledgerLimit: Int
    private(set) var counters = LabelCounters()

    /// - Parameters:
    ///   - files: where plans outlive the process; `nil` for memory alone.
    ///   - patience: features that a plan may have to look at for a request to wait for it. A town's plan takes 0.1 s of
    ///     CPU at level 13, 0.4 s at 16 and 2 s at 18.
    ///   - capacity: symbols kept in all plans together, about 70 bytes each.
    ///   - ledgerLimit: features whose candidates may be kept, about a kilobyte each.
    init(files: LabelFiles? = nil, patience: Int = 300_000, capacity: Int = 20_000_000, ledgerLimit: Int = 500_000) {
        self.files = files
        self.patience = patience
        self.capacity = capacity
        self.ledgerLimit = ledgerLimit
    }

    /// The level's plan, waited for unless it is a large one.
    ///
    /// A label that cannot be set, for want of a font, must not take the level's other pictures with it: there is no plan then,
    /// and the pictures that the label is in say what is at fault.
    func plan(_ planner: LabelPlanner) async -> Answer {
        let key = planner.key
        uses += 1
        if places[key] == nil { start(planner, key) }
        places[key]?.lastUse = uses
        if let answer = places[key]?.answer { return answer }
        guard planner.featureCount <= patience, let making = places[key]?.making else { return .making }
        return await making.value
    }

    private func start(_ planner: LabelPlanner, _ key: LabelPlanKey) {
        // Versions of the same level that nobody will ask for again.
        let replaced = places.filter { old, _ in old.isReplaced(by: key) }
        for old in replaced.keys { places[old] = nil }
        let earlier = replaced.filter { old, _ in old.styleVersion == key.styleVersion }
        let isKept = !earlier.isEmpty && planner.featureCount <= ledgerLimit
        let ledger = isKept ? earlier.values.lazy.compactMap(\.ledger).first ?? KeptLedger() : nil
        let making = Task<Answer, Never> {
            let answer = await make(planner, ledger)
            keep(answer, key)
            return answer
        }
        places[key] = Place(making: making, answer: nil, lastUse: uses, ledger: ledger, former: former(earlier))
    }

    /// Of the plans that are replaced, the one that tiles were last compared with.
    private func former(_ replaced: [LabelPlanKey: Place]) -> (key: LabelPlanKey, labels: LevelLabels)? {
        if let waiting = replaced.values.lazy.compactMap(\.former).first { return waiting }
        for (key, place) in replaced {
            if case .labels(let labels) = place.answer { return (key, labels) }
        }
        return nil
    }

    /// The tiles of a level whose labels a change of the data changes; waits for the new plan, however large.
    ///
    /// - Returns: `nil` where that cannot be said: the former plan is not there any more, or there is none for the level.
    func change(from former: LabelPlanner, to current: LabelPlanner) async -> Set<TileAddress>? {
        let (oldKey, newKey) = (former.key, current.key)
        guard oldKey != newKey else { return [] }
        guard oldKey.styleVersion == newKey.styleVersion, let known = known(former, replacedBy: newKey) else { return nil }
        uses += 1
        if places[newKey] == nil { start(current, newKey) }
        guard let making = places[newKey]?.making else { return nil }
        let answer = await making.value
        places[newKey]?.former = nil
        guard case .labels(let labels) = answer else { return nil }
        return labels.tilesThatDiffer(from: known)
    }

    /// Looks for the former plan, also on disk, before the new one is written over it.
    private func known(_ planner: LabelPlanner, replacedBy newKey: LabelPlanKey) -> LevelLabels? {
        let key = planner.key
        if let former = places[newKey]?.former, former.key == key { return former.labels }
        if case .labels(let labels) = places[key]?.answer { return labels }
        do {
            guard let files, let canvas = try planner.canvas() else { return nil }
            return files.find(planner, canvas: canvas).labels
        } catch {
            return nil  // layers that cannot be read have no plan to compare with
        }
    }

    private func make(_ planner: LabelPlanner, _ ledger: KeptLedger?) async -> Answer {
        do {
            guard let canvas = try planner.canvas() else { return .metatiles }
            switch files?.find(planner, canvas: canvas) {
            case .labels(let labels):
                counters.read += 1
                counters.unlettered += labels.unletteredCount
                return .labels(labels)
            case .damaged: counters.damaged += 1
            case .none?, nil: break
            }
            let labels = try await worker.run { bench in
                if let ledger { return try ledger.labels(planner, on: canvas, bench: bench) }
                return try planner.labels(on: canvas, bench: bench)
            }
            counters.unlettered += labels.unletteredCount
            if ledger == nil { counters.made += 1 } else { counters.updated += 1 }
            write(labels, planner)
            return .labels(labels)
        } catch {
            counters.failed += 1
            return .metatiles
        }
    }

    private func write(_ labels: LevelLabels, _ planner: LabelPlanner) {
        do {
            try files?.store(labels, planner)
        } catch {
            counters.unwritten += 1  // the plan is in memory; the next process makes it again
        }
    }

    private func keep(_ answer: Answer, _ key: LabelPlanKey) {
        places[key]?.answer = answer
        var total = places.values.reduce(0) { $0 + $1.symbolCount }
        let byAge = places.filter { $0.value.symbolCount > 0 && $0.key != key }.sorted { $0.value.lastUse < $1.value.lastUse }
        for (old, place) in byAge where total > capacity {
            total -= place.symbolCount
            places[old] = nil
        }
        let ledgers = places.filter { $0.value.ledger != nil && $0.key != key }.sorted { $0.value.lastUse < $1.value.lastUse }
        for (old, _) in ledgers.dropLast(Self.ledgersKept) { places[old]?.ledger = nil }
    }

    /// Levels besides the latest whose candidates are kept.
    private static let ledgersKept = 7
}

/// How label plans came about.
public struct LabelCounters: Sendable, Equatable {
    /// Placed afresh.
    public var made = 0
    /// Brought up to date after a change.
    public var updated = 0
    /// Read from disk.
    public var read = 0
    /// Found damaged on disk, and made again.
    public var damaged = 0
    /// Could not be made: a label that cannot be set.
    public var failed = 0
    /// Labels that the plans leave out because no font has a character of theirs, counted with every plan.
    public var unlettered = 0
    /// Could not be written to disk.
    public var unwritten = 0
}

/// A level's candidates, kept for its next change. Used by the shelf's one thread.
final class KeptLedger: Sendable {
    private let ledger = Mutex<LabelLedger?>(nil)

    /// The labels of what there is now; a change of canvas starts afresh.
    func labels(_ planner: LabelPlanner, on canvas: TileWindow, bench: WorkerBench) throws -> LevelLabels {
        try ledger.withLock { kept in
            var current: LabelLedger
            if let old = kept.take(), old.canvas == canvas {
                current = old
            } else {
                current = planner.ledger(on: canvas, bench: bench)
            }
            let labels = try planner.labels(&current, on: canvas, bench: bench)
            kept = consume current
            return labels
        }
    }
}

extension LabelPlanKey {
    fileprivate func isReplaced(by newer: LabelPlanKey) -> Bool {
        var same = self
        same.styleVersion = newer.styleVersion
        same.dataVersion = newer.dataVersion
        return same == newer && self != newer
    }
}
