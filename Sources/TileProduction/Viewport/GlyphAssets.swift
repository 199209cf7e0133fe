import Foundation
import Portrayal
import Typography

/// Glyph ranges in files, at the addresses that a style's `glyphs` makes.
struct GlyphAssets: GlyphBlocks {
    let template: String
    let assets: AssetDirectory

    func glyphRange(fontStack: String, block: Int) throws(TypographyError) -> [UInt8]? {
        let first = block * GlyphRange.blockLength
        let address = template.replacingOccurrences(of: "{fontstack}", with: fontStack)
            .replacingOccurrences(of: "{range}", with: "\(first)-\(first + GlyphRange.blockLength - 1)")
        do {
            return try assets.contents(of: address)
        } catch {
            throw TypographyError(code: .fontUnreadable, message: "glyphs \"\(address)\": \(error.message)")
        }
    }
}
