public import SimpleFeatures

/// The features that differ between two states of a layer.
public struct PreparedDifference: Sendable {
    /// One id: what it was and what it is.
    public struct Change: Sendable {
        public var id: Int64
        /// Places in the former state; none for a feature that was added.
        public var former: PreparedFeatures
        /// Places in the current state; none for a feature that was removed.
        public var current: PreparedFeatures
        /// Whether it comes elsewhere in the layer's order now.
        public var isMoved: Bool
    }

    public let former: PreparedLayer?
    public let current: PreparedLayer?
    /// By id; empty where everything may differ.
    public private(set) var changes: [Change] = []
    /// Whether the states have too little in common to tell single features apart.
    public private(set) var isOfEverything = false

    public var isEmpty: Bool { changes.isEmpty && !isOfEverything }

    /// - Parameter limit: changes up to which they are told apart.
    public init(from former: PreparedLayer?, to current: PreparedLayer?, limit: Int = 5_000) {
        self.former = former
        self.current = current
        guard former?.contentHash != current?.contentHash else { return }
        guard let former, let current, former.fields == current.fields, former.crss == current.crss else {
            isOfEverything = true
            return
        }
        let ids = former.isSameFile(as: current)
            ? former.amendedIDs.union(current.amendedIDs) : Self.differingIDs(former, current)
        guard ids.count <= limit else {
            isOfEverything = true
            return
        }
        compare(ids, former, current)
    }

    private mutating func compare(_ ids: Set<Int64>, _ former: PreparedLayer, _ current: PreparedLayer) {
        let places = (former.places(of: ids), current.places(of: ids))
        var hashers = (AmendedHasher(former), AmendedHasher(current))
        for id in ids.sorted() {
            let (old, new) = (places.0[id] ?? PreparedFeatures(), places.1[id] ?? PreparedFeatures())
            guard hashers.0.sum(old) != hashers.1.sum(new) else { continue }
            let isMoved = !former.order(of: old).elementsEqual(current.order(of: new)) { $0.distance == $1.distance }
            changes.append(Change(id: id, former: old, current: new, isMoved: isMoved))
        }
    }

    /// The ids whose features have not the same hashes, of files that are not the same.
    private static func differingIDs(_ former: PreparedLayer, _ current: PreparedLayer) -> Set<Int64> {
        var sums: [Int64: UInt64] = [:]
        former.forEachHash { id, hash in sums[id, default: 0] &+= hash }
        current.forEachHash { id, hash in sums[id, default: 0] &-= hash }
        return Set(sums.lazy.filter { $0.value != 0 }.map(\.key))
    }

    /// What a change covers in either state; empty for one without a place.
    /// - Throws: `.crsNotServed`.
    public func envelope(of change: Change, crs: String) throws(PreparedLayerError) -> Envelope {
        var box = try former?.envelope(of: change.former, crs: crs) ?? .empty
        if let current { box.formUnion(try current.envelope(of: change.current, crs: crs)) }
        return box
    }

    /// What both states cover.
    /// - Throws: `.crsNotServed`.
    public func envelope(crs: String) throws(PreparedLayerError) -> Envelope {
        var box = try former?.envelope(crs: crs) ?? .empty
        if let current { box.formUnion(try current.envelope(crs: crs)) }
        return box
    }
}

extension PreparedFeatures {
    /// All of both, ascending.
    public mutating func formUnion(_ other: PreparedFeatures) {
        file = Set(file).union(other.file).sorted()
        delta = Set(delta).union(other.delta).sorted()
    }
}

extension PreparedLayer {
    func isSameFile(as other: PreparedLayer) -> Bool { path == other.path && fileHash == other.fileHash }

    /// Where the features of these ids are, of the file and of its amendment; ids without features are not in it.
    func places(of ids: Set<Int64>) -> [Int64: PreparedFeatures] {
        var found: [Int64: PreparedFeatures] = [:]
        guard !ids.isEmpty else { return found }
        let own = unsafe file.values(Int64.self, at: places.ids, count: count)
        for f in 0..<count {
            let id = unsafe own[f]
            guard ids.contains(id), amendment?.hides(f) != true else { continue }
            found[id, default: PreparedFeatures()].file.append(UInt32(f))
        }
        for (id, features) in amendment?.delta.places(of: ids) ?? [:] { found[id, default: PreparedFeatures()].delta = features.file }
        return found
    }

    /// The box of some features in the CRS; empty for none.
    func envelope(of features: PreparedFeatures, crs: String) throws(PreparedLayerError) -> Envelope {
        var box = Envelope.empty
        for f in features.file { box.formUnion(try envelope(of: Int32(bitPattern: f), crs: crs)) }
        guard let delta = amendment?.delta else { return box }
        for f in features.delta { box.formUnion(try delta.envelope(of: Int32(bitPattern: f), crs: crs)) }
        return box
    }

    fileprivate func order(of features: PreparedFeatures) -> [OrderPlace] {
        features.file.map { placeInOrder(Int($0)) } + features.delta.compactMap { f in amendment?.delta.placeInOrder(Int(f)) }
    }

    fileprivate func forEachHash(_ body: (Int64, UInt64) -> Void) {
        var hasher = FeatureHasher(self)
        let own = unsafe file.values(Int64.self, at: places.ids, count: count)
        for f in 0..<count where amendment?.hides(f) != true { body(unsafe own[f], hasher.hash(of: f)) }
        amendment?.delta.forEachHash(body)
    }
}

/// Hashes features of a file and of its amendment.
private struct AmendedHasher {
    private var file: FeatureHasher
    private var delta: FeatureHasher?

    init(_ layer: PreparedLayer) {
        file = FeatureHasher(layer)
        delta = layer.amendment.map { FeatureHasher($0.delta) }
    }

    mutating func sum(_ features: PreparedFeatures) -> UInt64 {
        var sum: UInt64 = 0
        for f in features.file { sum &+= file.hash(of: Int(f)) }
        for f in features.delta { sum &+= delta?.hash(of: Int(f)) ?? 0 }
        return sum
    }
}
