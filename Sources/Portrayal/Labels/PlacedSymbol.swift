import Raster
import Typography

/// A label and/or icon that has found its place.
///
/// Positions are whole units of 1/256 pixel from the frame it was placed in, and everything is drawn relative to them:
/// moved by whole pixels, to another window, it gives the same pixels.
struct PlacedSymbol: Sendable {
    struct Text: Sendable {
        var content: String
        var ink: SharedInk
        var shape: Shape
    }
    enum Shape: Sendable {
        /// Upright lines, to be laid out again from the content; the box's left top.
        case block(x: Int32, y: Int32)
        /// Single glyphs, each turned about its own origin.
        case glyphs([TurnedGlyph])
    }
    struct Icon: Sendable {
        /// In the style's sheets.
        var name: String
        /// `nil` for the picture as it is in the sheet.
        var stretch: Stretch?
        /// Where the picture's centre comes.
        var x: Int32
        var y: Int32
        var scale: Float
        var degrees: Float
        var opacity: Float
        /// What an icon of distances is painted with; `nil` for one that has its own colours.
        var shade: IconShade?
    }
    /// What a picture was stretched to.
    struct Stretch: Codable, Hashable, Sendable {
        /// Device pixels.
        var width: Int
        var height: Int
        /// Of the parts that do not stretch.
        var scale: Float
    }
    var text: Text?
    var icon: Icon?
    /// Pictures in the text.
    var pictures: [Icon] = []
    /// Drawing order inside the layer: lowest first.
    var order: Double
    /// All that the symbol may paint, halo and overhang included, in pixels.
    var extent: PixelBox
    /// The feature that it was placed for; 0 where that is not known, as in a plan.
    var feature: UInt64 = 0

    /// Pixels to the units that symbols are placed in; what lies farther off than any picture reaches is held there.
    static func units(_ pixels: Float) -> Int32 {
        let units = (pixels * Float(PixelGeometry.unitsPerPixel)).rounded()
        if abs(units) < farthest { return Int32(units) }
        return Int32(units > 0 ? farthest : -farthest)
    }

    /// No canvas is wider than half of this, so that positions can be moved across it.
    private static let farthest: Float = 1_073_741_824
}

/// One glyph of a label along a line.
struct TurnedGlyph: Sendable {
    var glyph: UInt32
    var face: Int
    /// Origin on the baseline, in 1/256 pixel.
    var x: Int32
    var y: Int32
    var turn: Rotation
}

/// What a text is set in and drawn with.
struct TextInk: Hashable, Sendable {
    /// The style layer, for messages.
    var layer: String
    var fonts: [String]
    var sizeInPixels: Float
    var options: TextLayout.Options
    var colour: Colour
    var halo: Colour
    /// Device pixels.
    var haloWidth: Float
    var haloBlur: Float
    var opacity: Float
}

/// One ink for the many labels that share it.
final class SharedInk: Sendable {
    let ink: TextInk

    init(_ ink: TextInk) { self.ink = ink }
}
