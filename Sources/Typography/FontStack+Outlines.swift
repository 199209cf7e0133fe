extension FontStack {
    /// How far a chord of a drawn outline may depart from its curve.
    static let flatnessInPixels: Float = 0.04

    /// A glyph's outline at a size, for text that turns along a line; `quarter` is not applied. Empty for a space.
    ///
    /// - Throws: `glyphUnreadable`, `sizeInvalid`.
    public func outline(_ placement: GlyphPlacement) throws(TypographyError) -> GlyphOutline {
        try placement.checkSize()
        let contours = try faces[placement.face].contours(
            of: placement.glyph, pixelsPerEm: placement.sizeInPixels, toleranceInPixels: FontStack.flatnessInPixels)
        return GlyphOutline(
            coordinates: contours.coordinates.map { Int32(clamping: Int(($0 * 256).rounded())) },
            partEnds: contours.partEnds
        )
    }
}
