/// Choices of one render.
public struct RenderOptions: Sendable, Hashable {
    /// Whether a label is drawn only when it lies wholly inside the window without its margin, so that no label is
    /// cut where two windows meet.
    public var keepsLabelsWhole: Bool
    /// Whether labels and icons are drawn at all.
    public var drawsSymbols: Bool
    /// Whether the style's background layers are drawn; without them what is under the features shows through.
    public var drawsBackground: Bool
    /// How features of one layer lie over one another.
    public var manner: Manner

    public enum Manner: Sendable {
        /// Features that are painted alike become one shape: no seam between neighbours, nothing painted twice.
        case seamless
        /// As MapLibre's clients do it: one feature after the other, translucent ones adding up, the edges of fills
        /// smoothed outwards.
        case client
    }

    public init(keepsLabelsWhole: Bool = true, drawsSymbols: Bool = true, drawsBackground: Bool = true, manner: Manner = .seamless) {
        self.keepsLabelsWhole = keepsLabelsWhole
        self.drawsSymbols = drawsSymbols
        self.drawsBackground = drawsBackground
        self.manner = manner
    }
}
