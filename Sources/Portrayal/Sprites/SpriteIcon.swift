public import Raster

/// One picture of a sprite sheet.
public struct SpriteIcon: Sendable, Hashable {
    public var name: String
    public var image: Pixmap
    /// Pixels of `image` a logical pixel.
    public var ratio: Float
    /// The part that text may cover, in pixels of `image`: left, top, right, bottom; `nil` for all of it.
    public var content: [Float]?
    /// The spans across that widen when the icon is fitted to text, in pixels of `image`; empty for all of it.
    public var stretchAcross: [[Float]]
    /// The spans down that grow.
    public var stretchDown: [[Float]]
    /// Whether the alphas are distances from an outline (`sdf`), to be painted in the style's colours.
    public var isDistances: Bool

    public init(
        name: String, image: Pixmap, ratio: Float, content: [Float]? = nil, stretchAcross: [[Float]] = [],
        stretchDown: [[Float]] = [], isDistances: Bool = false
    ) {
        self.name = name
        self.image = image
        self.ratio = ratio
        self.content = content
        self.stretchAcross = stretchAcross
        self.stretchDown = stretchDown
        self.isDistances = isDistances
    }
}
