import Raster
import Typography

/// Lays out the texts of one symbol layer and says what they are drawn with.
struct TextSetting {
    let layer: String
    let common: SymbolLayerFormat
    let catalogue: FontCatalogue
    let frame: RenderFrame
    private var inks: [TextInk: SharedInk] = [:]

    init(layer: String, common: SymbolLayerFormat, catalogue: FontCatalogue, frame: RenderFrame) {
        self.layer = layer
        self.common = common
        self.catalogue = catalogue
        self.frame = frame
    }

    /// - Parameter wraps: whether the text may be broken to its maximum width; along a line it may not.
    /// - Returns: the layout, with what the fonts lack in `missing`.
    /// - Throws: `missingFont`.
    func layout(
        _ format: SymbolFormat, wraps: Bool, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> TextLayout {
        try scratch.layout(format.text, ink(format, wraps: wraps), catalogue)
    }

    /// What the text is drawn with, the same object for the same values.
    mutating func sharedInk(_ format: SymbolFormat, wraps: Bool) -> SharedInk {
        let ink = ink(format, wraps: wraps)
        if let known = inks[ink] { return known }
        let shared = SharedInk(ink)
        inks[ink] = shared
        return shared
    }

    func ink(_ format: SymbolFormat, wraps: Bool) -> TextInk {
        TextInk(
            layer: layer, fonts: format.fonts, sizeInPixels: format.sizeInPixels,
            options: TextLayout.Options(
                maxWidthInEm: wraps ? format.maximumWidthInEm : nil, lineHeightInEm: common.lineHeight,
                letterSpacingInEm: format.letterSpacingInEm, justification: justification(format)),
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

extension RenderScratch {
    /// - Throws: `missingFont`.
    mutating func layout(_ text: String, _ ink: TextInk, _ catalogue: FontCatalogue) throws(PortrayalError) -> TextLayout {
        let stack = try fonts.stack(ink.fonts, catalogue, layer: ink.layer)
        return layouts.layout(text, stack, sizeInPixels: ink.sizeInPixels, options: ink.options)
    }
}
