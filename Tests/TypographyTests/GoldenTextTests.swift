import Foundation
import Testing
import Typography

@Suite struct GoldenTextTests {
    /// A text's fills over their halos in hexadecimal sixteenths, as a drawing would blend them.
    private func picture(_ text: String, stack: FontStack, sizeInPixels: Float, halo: Float) throws -> [String] {
        let run = stack.shape(text, sizeInPixels: sizeInPixels)
        let width = Int(run.width.rounded(.up)) + 4
        let height = Int(sizeInPixels * 1.5)
        var pixels = [UInt8](repeating: 0, count: width * height)
        for glyph in run.glyphs {
            let quarters = Int((glyph.x * 4).rounded())
            let placement = GlyphPlacement(glyph: glyph.glyph, face: glyph.face, sizeInPixels: sizeInPixels, quarter: quarters & 3)
            let bitmap = halo > 0 ? try stack.haloBitmap(placement, haloWidthInPixels: halo) : try stack.bitmap(placement)
            for row in 0..<bitmap.height {
                for column in 0..<bitmap.width {
                    let x = (quarters >> 2) + 2 + bitmap.left + column
                    let y = Int(sizeInPixels * 1.1) + bitmap.top + row
                    guard (0..<width).contains(x), (0..<height).contains(y) else { continue }
                    pixels[y * width + x] = max(pixels[y * width + x], bitmap.coverage[row * bitmap.width + column])
                }
            }
        }
        return (0..<height).map { row in
            pixels[(row * width)..<((row + 1) * width)].map { $0 < 16 ? "." : String($0 >> 4, radix: 16) }.joined()
        }
    }

    @Test(.wenQuanYi) func fillIsExact() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        #expect(try picture("滘A", stack: stack, sizeInPixels: 14, halo: 0) == GoldenTextTests.fill)
    }

    @Test(.wenQuanYi) func haloIsExact() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        #expect(try picture("滘A", stack: stack, sizeInPixels: 14, halo: 1.5) == GoldenTextTests.halo)
    }

    private static let fill = [""]
    private static let halo = [""]
}
