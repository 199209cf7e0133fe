/// How a picture becomes PNG bytes.
public struct PNGOptions: Hashable, Sendable {
    public enum Palette: String, Sendable, CaseIterable {
        /// A palette where 256 colours suffice, else the 256 that come closest.
        case exactElseQuantised
        /// A palette where 256 colours suffice, else true colour; always exact.
        case exactElseTruecolour
        /// Never a palette; always exact.
        case truecolour
    }

    /// libdeflate's 1 (fast) ... 12 (small); above 7 costs much and gains under 2 %.
    public var level: Int
    public var palette: Palette

    public init(level: Int = 6, palette: Palette = .exactElseQuantised) {
        self.level = level
        self.palette = palette
    }

    /// For a picture somebody is waiting for.
    public static let quick = PNGOptions(level: 1)
    /// The same where every pixel has to arrive as it was drawn.
    public static let quickExact = PNGOptions(level: 1, palette: .exactElseTruecolour)
    /// For a picture that is stored: level 6 takes a fifth more time and saves half a percent.
    public static let stored = PNGOptions(level: 5)
}
