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

    public init(
        name: String, image: Pixmap, ratio: Float, content: [Float]? = nil, stretchAcross: [[Float]] = [],
        stretchDown: [[Float]] = []
    ) {
        self.name = name
        self.image = image
        self.ratio = ratio
        self.content = content
        self.stretchAcross = stretchAcross
        self.stretchDown = stretchDown
    }
}
