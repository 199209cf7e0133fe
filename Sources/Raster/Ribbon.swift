/// A drawn line as a strip of triangles, the form in which MapLibre's clients draw lines.
///
/// A strip differs from the outline that `Stroke` makes in three visible ways: butt and square ends are cut at pixel
/// borders, a line that crosses itself is painted twice there, and edges fade over a given width.
public struct Ribbon: Sendable {
    struct Vertex {
        /// Pixels.
        var x: Float
        var y: Float
        /// Share of the half width along the line, towards a round end.
        var end: Float
        /// -1 on the left edge, 1 on the right.
        var side: Float
        /// Pixels from the line's start.
        var along: Float
    }

    private(set) var vertices: [Vertex] = []
    /// Three indices each.
    private(set) var triangles: [(Int, Int, Int)] = []
    private var left = -1
    private var right = -1

    init() {}

    /// Starts a new strip.
    mutating func breakStrip() { (left, right) = (-1, -1) }

    mutating func add(_ vertex: Vertex) {
        vertices.append(vertex)
        let index = vertices.count - 1
        if left >= 0, right >= 0 { triangles.append((left, right, index)) }
        if vertex.side > 0 { right = index } else { left = index }
    }
}

/// How a line becomes a ribbon.
public struct RibbonForm: Sendable, Hashable {
    public var cap: LineCap
    public var join: LineJoin
    /// Mitres longer than this many half widths are cut off.
    public var miterLimit: Float
    /// Round joins of mitres shorter than this are drawn as mitres.
    public var roundLimit: Float
    /// Pixels from the middle to the edge, the fading included.
    public var reach: Float
    /// Pixels to the right of the line's direction.
    public var offset: Float
    /// How far from a sharp corner, in pixels, a dash pattern is no longer bent by it.
    public var cornerReach: Float

    public init(
        cap: LineCap, join: LineJoin, miterLimit: Float, roundLimit: Float, reach: Float, offset: Float,
        cornerReach: Float = 15
    ) {
        self.cap = cap
        self.join = join
        self.miterLimit = miterLimit
        self.roundLimit = roundLimit
        self.reach = reach
        self.offset = offset
        self.cornerReach = cornerReach
    }
}
