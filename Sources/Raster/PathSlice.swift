/// A run of parts of somebody's flat geometry arrays and where it goes on the canvas; copying one copies no geometry.
public struct PathSlice: Sendable {
    /// x, y pairs as in `Path`.
    public var coordinates: [Int32]
    /// Counted in positions, as in `Path`.
    public var partEnds: [Int]
    /// Indices into `partEnds`.
    public var parts: Range<Int>
    /// Added to every x and y, 24.8 pixels.
    public var offsetX: Int32
    public var offsetY: Int32

    @inlinable
    public init(
        coordinates: [Int32], partEnds: [Int], parts: Range<Int>, offsetX: Int32 = 0, offsetY: Int32 = 0
    ) {
        self.coordinates = coordinates
        self.partEnds = partEnds
        self.parts = parts
        self.offsetX = offsetX
        self.offsetY = offsetY
    }

    /// A whole path.
    @inlinable
    public init(_ path: Path, offsetX: Int32 = 0, offsetY: Int32 = 0) {
        self.init(
            coordinates: path.coordinates, partEnds: path.partEnds, parts: 0..<path.partEnds.count, offsetX: offsetX,
            offsetY: offsetY)
    }

    /// Calls `body` for each part with its first x and its count of positions.
    func forEachPart(_ body: (UnsafePointer<Int32>, Int) -> Void) {
        guard !parts.isEmpty else { return }
        precondition(parts.lowerBound >= 0 && parts.upperBound <= partEnds.count, "parts lie inside partEnds")
        unsafe coordinates.withUnsafeBufferPointer { xy in
            guard let base = xy.baseAddress else { return }
            var start = parts.lowerBound == 0 ? 0 : partEnds[parts.lowerBound - 1]
            for part in parts {
                let end = partEnds[part]
                precondition(start >= 0 && end >= start && end * 2 <= xy.count, "partEnds count positions, ascending")
                unsafe body(base + start * 2, end - start)
                start = end
            }
        }
    }
}
