import Generalisation
import SimpleFeatures
public import Tiling

/// What a window gets of one layer, and what it does not get.
public struct TileSelection: Sendable {
    public var layer: TileLayer
    /// Features whose boxes meet the window and its margin.
    public var considered: Int
    /// In the window and its margin.
    public var leftOut: LeftOut
    /// Of each tile without the margin; nothing for a query that cuts at the margin.
    public var leftOutByTile: LeftOutByTile
}

extension PreparedLayer {
    /// The layer's features in the window: filtered, simplified, cut, quantised and checked, along the Hilbert curve.
    ///
    /// - Parameters:
    ///   - name: of the tile's layer.
    ///   - window: of a matrix in `crs`.
    ///   - crs: one that the layer serves.
    ///   - scratch: the worker's; holds nothing of this query afterwards.
    ///   - repair: gets the rings of every polygon feature that cross or touch in window units; without it rings are
    ///     not checked, which is right for a rasteriser only.
    /// - Throws: `.crsNotServed`.
    public func tileLayer(
        name: String, window: TileWindow, crs: String, rules: TileRules, scratch: inout TileScratch,
        repair: RingRepair? = nil
    ) throws(PreparedLayerError) -> TileSelection {
        let grid = try gridIndex(crs)
        precondition(
            rules.tags.allSatisfy { $0.field >= 0 && $0.field < fields.count }
                && rules.filters.allSatisfy { $0.field >= 0 && $0.field < fields.count },
            "rules name fields of this layer")
        precondition(rules.densityLimit?.priorityField.map(fields.indices.contains) ?? true, "priority is a field of this layer")
        var cutter = WindowCutter(self, name: name, window: window, grid: grid, rules: rules, repair: repair)
        // A unit more: what lies just outside may be rounded onto the border.
        let reach = storedBox(window.envelope.expanded(by: 1 / window.unitsPerCRSUnit), grid)
        if let limit = rules.densityLimit {
            findHits(cellsAround(window, limit, grid), grid, &scratch)
            unsafe cutter.thinOut(window: window, limit: limit, reach: boxes(grid), query: reach, scratch: &scratch)
        } else {
            findHits(reach, grid, &scratch)
        }
        scratch.startValues(count: valueCount)
        cutter.reserve(features: scratch.hits.count)
        // The hits are out of the scratch while features are cut in it.
        var hits: [UInt32] = []
        swap(&hits, &scratch.hits)
        for f in hits {
            let before = cutter.layer.features.count
            cutter.add(Int(f), scratch: &scratch)
            if cutter.layer.features.count > before { cutter.addTags(Int(f), &scratch) }
        }
        swap(&hits, &scratch.hits)
        return TileSelection(
            layer: cutter.layer, considered: scratch.hits.count + cutter.leftOut.window[.density],
            leftOut: cutter.leftOut.window, leftOutByTile: cutter.leftOut.tiles)
    }

    private func findHits(_ query: StoredBox, _ grid: Int, _ scratch: inout TileScratch) {
        unsafe PackedIndex.search(
            boxes(grid), levels: levels, query: query, hits: &scratch.hits, other: &scratch.otherHits)
    }

    /// The window and its margin, grown to whole cells, so that every window decides over a cell alike.
    private func cellsAround(_ window: TileWindow, _ limit: TileRules.DensityLimit, _ grid: Int) -> StoredBox {
        let envelope = window.envelope.expanded(by: (Double(limit.cellInUnits) + 1) / window.unitsPerCRSUnit)
        return storedBox(envelope, grid)
    }
}

extension WindowCutter {
    private struct Candidate {
        var cellX: Int64
        var cellY: Int64
        var priority: Double
        var id: Int64
        var feature: UInt32

        static func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
            if (a.cellX, a.cellY) != (b.cellX, b.cellY) { return (a.cellX, a.cellY) < (b.cellX, b.cellY) }
            if a.priority != b.priority { return a.priority > b.priority }
            return (a.id, a.feature) < (b.id, b.feature)
        }
    }

    /// Takes out of the hits the point features beyond the limit, and all that do not reach `query`.
    mutating func thinOut(
        window: TileWindow, limit: TileRules.DensityLimit, reach boxes: UnsafeBufferPointer<StoredBox>,
        query: StoredBox, scratch: inout TileScratch
    ) {
        let cell = Int64(limit.cellInUnits)
        let corner = (
            x: Int64(window.origin.column) * Int64(window.extent), y: Int64(window.origin.row) * Int64(window.extent))
        var candidates: [Candidate] = []
        var kept: [UInt32] = []
        for f in scratch.hits {
            guard passesFilters(Int(f)), let p = firstPosition(Int(f)) else {
                if unsafe boxes[Int(f)].intersects(query) { kept.append(f) }
                continue
            }
            candidates.append(
                Candidate(
                    cellX: Self.floorDivide(Int64(p.x) + corner.x, cell),
                    cellY: Self.floorDivide(Int64(p.y) + corner.y, cell),
                    priority: priority(Int(f), limit.priorityField), id: id(Int(f)), feature: f))
        }
        candidates.sort(by: Candidate.precedes)
        var inCell = 0
        for i in candidates.indices {
            let isNewCell = i == 0
                || (candidates[i].cellX, candidates[i].cellY) != (candidates[i - 1].cellX, candidates[i - 1].cellY)
            inCell = isNewCell ? 1 : inCell + 1
            guard unsafe boxes[Int(candidates[i].feature)].intersects(query) else { continue }
            if inCell <= limit.featuresPerCell {
                kept.append(candidates[i].feature)
            } else {
                leaveOut(Int(candidates[i].feature), .density)
            }
        }
        kept.sort()
        scratch.hits = kept
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
        let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
        return rest < 0 ? quotient - 1 : quotient
    }
}
