/// What fills the covered pixels.
public enum Paint: Sendable, Hashable {
    case colour(Colour)
    /// A picture repeated in both directions; its left top corner lies on canvas pixel `originX`, `originY`, which may
    /// be outside, so that neighbouring canvases continue one pattern.
    case pattern(Pixmap, originX: Int, originY: Int)
}
