public import Tiling

/// The order of tiles in PMTiles: level after level, each along a Hilbert curve (PMTiles 3, chapter 4.1).
public enum HilbertOrder {
    /// Levels whose tiles have a number of 64 bits.
    public static let levels = 0...31

    /// Tiles of all levels before this one, 0 ... 32.
    static func first(ofLevel level: Int) -> UInt64 {
        // Of the last one the power is 2 to the 64th, which is 0, and less 1 the largest number.
        (UInt64(1) << UInt64(2 * level) &- 1) / 3
    }

    /// The number of a tile; `nil` where the level has no such row or column as a quadtree.
    public static func number(of address: TileAddress) -> UInt64? {
        guard levels.contains(address.level) else { return nil }
        let side = 1 << address.level
        guard (0..<side).contains(address.row), (0..<side).contains(address.column) else { return nil }
        var (x, y) = (address.column, address.row)
        var along: UInt64 = 0
        var half = side >> 1
        while half > 0 {
            let (right, down) = (x & half != 0 ? 1 : 0, y & half != 0 ? 1 : 0)
            along += UInt64(half) * UInt64(half) * UInt64((3 * right) ^ down)
            rotate(&x, &y, side: half, right: right, down: down)
            half >>= 1
        }
        return first(ofLevel: address.level) + along
    }

    /// The tile of a number; `nil` beyond the last level.
    public static func address(of number: UInt64) -> TileAddress? {
        var level = 0
        while level < 32, number >= first(ofLevel: level + 1) { level += 1 }
        guard levels.contains(level) else { return nil }
        var rest = number - first(ofLevel: level)
        var (x, y) = (0, 0)
        var half = 1
        while half < 1 << level {
            let right = Int(rest / 2) & 1
            let down = Int(rest & 3 ^ UInt64(right)) & 1
            rotate(&x, &y, side: half, right: right, down: down)
            x += half * right
            y += half * down
            rest /= 4
            half <<= 1
        }
        return TileAddress(level: level, row: y, column: x)
    }

    /// A quarter of the curve, turned into its place or back.
    private static func rotate(_ x: inout Int, _ y: inout Int, side: Int, right: Int, down: Int) {
        guard down == 0 else { return }
        if right == 1 {
            x = side - 1 - x & (side - 1)
            y = side - 1 - y & (side - 1)
        }
        swap(&x, &y)
    }
}
