/// Choices of one render.
public struct RenderOptions: Sendable, Hashable {
    /// Whether a label is drawn only when it lies wholly inside the window without its margin, so that no label is
    /// cut where two windows meet.
    public var keepsLabelsWhole: Bool
    /// Whether labels and icons are drawn at all.
    public var drawsSymbols: Bool

    public init(keepsLabelsWhole: Bool = true, drawsSymbols: Bool = true) {
        self.keepsLabelsWhole = keepsLabelsWhole
        self.drawsSymbols = drawsSymbols
    }
}
