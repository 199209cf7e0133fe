import Portrayal
import Tiling

/// The label plans in use, each made once.
///
/// Plans are made on a thread of their own, so that tiles of other levels go on being made meanwhile.
actor LabelPlanShelf {
    private struct Place {
        var making: Task<LabelPlan?, any Error>
        var plan: LabelPlan?
        var lastUse: Int
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

    /// The level's plan; `nil` while a large one is still being made, or where the level is too fine for one.
    ///
    /// - Throws: what the style and the data are at fault for, as drawing would.
    func plan(_ planner: LabelPlanner) async throws -> LabelPlan? {
        let key = planner.key
        uses += 1
        if places[key] == nil { start(planner, key) }
        places[key]?.lastUse = uses
        if let plan = places[key]?.plan { return plan }
        guard planner.featureCount <= patience, let making = places[key]?.making else { return nil }
        return try await making.value
    }

    private func start(_ planner: LabelPlanner, _ key: LabelPlanKey) {
        // Versions of the same level that nobody will ask for again.
        places = places.filter { old, _ in !old.isReplaced(by: key) }
        let making = Task<LabelPlan?, any Error> {
            do {
                guard let canvas = try planner.canvas() else { return nil }
                let plan = try await worker.run { try planner.plan(on: canvas, bench: $0) }
                keep(plan, key)
                return plan
            } catch {
                places[key] = nil
                throw error
            }
        }
        places[key] = Place(making: making, plan: nil, lastUse: uses)
    }

    private func keep(_ plan: LabelPlan, _ key: LabelPlanKey) {
        places[key]?.plan = plan
        var total = places.values.reduce(0) { $0 + ($1.plan?.symbolCount ?? 0) }
        let byAge = places.filter { $0.value.plan != nil && $0.key != key }.sorted { $0.value.lastUse < $1.value.lastUse }
        for (old, place) in byAge where total > capacity {
            total -= place.plan?.symbolCount ?? 0
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
