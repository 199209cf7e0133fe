public import Tiling

/// The closed box, in window units, that geometry is cut to: the window with its margin.
@frozen
public struct ClipBox: Hashable, Sendable {
    public var minX: Int32
    public var minY: Int32
    public var maxX: Int32
    public var maxY: Int32

    @inlinable
    public init(minX: Int32, minY: Int32, maxX: Int32, maxY: Int32) {
        precondition(minX < maxX && minY < maxY, "a clip box has an inside")
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    @inlinable
    public init(window: TileWindow) {
        self.init(
            minX: -window.margin, minY: -window.margin, maxX: window.width + window.margin,
            maxY: window.height + window.margin)
    }

    @inlinable
    public func contains(x: Int32, y: Int32) -> Bool { x >= minX && x <= maxX && y >= minY && y <= maxY }

    /// Which sides the position lies beyond: 1 left, 2 right, 4 top, 8 bottom; 0 is inside or on the border.
    func outcode(x: Int32, y: Int32) -> UInt8 {
        (x < minX ? 1 : 0) | (x > maxX ? 2 : 0) | (y < minY ? 4 : 0) | (y > maxY ? 8 : 0)
    }

    /// Whether the position, known to be in the closed box, lies on its border.
    @inlinable
    func isOnBorder(_ p: GridPosition) -> Bool { p.x == minX || p.x == maxX || p.y == minY || p.y == maxY }

    /// Whether two positions of the closed box lie on one side of its border.
    func areOnOneSide(_ a: GridPosition, _ b: GridPosition) -> Bool {
        (a.x == b.x && (a.x == minX || a.x == maxX)) || (a.y == b.y && (a.y == minY || a.y == maxY))
    }

    /// How far clockwise on screen from the top left corner a border position lies, in units along the border.
    func borderPlace(_ p: GridPosition) -> Int64 {
        let width = Int64(maxX) - Int64(minX)
        let height = Int64(maxY) - Int64(minY)
        if p.y == minY && p.x < maxX { return Int64(p.x) - Int64(minX) }
        if p.x == maxX && p.y < maxY { return width + Int64(p.y) - Int64(minY) }
        if p.y == maxY && p.x > minX { return width + height + Int64(maxX) - Int64(p.x) }
        return 2 * width + height + Int64(maxY) - Int64(p.y)
    }

    /// The corners clockwise on screen from the top left, with their border places.
    var corners: [(place: Int64, position: GridPosition)] {
        [(minX, minY), (maxX, minY), (maxX, maxY), (minX, maxY)].map {
            let p = GridPosition(x: $0.0, y: $0.1)
            return (borderPlace(p), p)
        }
    }

    /// Whether the segment from `a` to `b` has a position in the closed box.
    public func meets(_ a: GridPosition, _ b: GridPosition) -> Bool { cut(a, b) != nil }

    /// The part of the segment from `a` to `b` in the closed box; `nil` when it misses.
    ///
    /// A cut is computed from the segment's own ends and rounded as one rational number, so that a segment and its
    /// reverse are cut at the same positions.
    func cut(_ a: GridPosition, _ b: GridPosition) -> (from: GridPosition, to: GridPosition)? {
        let codeA = outcode(x: a.x, y: a.y)
        let codeB = outcode(x: b.x, y: b.y)
        if codeA | codeB == 0 { return (a, b) }
        if codeA & codeB != 0 { return nil }
        guard let from = codeA == 0 ? a : entry(a, b, codeA), let to = codeB == 0 ? b : entry(b, a, codeB) else {
            return nil
        }
        return (from, to)
    }

    /// Where the line from an outside position `a` towards `b` comes in.
    private func entry(_ a: GridPosition, _ b: GridPosition, _ code: UInt8) -> GridPosition? {
        if code & 3 != 0 {
            let side = code & 1 != 0 ? minX : maxX
            let y = Self.crossing(side, (a.x, a.y), (b.x, b.y))
            if y >= minY && y <= maxY { return GridPosition(x: side, y: y) }
        }
        if code & 12 != 0 {
            let side = code & 4 != 0 ? minY : maxY
            let x = Self.crossing(side, (a.y, a.x), (b.y, b.x))
            if x >= minX && x <= maxX { return GridPosition(x: x, y: side) }
        }
        return nil
    }

    /// v of the line through `a` and `b`, given as (u, v), where it crosses `u`; rounded half up.
    static func crossing(_ u: Int32, _ a: (u: Int32, v: Int32), _ b: (u: Int32, v: Int32)) -> Int32 {
        var run = Int64(b.u) - Int64(a.u)
        var rise = (Int64(u) - Int64(a.u)) * (Int64(b.v) - Int64(a.v))
        if run < 0 {
            run = -run
            rise = -rise
        }
        let (quotient, rest) = (2 * rise + run).quotientAndRemainder(dividingBy: 2 * run)
        return Int32(clamping: Int64(a.v) + (rest < 0 ? quotient - 1 : quotient))
    }
}
