extension FontStack {
    /// A glyph grown by a halo: its fill and everything within `haloWidthInPixels` of it; cached.
    ///
    /// Distances to the outline are exact, so corners are round and the edge is smooth; the fill's coverage is never less than in `bitmap`.
    /// - Parameters:
    ///   - haloWidthInPixels: 0 or more, rounded to 1/64.
    ///   - blurInPixels: how far the edge fades beyond that of an ordinary edge, as in MapLibre's `text-halo-blur`.
    /// - Throws: `glyphUnreadable`, `sizeInvalid`.
    public func haloBitmap(
        _ placement: GlyphPlacement, haloWidthInPixels: Float, blurInPixels: Float = 0
    ) throws(TypographyError) -> GlyphBitmap {
        let sizes: ClosedRange<Float> = 0...FontStack.largestHaloInPixels
        guard sizes.contains(haloWidthInPixels), sizes.contains(blurInPixels) else {
            throw TypographyError(
                code: .sizeInvalid, message: "a halo of \(haloWidthInPixels) pixels with a blur of \(blurInPixels) cannot be drawn; give 0 to \(sizes.upperBound) for both")
        }
        let key = HaloKey(
            glyph: try GlyphKey(placement), width: Int32((haloWidthInPixels * 64).rounded()), blur: Int32((blurInPixels * 64).rounded()))
        if let halo = halos.value(for: key) { return halo }
        let halo = try grow(placement, key)
        halos.insert(halo, for: key, cost: halo.coverage.count + 96)
        return halo
    }

    private static let largestHaloInPixels: Float = 200
    /// Half the width of an edge in pixels: with the smooth step below, a ramp of one pixel.
    private static let edgeInPixels: Float = 0.75
    /// MapLibre's factor from blur to the width of the edge.
    private static let blurFactor: Float = 1.19

    private func grow(_ placement: GlyphPlacement, _ key: HaloKey) throws(TypographyError) -> GlyphBitmap {
        let fill = try bitmap(placement)
        guard fill.width > 0 else { return .empty }
        let width = Float(key.width) / 64
        let edge = FontStack.edgeInPixels + FontStack.blurFactor * Float(key.blur) / 64
        let reach = width + edge
        let margin = Int(reach.rounded(.up))
        let contours = try faces[placement.face].contours(
            of: placement.glyph, pixelsPerEm: Float(key.glyph.size) / 64, toleranceInPixels: FontStack.flatnessInPixels
        ).movedRight(by: Float(key.glyph.quarter) / 4)
        let field = DistanceField(
            contours, left: fill.left - margin, top: fill.top - margin, width: fill.width + 2 * margin, height: fill.height + 2 * margin,
            reach: reach)
        var coverage = [UInt8](repeating: 0, count: field.width * field.height)
        for index in coverage.indices {
            let depth = (width - field.signedDistance(index)) / edge
            if depth <= -1 { continue }
            let t = min(1, (depth + 1) / 2)
            coverage[index] = UInt8(t * t * (3 - 2 * t) * 255 + 0.5)
        }
        for row in 0..<fill.height {
            let target = (row + margin) * field.width + margin
            for column in 0..<fill.width {
                coverage[target + column] = max(coverage[target + column], fill.coverage[row * fill.width + column])
            }
        }
        return GlyphBitmap(width: field.width, height: field.height, left: fill.left - margin, top: fill.top - margin, coverage: coverage)
    }
}
