import SimpleFeatures
import Tiling
import Typography

/// What one symbol layer of a ledger has read of its features, and which candidates came of it.
struct LedgerLayer {
    /// What candidates are made from together.
    enum Source: Hashable {
        case feature(UInt64)
        /// Lines of one name, which are joined.
        case road(SymbolCandidates.RoadKey)
    }

    struct Change {
        /// Owners of candidates that are no longer.
        var removed: [Int32] = []
        var added: [(source: Source, candidates: [SymbolCandidate])] = []
    }

    let common: SymbolLayerFormat
    var texts: TextSetting
    let sourceLayer: String
    private let layer: ZoomedLayer
    /// By feature what it was like, in short.
    private var prints: [UInt64: Int] = [:]
    private var owners: [Source: [Int32]] = [:]
    private var roads: [SymbolCandidates.RoadKey: [SymbolCandidates.RoadPart]] = [:]
    private var roadsOfFeature: [UInt64: Set<SymbolCandidates.RoadKey>] = [:]

    var id: String { layer.id }

    init(_ layer: ZoomedLayer, frame: RenderFrame, catalogue: FontCatalogue) {
        self.layer = layer
        common = SymbolLayerFormat(layer, frame)
        texts = TextSetting(layer: layer.id, common: common, catalogue: catalogue, frame: frame)
        sourceLayer = layer.sourceLayer ?? ""
    }

    /// Tells the layer which owners its new candidates have.
    mutating func keep(_ owners: [Int32], for source: Source) { self.owners[source] = owners }

    /// Compares what there is now with what was taken before.
    ///
    /// - Throws: `missingFont`.
    mutating func take(
        _ given: [TileLayer], frame: RenderFrame, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> Change {
        let read = given.filter(layer.reads)
        let new = FeaturePrints.of(read)
        var change = Change()
        var touched: Set<SymbolCandidates.RoadKey> = []
        var dropped: [SymbolCandidates.RoadKey: Set<UInt64>] = [:]
        for (id, print) in prints where new[id] != print { drop(id, &dropped, &change) }
        // A road at a time, for thousands of its parts may go together.
        for (key, ids) in dropped {
            roads[key]?.removeAll { ids.contains($0.id) }
            touched.insert(key)
        }
        let fresh = Set(new.filter { prints[$0.key] != $0.value }.keys)
        prints = new
        guard !fresh.isEmpty || !touched.isEmpty else { return change }
        let candidates = SymbolCandidates(layer: layer, common: common, frame: frame)
        var points: [UInt64: [SymbolCandidate]] = [:]
        for data in read {
            var part = data
            part.features = data.features.filter { fresh.contains($0.id) }
            let (found, lines) = candidates.read(part)
            for candidate in found { points[candidate.id, default: []].append(candidate) }
            for line in lines {
                roads[line.key, default: []].append(line)
                roadsOfFeature[line.id, default: []].insert(line.key)
                touched.insert(line.key)
            }
        }
        for (id, found) in points { change.added.append((.feature(id), found)) }
        for key in touched { try renew(key, candidates, &change, &scratch) }
        return change
    }

    private mutating func drop(_ id: UInt64, _ dropped: inout [SymbolCandidates.RoadKey: Set<UInt64>], _ change: inout Change) {
        change.removed += owners.removeValue(forKey: .feature(id)) ?? []
        for key in roadsOfFeature.removeValue(forKey: id) ?? [] { dropped[key, default: []].insert(id) }
    }

    /// Joins a road again and finds its places.
    private mutating func renew(
        _ key: SymbolCandidates.RoadKey, _ candidates: SymbolCandidates, _ change: inout Change,
        _ scratch: inout RenderScratch
    ) throws(PortrayalError) {
        change.removed += owners.removeValue(forKey: .road(key)) ?? []
        guard let parts = roads[key], !parts.isEmpty else {
            roads[key] = nil
            return
        }
        var road = SymbolCandidates.Road()
        for part in parts { road.add(part) }
        let found = try candidates.along(road) { format throws(PortrayalError) in
            format.text.isEmpty ? 0 : try texts.layout(format, wraps: false, &scratch).width
        }
        change.added.append((.road(key), found))
    }
}

/// What features are like, in one number each, so that the changed ones are found without keeping the old.
enum FeaturePrints {
    /// By id; several features of one id count together, in any order.
    static func of(_ layers: [TileLayer]) -> [UInt64: Int] {
        var prints: [UInt64: Int] = [:]
        for layer in layers {
            let keys = layer.keys.map(\.hashValue)
            let values = layer.values.map(\.hashValue)
            prints.reserveCapacity(prints.count + layer.features.count)
            for feature in layer.features {
                prints[feature.id, default: 0] &+= print(feature, layer, keys, values)
            }
        }
        return prints
    }

    private static func print(_ feature: TileFeature, _ layer: TileLayer, _ keys: [Int], _ values: [Int]) -> Int {
        var hasher = Hasher()
        hasher.combine(feature.kind)
        var t = feature.tags.lowerBound
        while t < feature.tags.upperBound {
            hasher.combine(keys[Int(layer.tags[t])])
            hasher.combine(values[Int(layer.tags[t + 1])])
            t += 2
        }
        for part in feature.parts {
            let range = layer.coordinateRange(part: part)
            hasher.combine(range.count)
            for i in range { hasher.combine(layer.coordinates[i]) }
        }
        return hasher.finalize()
    }
}
