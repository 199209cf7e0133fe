/// What fills the covered pixels.
public enum Paint: Sendable, Hashable {
    case colour(Colour)
    /// The same, mixed in linear light where it covers in part.
    case linearColour(Colour)
    /// A picture repeated in both directions; its left top corner lies on canvas pixel `originX`, `originY`, which may
    /// be outside, so that neighbouring canvases continue one pattern.
    case pattern(Pixmap, originX: Int, originY: Int)
}
