import Raster
import Typography

/// Lays out the texts of one symbol layer and says what they are drawn with.
struct TextSetting {
    let layer: String
    let common: SymbolLayerFormat
    let catalogue: FontCatalogue

    /// - Parameter wraps: whether the text may be broken to its maximum width; along a line it may not.
    /// - Throws: `missingFont`, `missingCharacter`.
    func layout(
        _ format: SymbolFormat, wraps: Bool, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> TextLayout {
        let stack = try scratch.fonts.stack(format.fonts, catalogue, layer: layer)
        let options = TextLayout.Options(
            maxWidthInEm: wraps ? format.maximumWidthInEm : nil, lineHeightInEm: common.lineHeight,
            letterSpacingInEm: format.letterSpacingInEm, justification: justification(format))
        return try scratch.layouts.layout(
            format.text, stack, sizeInPixels: format.sizeInPixels, options: options, layer: layer)
    }

    func ink(_ format: SymbolFormat, _ scratch: inout RenderScratch) throws(PortrayalError) -> TextInk {
        TextInk(
            stack: try scratch.fonts.stack(format.fonts, catalogue, layer: layer), sizeInPixels: format.sizeInPixels,
            colour: format.colour, halo: format.halo, haloWidth: format.haloWidth, haloBlur: format.haloBlur,
            opacity: format.textOpacity)
    }

    /// `auto` follows the anchor: a text that hangs to the right of its point is set flush left.
    private func justification(_ format: SymbolFormat) -> TextLayout.Justification {
        if let stated = TextLayout.Justification(rawValue: format.justify) { return stated }
        switch format.anchor.across {
        case 0: return .left
        case 1: return .right
        default: return .center
        }
    }
}
