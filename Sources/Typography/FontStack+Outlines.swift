extension FontStack {
    /// How far a chord of a drawn outline may depart from its curve.
    static let flatnessInPixels: Float = 0.04

    /// A glyph's outline at a size, for text that turns along a line; `quarter` is not applied. Empty for a space. Cached.
    ///
    /// - Throws: `glyphUnreadable`, `sizeInvalid`.
    public func outline(_ placement: GlyphPlacement) throws(TypographyError) -> GlyphOutline {
        var key = placement
        key.quarter = 0
        if let outline = outlines.value(for: key) { return outline }
        try placement.checkSize()
        let contours = try faces[placement.face].contours(
            of: placement.glyph, pixelsPerEm: placement.sizeInPixels, toleranceInPixels: FontStack.flatnessInPixels)
        let outline = GlyphOutline(
            coordinates: contours.coordinates.map { Int32(clamping: Int(($0 * 256).rounded())) },
            partEnds: contours.partEnds)
        outlines.insert(outline, for: key, cost: 4 * outline.coordinates.count + 8 * outline.partEnds.count + 96)
        return outline
    }
}
