import SimpleFeatures

/// Positions of one CRS on an integer grid whose unit is a power of two: flat x, y pairs relative to an origin.
///
/// Positions are rounded on the CRS's whole grid; the origin is a multiple of 2^20 units, so where a position is
/// rounded to does not depend on the layer's extent. A layer too wide for 32 bits (some 4,000 km at 2^-10 m) gets a
/// coarser unit.
struct StoredPositions: Sendable {
    private static let originStep: Int64 = 1 << 20
    /// Farther from the CRS's zero than any earthly position in any unit used here.
    private static let limit = 0x1p58

    private(set) var values: [Int32] = []
    private var exponent: Int
    private var scale: Double
    private var originX: Int64 = 0
    private var originY: Int64 = 0
    /// The box of the whole-grid positions so far.
    private var low = (x: Int64.max, y: Int64.max)
    private var high = (x: Int64.min, y: Int64.min)

    init(unitExponent: Int) {
        exponent = unitExponent
        scale = Double(sign: .plus, exponent: -unitExponent, significand: 1)
    }

    var origin: Coordinate { Coordinate(x: Double(originX) * unit, y: Double(originY) * unit) }
    var unit: Double { Double(sign: .plus, exponent: exponent, significand: 1) }

    /// Adds a position; false when it is not finite or beyond any CRS's bounds.
    mutating func append(x: Double, y: Double) -> Bool {
        let wholeX = (x * scale).rounded(.toNearestOrEven)
        let wholeY = (y * scale).rounded(.toNearestOrEven)
        guard abs(wholeX) < Self.limit, abs(wholeY) < Self.limit else { return false }
        appendWhole(x: Int64(wholeX), y: Int64(wholeY))
        return true
    }

    /// Adds a position on the CRS's whole grid, in units of 2^`exponent`.
    private mutating func appendWhole(x gridX: Int64, y gridY: Int64) {
        low = (min(low.x, gridX), min(low.y, gridY))
        high = (max(high.x, gridX), max(high.y, gridY))
        if let storedX = Int32(exactly: gridX - originX), let storedY = Int32(exactly: gridY - originY) {
            values.append(storedX)
            values.append(storedY)
            return
        }
        let before = exponent
        if coarsen() {
            let half: Int64 = 1 << Int64(exponent - before - 1)
            let steps = Int64(exponent - before)
            return appendWhole(x: (gridX + half) >> steps, y: (gridY + half) >> steps)
        }
        values.append(Int32(gridX - originX))
        values.append(Int32(gridY - originY))
    }

    /// Adds what another file of the same unit stores.
    ///
    /// - Parameters:
    ///   - stored: flat x, y pairs.
    ///   - origin: of that file, in units.
    mutating func append(stored: UnsafeBufferPointer<Int32>, origin: (x: Int64, y: Int64)) {
        for i in stride(from: 0, to: stored.count, by: 2) {
            unsafe appendWhole(x: Int64(stored[i]) + origin.x, y: Int64(stored[i + 1]) + origin.y)
        }
    }

    /// Moves the origin to the middle of what is stored, so that the order of adding does not show.
    mutating func settle() {
        guard low.x <= high.x else { return }
        move(toX: Self.middle(low.x, high.x), y: Self.middle(low.y, high.y))
    }

    /// Makes room for the box `low`...`high`, by moving the origin or, where that is not enough, halving the grid.
    /// - Returns: whether the unit changed.
    private mutating func coarsen() -> Bool {
        // A quarter of the range stays free, or every position farther out would move the origin again.
        let room: Int64 = 3 << 30
        var steps = 0
        while (high.x >> Int64(steps)) - (low.x >> Int64(steps)) > room
            || (high.y >> Int64(steps)) - (low.y >> Int64(steps)) > room
        { steps += 1 }
        guard steps > 0 else {
            move(toX: Self.middle(low.x, high.x), y: Self.middle(low.y, high.y))
            return false
        }
        let half: Int64 = 1 << Int64(steps - 1)
        low = ((low.x + half) >> Int64(steps), (low.y + half) >> Int64(steps))
        high = ((high.x + half) >> Int64(steps), (high.y + half) >> Int64(steps))
        let (newX, newY) = (Self.middle(low.x, high.x), Self.middle(low.y, high.y))
        for i in stride(from: 0, to: values.count, by: 2) {
            values[i] = Int32(((Int64(values[i]) + originX + half) >> Int64(steps)) - newX)
            values[i + 1] = Int32(((Int64(values[i + 1]) + originY + half) >> Int64(steps)) - newY)
        }
        (originX, originY) = (newX, newY)
        exponent += steps
        scale = Double(sign: .plus, exponent: -exponent, significand: 1)
        return true
    }

    private mutating func move(toX newX: Int64, y newY: Int64) {
        let (dx, dy) = (originX - newX, originY - newY)
        guard dx != 0 || dy != 0 else { return }
        for i in stride(from: 0, to: values.count, by: 2) {
            values[i] = Int32(Int64(values[i]) + dx)
            values[i + 1] = Int32(Int64(values[i + 1]) + dy)
        }
        (originX, originY) = (newX, newY)
    }

    private static func middle(_ low: Int64, _ high: Int64) -> Int64 {
        ((low + (high - low) / 2) >> 20) * originStep
    }
}
