public import Typography

/// Where signed distance glyphs come from when a style names `glyphs`.
public protocol GlyphBlocks: Sendable {
    /// An encoded glyph range, characters `256 n ..< 256 (n + 1)`; `nil` where there is none.
    ///
    /// - Parameter fontStack: the style's `text-font`, joined by commas.
    func glyphRange(fontStack: String, block: Int) throws(TypographyError) -> [UInt8]?
}

/// The distance fonts one worker has open.
struct DistanceFonts {
    private var fonts: [String: DistanceFont] = [:]

    /// - Throws: `missingFont` where the style has no glyph ranges and the catalogue lacks the font.
    mutating func font(
        _ names: [String], _ blocks: (any GlyphBlocks)?, _ catalogue: FontCatalogue, _ open: inout OpenFonts, layer: String
    ) throws(PortrayalError) -> DistanceFont {
        let key = names.joined(separator: ",")
        if let known = fonts[key] { return known }
        let font: DistanceFont
        if let blocks {
            font = DistanceFont { (number) throws(TypographyError) in
                guard let bytes = try blocks.glyphRange(fontStack: key, block: number) else { return [] }
                return try GlyphRange.decode(bytes).glyphs
            }
        } else {
            font = DistanceFont(try open.stack(names, catalogue, layer: layer))
        }
        fonts[key] = font
        return font
    }
}
