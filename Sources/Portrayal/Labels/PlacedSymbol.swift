import Raster
import Typography

/// A label and/or icon that has found its place, in device pixels of the window.
struct PlacedSymbol {
    struct Text {
        var ink: TextInk
        var shape: Shape
    }
    enum Shape {
        /// Upright lines; the box's left top.
        case block(TextLayout, left: Float, top: Float)
        /// Single glyphs, each turned about its own origin.
        case glyphs([TurnedGlyph])
    }
    struct Icon {
        var image: Pixmap
        /// Where the picture's centre comes.
        var x: Float
        var y: Float
        var scale: Float
        var degrees: Float
        var opacity: Float
    }
    var text: Text?
    var icon: Icon?
    /// Drawing order inside the layer: lowest first.
    var order: Double
}

/// One glyph of a label along a line.
struct TurnedGlyph {
    var glyph: UInt32
    var face: Int
    /// Origin on the baseline.
    var x: Float
    var y: Float
    var turn: Rotation
}

/// What a text is drawn with.
struct TextInk {
    var stack: FontStack
    var sizeInPixels: Float
    var colour: Colour
    var halo: Colour
    /// Device pixels.
    var haloWidth: Float
    var haloBlur: Float
    var opacity: Float
}
