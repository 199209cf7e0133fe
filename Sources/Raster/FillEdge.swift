/// How the edge of a shape is drawn.
public enum FillEdge: Sendable {
    /// By the share of each pixel that the shape covers.
    case smooth
    /// A pixel is painted wholly or not at all: when half of it is covered, which is when its middle is.
    case hard
}
