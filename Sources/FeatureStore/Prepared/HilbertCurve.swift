import SimpleFeatures

/// The Hilbert curve over a square of 2^order cells a side.
enum HilbertCurve {
    /// How far along the curve the cell lies; `order` is 1...31, x and y below 2^order.
    static func distance(x: UInt32, y: UInt32, order: Int) -> UInt64 {
        var (x, y) = (x, y)
        let mask = (UInt32(1) << UInt32(order)) &- 1
        var distance: UInt64 = 0
        var side = UInt32(1) << UInt32(order - 1)
        while side > 0 {
            let right = x & side != 0
            let upper = y & side != 0
            let quadrant: UInt64 = (right ? 3 : 0) ^ (upper ? 1 : 0)
            distance &+= UInt64(side) &* UInt64(side) &* quadrant
            if !upper {
                if right {
                    x = mask &- x
                    y = mask &- y
                }
                swap(&x, &y)
            }
            side >>= 1
        }
        return distance
    }
}

extension HilbertCurve {
    /// Where a feature lies along the curve over the whole world of EPSG:3857, in cells of 2^-5 m.
    ///
    /// The curve does not depend on the layer's extent, so that a feature which comes or goes moves no other.
    /// - Parameters:
    ///   - box: of the feature in the first grid; an empty one comes first.
    ///   - grid: the layer's first, EPSG:3857.
    static func place(of box: StoredBox, _ grid: PreparedSchema.Grid) -> UInt64 {
        guard !box.isEmpty else { return 0 }
        // All of it is exact: the unit is a power of two, the origin a multiple of it, the sums are short of 2^53.
        func cell(_ sum: Int64, _ origin: Double) -> UInt32 {
            let metres = Double(sum) * (grid.unit / 2) + origin
            return UInt32(max(0, min(0x7FFF_FFFF, ((metres + 0x1p25) * 32).rounded(.down))))
        }
        return distance(
            x: cell(Int64(box.minX) + Int64(box.maxX), grid.origin.x), y: cell(Int64(box.minY) + Int64(box.maxY), grid.origin.y),
            order: 31)
    }
}
