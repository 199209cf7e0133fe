/// Outlines or lines in 24.8 fixed-point pixels (256 units a pixel), x right, y down, within ±2^30 units.
///
/// The arrays are flat: `coordinates` holds x, y pairs; part `p` runs from the end of part `p - 1` to `partEnds[p]`,
/// counted in positions. A filled part is closed without repeating its first position.
public struct Path: Hashable, Sendable {
    public var coordinates: [Int32]
    public var partEnds: [Int]

    public init(coordinates: [Int32] = [], partEnds: [Int] = []) {
        self.coordinates = coordinates
        self.partEnds = partEnds
    }

    /// Adds a position to the part that is not ended yet.
    public mutating func append(x: Int32, y: Int32) {
        coordinates.append(x)
        coordinates.append(y)
    }

    /// Ends the part that the positions appended so far belong to; nothing when there are none.
    public mutating func endPart() {
        let positions = coordinates.count / 2
        if positions > (partEnds.last ?? 0) { partEnds.append(positions) }
    }

    public mutating func removeAll() {
        coordinates.removeAll(keepingCapacity: true)
        partEnds.removeAll(keepingCapacity: true)
    }
}
