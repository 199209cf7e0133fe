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
