/// An axis-parallel box, closed on all four sides, in the units of the CRS known from context.
///
/// The empty envelope has `minX > maxX`; it contains nothing and intersects nothing.
@frozen
public struct Envelope: Hashable, Sendable {
    public var minX: Double
    public var minY: Double
    public var maxX: Double
    public var maxY: Double

    /// - Precondition: none; an inverted box is the empty envelope.
    @inlinable
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// The envelope of nothing: the identity of `union`.
    public static let empty = Envelope(minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)

    @inlinable
    public var isEmpty: Bool { !(minX <= maxX && minY <= maxY) }

    @inlinable
    public var width: Double { max(0, maxX - minX) }

    @inlinable
    public var height: Double { max(0, maxY - minY) }

    /// The middle of the box; meaningless for the empty envelope.
    @inlinable
    public var centre: Coordinate { Coordinate(x: (minX + maxX) / 2, y: (minY + maxY) / 2) }

    /// Whether the boxes share at least a boundary point.
    @inlinable
    public func intersects(_ other: Envelope) -> Bool {
        minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY
    }

    @inlinable
    public func contains(_ c: Coordinate) -> Bool {
        c.x >= minX && c.x <= maxX && c.y >= minY && c.y <= maxY
    }

    @inlinable
    public func contains(_ other: Envelope) -> Bool {
        other.minX >= minX && other.maxX <= maxX && other.minY >= minY && other.maxY <= maxY
    }

    @inlinable
    public mutating func formUnion(_ c: Coordinate) {
        minX = min(minX, c.x)
        minY = min(minY, c.y)
        maxX = max(maxX, c.x)
        maxY = max(maxY, c.y)
    }

    @inlinable
    public mutating func formUnion(_ other: Envelope) {
        minX = min(minX, other.minX)
        minY = min(minY, other.minY)
        maxX = max(maxX, other.maxX)
        maxY = max(maxY, other.maxY)
    }

    /// The box grown by `distance`, in CRS units, on every side; a negative distance shrinks it.
    @inlinable
    public func expanded(by distance: Double) -> Envelope {
        Envelope(minX: minX - distance, minY: minY - distance, maxX: maxX + distance, maxY: maxY + distance)
    }
}
