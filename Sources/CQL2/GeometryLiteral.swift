public import SimpleFeatures

/// A geometry that a filter spells out, in the CRS of the filter and in the order of its axes.
public struct GeometryLiteral: Hashable, Sendable {
    public var geometry: Geometry
    /// One for each position in document order, `nil` for a position without; empty where no position has one.
    ///
    /// Heights are kept to write the filter again; no relation heeds them.
    public var heights: [Double?]

    public init(_ geometry: Geometry, heights: [Double?] = []) {
        self.geometry = geometry
        self.heights = heights.contains { $0 != nil } ? heights : []
    }
}

/// Takes positions as they are read, with their heights.
struct PositionIntake {
    private(set) var heights: [Double?] = []

    /// A position of two or three numbers.
    mutating func take(_ numbers: [Double]) -> Coordinate {
        heights.append(numbers.count > 2 ? numbers[2] : nil)
        return Coordinate(x: numbers[0], y: numbers[1])
    }
}
