/// A drawn glyph, with its size in 1/64 pixel.
struct GlyphKey: Hashable {
    var glyph: UInt32
    var face: Int32
    var size: Int32
    var quarter: UInt8

    init(_ placement: GlyphPlacement) {
        precondition((0...3).contains(placement.quarter), "a glyph is moved by 0...3 quarters of a pixel, not \(placement.quarter)")
        precondition(placement.sizeInPixels > 0 && placement.sizeInPixels <= 4000, "a glyph is drawn at up to 4000 pixels, not \(placement.sizeInPixels)")
        glyph = placement.glyph
        face = Int32(placement.face)
        size = max(1, Int32((placement.sizeInPixels * 64).rounded()))
        quarter = UInt8(placement.quarter)
    }
}

/// A drawn halo; widths in 1/64 pixel.
struct HaloKey: Hashable {
    var glyph: GlyphKey
    var width: Int32
    var blur: Int32
}
