/// A position in window units, y down.
@frozen
public struct GridPosition: Hashable, Sendable {
    public var x: Int32
    public var y: Int32

    @inlinable
    public init(x: Int32, y: Int32) {
        self.x = x
        self.y = y
    }

    /// Twice the signed area of the triangle, exact within ±2^30 units; positive turns clockwise on screen.
    @inlinable
    static func turn(_ a: GridPosition, _ b: GridPosition, _ c: GridPosition) -> Int64 {
        (Int64(b.x) &- Int64(a.x)) &* (Int64(c.y) &- Int64(a.y))
            &- (Int64(b.y) &- Int64(a.y)) &* (Int64(c.x) &- Int64(a.x))
    }
}
