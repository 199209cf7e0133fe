/// Coverage alone, without a colour: what a glyph is once it is drawn.
public struct Mask: Sendable, Hashable {
    public let width: Int
    public let height: Int
    /// `width * height` values, 0 outside ... 255 wholly covered, row 0 on top.
    public var coverage: [UInt8]

    public init(width: Int, height: Int, coverage: [UInt8]) {
        precondition(coverage.count == width * height, "a mask holds width * height values")
        self.width = width
        self.height = height
        self.coverage = coverage
    }
}
