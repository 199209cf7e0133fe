public import Raster
public import Wording

/// A layer of a map, as a legend is told of it.
public struct LegendLayer: Hashable, Sendable {
    public var id: String
    public var title: LocalisedText
    /// As `base`.
    public var group: String

    public init(id: String, title: LocalisedText, group: String) {
        self.id = id
        self.title = title
        self.group = group
    }
}

/// One layer of the map and how the style draws it.
public struct LegendRow: Hashable, Sendable {
    public var layer: LegendLayer
    /// The nominal levels at which the style draws the layer.
    public var levels: ClosedRange<Int>
    /// Whether the style fills the layer's areas, and draws more of them than their borders.
    public var isFilled: Bool
    /// Drawn by the map's own renderer at one pixel a logical pixel.
    public var swatch: Pixmap
    public var classes: [LegendClass]
}

/// Features of a layer that the style draws in a way of their own.
public struct LegendClass: Hashable, Sendable {
    /// The field that tells them apart, and the value that the swatch was drawn with.
    public var field: String
    public var value: String
    public var title: LocalisedText
    public var swatch: Pixmap
    /// A finer division, as the types of a category.
    public var classes: [LegendClass]
}
