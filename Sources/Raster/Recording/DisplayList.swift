/// What a recording canvas was asked to paint, in order, as values: the same picture for any medium and any number of strips.
///
/// Positions are those of the canvas: x right, y down, 24.8 fixed pixels in paths and discs, pixels elsewhere.
public struct DisplayList: Sendable {
    /// A part of what one paint is laid through.
    public enum Shape: Sendable {
        /// Closed outlines.
        case fill(PathSlice)
        case stroke(PathSlice, isClosed: Bool, Stroke)
        /// Centre in 24.8 pixels, radius in pixels; a reversed one takes away from one that it lies in.
        case disc(x: Int32, y: Int32, radius: Float, isReversed: Bool)
    }

    public enum Item: Sendable {
        /// Paint through all the shapes as one: where they overlap it is laid once.
        case paint([Shape], Paint, rule: FillRule, opacity: Float)
        case image(Pixmap, at: ImagePlacement, sampling: ImageSampling, opacity: Float)
        /// Keeps the paints that follow inside an area; `nil` lets them lie anywhere.
        case clip(ClipArea?)
        /// What follows lies on a surface of its own, until `endGroup` lays it down as one.
        case beginGroup
        case endGroup(opacity: Float)
        /// Another list, cut to its own size; its left top corner lies on this pixel.
        case list(DisplayList, left: Int, top: Int)
    }

    /// Pixels.
    public let width: Int
    public let height: Int
    public internal(set) var items: [Item] = []

    /// The longest side in pixels: no memory is taken for them, but positions have to fit their integers.
    public static let sideLimit = 32_768

    public init(width: Int, height: Int) {
        precondition(
            (1...Self.sideLimit).contains(width) && (1...Self.sideLimit).contains(height),
            "a display list is 1...\(Self.sideLimit) pixels a side")
        self.width = width
        self.height = height
    }
}

extension DisplayList.Shape {
    /// What it may mark, in 24.8 pixels; `nil` for nothing.
    var bounds: PathBounds? {
        switch self {
        case .fill(let slice): slice.bounds()
        case .stroke(let slice, _, let stroke): slice.bounds()?.widened(by: Stroker.reach(stroke))
        case .disc(let x, let y, let radius, _): PathBounds(x: Int(x), y: Int(y)).widened(by: Arc.reach(radius))
        }
    }

    func moved(x: Int32, y: Int32) -> Self {
        switch self {
        case .fill(let slice): .fill(slice.moved(x: x, y: y))
        case .stroke(let slice, let isClosed, let stroke): .stroke(slice.moved(x: x, y: y), isClosed: isClosed, stroke)
        case .disc(let centreX, let centreY, let radius, let isReversed):
            .disc(x: centreX + x, y: centreY + y, radius: radius, isReversed: isReversed)
        }
    }
}

extension PathSlice {
    /// Calls `body` for each part with its positions in 24.8 pixels, x and y in turn, the offset added.
    public func forEachPart(_ body: (_ positions: [(x: Int32, y: Int32)]) -> Void) {
        unsafe forEachPart { xy, count in
            body((0..<count).map { i in unsafe (xy[2 * i] &+ offsetX, xy[2 * i + 1] &+ offsetY) })
        }
    }

    func moved(x: Int32, y: Int32) -> PathSlice {
        var slice = self
        slice.offsetX += x
        slice.offsetY += y
        return slice
    }
}
