/// How a line is drawn along its geometry.
public struct Stroke: Hashable, Sendable {
    /// In pixels; below one pixel the line keeps its width in coverage, so it fades instead of vanishing.
    public var width: Float
    public var cap: LineCap
    public var join: LineJoin
    /// The longest miter in stroke widths, as in SVG and MapLibre.
    public var miterLimit: Float
    /// Pixels on, off, on, ...; empty stands for a solid line. An odd count is repeated once, as in SVG.
    public var dashes: [Float]
    /// Pixels of the dash pattern that lie before the start of each part.
    public var dashPhase: Float

    public init(
        width: Float, cap: LineCap = .butt, join: LineJoin = .miter, miterLimit: Float = 2, dashes: [Float] = [],
        dashPhase: Float = 0
    ) {
        self.width = width
        self.cap = cap
        self.join = join
        self.miterLimit = miterLimit
        self.dashes = dashes
        self.dashPhase = dashPhase
    }
}
