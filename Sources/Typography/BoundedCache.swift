/// A cache of two generations: when the young one is full it becomes the old one, and what was not asked for since is dropped.
struct BoundedCache<Key: Hashable, Value> {
    private var young: [Key: (value: Value, cost: Int)] = [:]
    private var old: [Key: (value: Value, cost: Int)] = [:]
    private var youngCost = 0
    private let limit: Int

    /// - Parameter limit: the most both generations cost together.
    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { young.count + old.count }

    mutating func value(for key: Key) -> Value? {
        if let entry = young[key] { return entry.value }
        guard let entry = old.removeValue(forKey: key) else { return nil }
        insert(entry.value, for: key, cost: entry.cost)
        return entry.value
    }

    mutating func insert(_ value: Value, for key: Key, cost: Int) {
        if youngCost + cost > limit / 2 {
            old = young
            young = [:]
            youngCost = 0
        }
        young[key] = (value, cost)
        youngCost += cost
    }
}
