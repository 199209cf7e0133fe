/// A drawn glyph, with its size in 1/64 pixel.
struct GlyphKey: Hashable {
    var glyph: UInt32
    var face: Int32
    var size: Int32
    var quarter: UInt8

    /// - Throws: `sizeInvalid`.
    init(_ placement: GlyphPlacement) throws(TypographyError) {
        precondition((0...3).contains(placement.quarter), "a glyph is moved by 0...3 quarters of a pixel, not \(placement.quarter)")
        try placement.checkSize()
        glyph = placement.glyph
        face = Int32(placement.face)
        size = max(1, Int32((placement.sizeInPixels * 64).rounded()))
        quarter = UInt8(placement.quarter)
    }
}

extension GlyphPlacement {
    private static let largestSizeInPixels: Float = 2000

    func checkSize() throws(TypographyError) {
        guard sizeInPixels > 0, sizeInPixels <= GlyphPlacement.largestSizeInPixels else {
            throw TypographyError(
                code: .sizeInvalid, message: "a text size of \(sizeInPixels) pixels cannot be drawn; give more than 0 and up to \(GlyphPlacement.largestSizeInPixels)")
        }
    }
}

/// A drawn halo; widths in 1/64 pixel.
struct HaloKey: Hashable {
    var glyph: GlyphKey
    var width: Int32
    var blur: Int32
}
