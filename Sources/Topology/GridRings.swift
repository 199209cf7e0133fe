/// Rings on the integer grid of a tile window, flat.
///
/// `coordinates` holds x, y pairs; ring `r` runs from `ends[r - 1]` (0 for the first) to `ends[r]`, counted in
/// positions. A ring does not repeat its first position. A ring of positive area (clockwise where y points down)
/// starts a polygon, rings of negative area after it are its holes.
public struct GridRings: Hashable, Sendable {
    public var coordinates: [Int32]
    public var ends: [Int]

    public init(coordinates: [Int32] = [], ends: [Int] = []) {
        self.coordinates = coordinates
        self.ends = ends
    }

    public var isEmpty: Bool { ends.isEmpty }

    /// The positions of ring `r`, as a range of `coordinates`.
    public func coordinateRange(ring r: Int) -> Range<Int> {
        let start = r == 0 ? 0 : ends[r - 1]
        return (start * 2)..<(ends[r] * 2)
    }

    /// Twice the signed area of ring `r`, exact while the ordinates stay below 2^30.
    public func doubledArea(ring r: Int) -> Int64 {
        let range = coordinateRange(ring: r)
        guard range.count >= 6 else { return 0 }
        // Relative to the first position, so that the products stay small.
        let (ox, oy) = (Int64(coordinates[range.lowerBound]), Int64(coordinates[range.lowerBound + 1]))
        var sum: Int64 = 0
        var (px, py): (Int64, Int64) = (0, 0)
        for i in stride(from: range.lowerBound + 2, to: range.upperBound, by: 2) {
            let (x, y) = (Int64(coordinates[i]) - ox, Int64(coordinates[i + 1]) - oy)
            sum &+= px &* y &- x &* py
            (px, py) = (x, y)
        }
        return sum
    }
}
