internal import SimpleFeatures

/// Which features of two versions are the same one.
struct FeaturePairing {
    struct Pair {
        var before: Int64
        var after: Int64
    }

    /// Ascending ids of the later version.
    private(set) var common: [Pair] = []
    /// Ids of the later version, ascending.
    private(set) var added: [Int64] = []
    /// Ids of the earlier version, ascending.
    private(set) var removed: [Int64] = []
    /// Features of both versions that no key tells apart.
    private(set) var unmatched = 0

    /// By ids, which ascend.
    init(before: [Int64], after: [Int64]) {
        var (i, j) = (0, 0)
        while i < before.count || j < after.count {
            if j == after.count || (i < before.count && before[i] < after[j]) {
                removed.append(before[i])
                i += 1
            } else if i == before.count || after[j] < before[i] {
                added.append(after[j])
                j += 1
            } else {
                common.append(Pair(before: before[i], after: after[j]))
                (i, j) = (i + 1, j + 1)
            }
        }
    }

    /// By values; a value that is empty or there twice matches nothing.
    init(before: [(key: PropertyValue, id: Int64)], after: [(key: PropertyValue, id: Int64)]) {
        let former = Self.index(before)
        let later = Self.index(after)
        var matched: Set<Int64> = []
        for (key, id) in after {
            if later[key] == .some(id), let old = former[key].flatMap({ $0 }) {
                common.append(Pair(before: old, after: id))
                matched.insert(old)
            } else {
                added.append(id)
                if later[key] != .some(id) || former[key] == .some(nil) { unmatched += 1 }
            }
        }
        for (key, id) in before where !matched.contains(id) {
            removed.append(id)
            if former[key] != .some(id) || later[key] == .some(nil) { unmatched += 1 }
        }
    }

    /// The one feature of each value; `nil` where there are several.
    private static func index(_ keys: [(key: PropertyValue, id: Int64)]) -> [PropertyValue: Int64?] {
        var index: [PropertyValue: Int64?] = [:]
        for (key, id) in keys where key != .null && key != .text("") {
            if index[key] == nil { index[key] = .some(id) } else { index.updateValue(nil, forKey: key) }
        }
        return index
    }
}
