import Raster
import Typography

/// One symbol of a feature at one place, before anything is known of its neighbours.
struct ClientSymbol {
    var format: SymbolFormat
    /// Device pixels.
    var x: Float
    var y: Float
    /// The line's turn at the place; none off a line.
    var turn: Rotation
    /// The line that text follows, with the place's distance from its start.
    var line: (TwoWayLine, at: Float)?
    /// The feature's place in the data, which orders what nothing else does.
    var index: Int
}

/// Glyphs and pictures of a symbol that has found its place.
struct DrawnSymbol {
    struct Glyph {
        var picture: DistancePicture
        var placement: ImagePlacement
        var fill: DistanceShade
        var halo: DistanceShade?
    }
    struct Image {
        var image: Pixmap
        var placement: ImagePlacement
        var sampling: ImageSampling
        var opacity: Float
    }
    /// Shapes of icons that are coloured by the style.
    var icons: [Glyph] = []
    var images: [Image] = []
    var glyphs: [Glyph] = []
    /// What it covers, whether it keeps others off or not.
    var boxes: [PixelBox] = []
    /// Drawing order in the tile, lowest first; then the feature's place in the data.
    var order: (key: Double, index: Int) = (0, 0)
}

/// What one tile draws of one layer.
struct DrawnSymbols {
    var symbols: [DrawnSymbol] = []
    /// The tile among those of the picture, and its layer of features.
    var tile = 0
    var data = 0
    /// Whether each symbol's text follows its icon, where otherwise all texts lie above all icons.
    var isInterleaved = false
}
