import FeatureStore

/// What changed in one file of a layer between two states of a map.
struct LayerDifference {
    /// As the file is called in tiles.
    let name: String
    let former: LiveLayer?
    let current: LiveLayer?
    let difference: PreparedDifference

    /// The differences of all layers of a map; those without any are not in it.
    static func all(from former: LiveMap, to current: LiveMap) -> [LayerDifference] {
        let old = Dictionary(uniqueKeysWithValues: former.layers.map { ($0.definition.id, $0) })
        let new = Dictionary(uniqueKeysWithValues: current.layers.map { ($0.definition.id, $0) })
        let ids = former.layers.map(\.definition.id).filter { new[$0] == nil } + current.layers.map(\.definition.id)
        return ids.flatMap { id in all(from: old[id], to: new[id]) }
    }

    private static func all(from former: LiveLayer?, to current: LiveLayer?) -> [LayerDifference] {
        // Under another plan every tile may hold other things of the same features: what was goes, and what is comes.
        if let former, let current, former.definition.tiles != current.definition.tiles {
            return all(from: former, to: nil) + all(from: nil, to: current)
        }
        let (old, new) = (former?.sources ?? [:], current?.sources ?? [:])
        return Set(old.keys).union(new.keys).sorted().compactMap { name in
            let difference = PreparedDifference(from: old[name], to: new[name])
            guard !difference.isEmpty else { return nil }
            return LayerDifference(name: name, former: former, current: current, difference: difference)
        }
    }
}
