import Foundation
import Testing
import Typography

/// The fonts the tests draw with, as Debian's packages fonts-wqy-microhei, fonts-noto-cjk and fonts-dejavu-core install them.
enum InstalledFonts {
    static let wenQuanYiPath = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
    static let notoPath = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
    static let dejaVuPath = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

    static var hasWenQuanYi: Bool { FileManager.default.fileExists(atPath: wenQuanYiPath) }
    static var hasNoto: Bool { FileManager.default.fileExists(atPath: notoPath) }
    static var hasDejaVu: Bool { FileManager.default.fileExists(atPath: dejaVuPath) }

    static let wenQuanYi = "WenQuanYi Micro Hei Regular"
    static let noto = "Noto Sans CJK SC Regular"
    static let dejaVu = "DejaVu Sans Book"

    static let catalogue = FontCatalogue(
        fonts: [
            FontDescription(name: wenQuanYi, path: wenQuanYiPath, faceIndex: 0),
            FontDescription(name: noto, path: notoPath, faceIndex: 2),
            FontDescription(name: dejaVu, path: dejaVuPath, faceIndex: 0),
        ],
        aliases: ["Open Sans Regular": noto])

    static func stack(_ names: String...) throws -> FontStack {
        try FontStack(names: names, catalogue: catalogue)
    }
}

extension Trait where Self == ConditionTrait {
    static var wenQuanYi: Self { .enabled(if: InstalledFonts.hasWenQuanYi, "skipped: WenQuanYi Micro Hei not installed (fonts-wqy-microhei)") }
    static var noto: Self { .enabled(if: InstalledFonts.hasNoto, "skipped: Noto Sans CJK not installed (fonts-noto-cjk)") }
    static var dejaVu: Self { .enabled(if: InstalledFonts.hasDejaVu, "skipped: DejaVu Sans not installed (fonts-dejavu-core)") }
}

extension FontStack {
    /// The glyphs of a text at a size, ready to be drawn.
    func placements(_ text: String, sizeInPixels: Float) -> [GlyphPlacement] {
        shape(text, sizeInPixels: sizeInPixels).glyphs.map { GlyphPlacement(glyph: $0.glyph, face: $0.face, sizeInPixels: sizeInPixels) }
    }
}
