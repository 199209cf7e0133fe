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
        let ends = partEnds.span
        var start = parts.lowerBound == 0 ? 0 : ends[parts.lowerBound - 1]
        unsafe coordinates.span.withUnsafeBufferPointer { xy in
            guard let base = xy.baseAddress else { return }
            for part in parts {
                let end = ends[part]
                precondition(start >= 0 && end >= start && end * 2 <= xy.count, "partEnds count positions, ascending")
                unsafe body(base + start * 2, end - start)
                start = end
            }
        }
    }

    /// What the positions lie between; nil when there are none.
    func bounds() -> PathBounds? {
        var (left, top) = (Int32.max, Int32.max)
        var (right, bottom) = (Int32.min, Int32.min)
        unsafe forEachPart { xy, count in
            for i in 0..<count {
                let (x, y) = unsafe (xy[2 &* i], xy[2 &* i &+ 1])
                left = min(left, x)
                right = max(right, x)
                top = min(top, y)
                bottom = max(bottom, y)
            }
        }
        guard left <= right else { return nil }
        let (dx, dy) = (Int(offsetX), Int(offsetY))
        return PathBounds(left: Int(left) + dx, top: Int(top) + dy, right: Int(right) + dx, bottom: Int(bottom) + dy)
    }
}

/// The least rectangle round a shape, its border included, in 24.8 pixels of the canvas.
struct PathBounds {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int

    init(left: Int, top: Int, right: Int, bottom: Int) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// Of one position.
    init(x: Int, y: Int) {
        self.init(left: x, top: y, right: x, bottom: y)
    }

    func widened(by reach: Int) -> Self {
        Self(left: left - reach, top: top - reach, right: right + reach, bottom: bottom + reach)
    }
}
