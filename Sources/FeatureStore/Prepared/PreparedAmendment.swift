import SimpleFeatures

/// What became of some features of a prepared layer since its file was written: a small layer of them as they are now, and the
/// places of those that they replace.
///
/// An amended layer answers every query with the bytes that a file of all its features, written anew, would give.
final class PreparedAmendment: Sendable {
    /// The features as they are now; removed ones are not in it.
    let delta: PreparedLayer
    /// One bit a feature of the file: whether it is replaced or removed.
    private let hidden: [UInt64]
    let hiddenCount: Int
    /// The ids that were replaced, removed or added.
    let ids: Set<Int64>
    /// By grid, of what is there now.
    let envelopes: [Envelope]
    let contentHash: UInt64

    init(_ base: PreparedLayer, delta: PreparedLayer, ids: Set<Int64>) {
        var hidden = [UInt64](repeating: 0, count: (base.count + 63) / 64)
        var hasher = FeatureHasher(base)
        var hash = base.contentHash
        var count = 0
        let baseIDs = unsafe base.file.values(Int64.self, at: base.places.ids, count: base.count)
        for f in 0..<base.count where ids.contains(unsafe baseIDs[f]) {
            hidden[f >> 6] |= 1 << UInt64(f & 63)
            hash &-= hasher.hash(of: f)
            count += 1
        }
        var deltaHasher = FeatureHasher(delta)
        for f in 0..<delta.count { hash &+= deltaHasher.hash(of: f) }
        self.delta = delta
        self.hidden = hidden
        self.ids = ids
        hiddenCount = count
        contentHash = hash
        envelopes = base.grids.indices.map { grid in
            var box = base.envelopeOfLeaves(grid) { hidden[$0 >> 6] & 1 << UInt64($0 & 63) != 0 }
            box.formUnion(delta.envelopeOfFile(grid))
            return box
        }
    }

    @inline(__always)
    func hides(_ feature: Int) -> Bool { hidden[feature >> 6] & 1 << UInt64(feature & 63) != 0 }
}

extension PreparedLayer {
    /// The layer with some features replaced, added or removed.
    ///
    /// - Parameters:
    ///   - delta: a file of the same fields and CRSs with the features as they are now.
    ///   - ids: of everything that changed since this layer's file was written; those not in `delta` are removed.
    /// - Returns: `nil` where the two do not fit together: a layer so wide that one of them has a coarser grid.
    public func amended(by delta: PreparedLayer, replacing ids: Set<Int64>) -> PreparedLayer? {
        guard delta.fields == fields, delta.crss == crss, delta.amendment == nil,
            delta.count == 0 || zip(delta.grids, grids).allSatisfy({ $0.unit == $1.unit })
        else { return nil }
        var amended = self
        amended.amendment = PreparedAmendment(self, delta: delta, ids: ids)
        return amended
    }

    /// The ids that differ from the file, as `amended(by:replacing:)` was told them.
    public var amendedIDs: Set<Int64> { amendment?.ids ?? [] }

    /// The box of the file's features but for those left out.
    func envelopeOfLeaves(_ grid: Int, isHidden: (Int) -> Bool) -> Envelope {
        var box = StoredBox.empty
        let boxes = unsafe boxes(grid)
        for f in 0..<count {
            // A box inside the sum adds nothing, hidden or not.
            let leaf = unsafe boxes[f]
            if box.contains(leaf) || leaf.isEmpty || isHidden(f) { continue }
            box.formUnion(leaf)
        }
        return box.isEmpty ? .empty : envelope(box, grid)
    }

    /// The box of everything in the file.
    func envelopeOfFile(_ grid: Int) -> Envelope {
        guard let root = unsafe boxes(grid).last, !root.isEmpty else { return .empty }
        return envelope(root, grid)
    }
}
