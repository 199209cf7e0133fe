import Portrayal
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

        var symbolCount: Int {
            if case .labels(let labels) = answer { labels.plan.symbolCount } else { 0 }
        }
    }

    private let worker = TileWorker(number: -1)
    private var places: [LabelPlanKey: Place] = [:]
    private var uses = 0
    /// Features up to which a request waits for the plan.
    private let patience: Int
    /// Plans of so many symbols together are kept.
    private let capacity: Int

    /// - Parameters:
    ///   - patience: features that a plan may have to look at for a request to wait for it. A town's plan takes 0.1 s of
    ///     CPU at level 13, 0.4 s at 16 and 2 s at 18.
    ///   - capacity: symbols kept in all plans together, about 200 bytes each.
    init(patience: Int = 300_000, capacity: Int = 8_000_000) {
        self.patience = patience
        self.capacity = capacity
    }

    /// The level's plan, waited for unless it is a large one.
    ///
    /// A label that cannot be set, for want of a font or a character, must not take the level's other pictures with it: there is
    /// no plan then, and the pictures that the label is in say what is at fault.
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
        places = places.filter { old, _ in !old.isReplaced(by: key) }
        let making = Task<Answer, Never> {
            var answer = Answer.metatiles
            do {
                if let canvas = try planner.canvas() {
                    answer = .labels(try await worker.run { try planner.labels(on: canvas, bench: $0) })
                }
            } catch {
                answer = .metatiles
            }
            keep(answer, key)
            return answer
        }
        places[key] = Place(making: making, answer: nil, lastUse: uses)
    }

    private func keep(_ answer: Answer, _ key: LabelPlanKey) {
        places[key]?.answer = answer
        var total = places.values.reduce(0) { $0 + $1.symbolCount }
        let byAge = places.filter { $0.value.symbolCount > 0 && $0.key != key }.sorted { $0.value.lastUse < $1.value.lastUse }
        for (old, place) in byAge where total > capacity {
            total -= place.symbolCount
            places[old] = nil
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
