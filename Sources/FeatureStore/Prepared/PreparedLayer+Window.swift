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
    ///   - only: the features to look at instead of all; not for rules with a density limit, which weigh a feature against others.
    /// - Throws: `.crsNotServed`.
    public func tileLayer(
        name: String, window: TileWindow, crs: String, rules: TileRules, scratch: inout TileScratch,
        repair: RingRepair? = nil, only: PreparedFeatures? = nil
    ) throws(PreparedLayerError) -> TileSelection {
        let grid = try gridIndex(crs)
        precondition(
            rules.tags.allSatisfy { $0.field >= 0 && $0.field < fields.count }
                && rules.filters.allSatisfy { $0.field >= 0 && $0.field < fields.count },
            "rules name fields of this layer")
        precondition(rules.densityLimit?.priorityField.map(fields.indices.contains) ?? true, "priority is a field of this layer")
        precondition(only == nil || rules.densityLimit == nil, "a density limit needs all features")
        var query = WindowQuery(self, name: name, window: window, grid: grid, rules: rules, repair: repair)
        if let only { query.find(only) } else { query.find(&scratch) }
        scratch.startValues(count: valueCount + (amendment?.delta.valueCount ?? 0))
        return query.cut(&scratch)
    }

    func findHits(_ query: StoredBox, _ grid: Int, _ scratch: inout TileScratch) {
        unsafe PackedIndex.search(
            boxes(grid), levels: levels, query: query, hits: &scratch.hits, other: &scratch.otherHits)
    }
}
