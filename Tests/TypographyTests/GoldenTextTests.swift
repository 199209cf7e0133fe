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

    private static let fill = [
        "...........................",
        "...........................",
        "...........................",
        "...........................",
        "...8d39ffffffff1...........",
        "....7ea717.24.f1...8f......",
        ".....138e8.3cd8....ee6.....",
        "..192.c92....49...4e6c.....",
        "...7f3.cdddddd4...991f2....",
        "....3..111d311....f3.b7....",
        "....1.5777e8777..5f338d....",
        "....a7477777777..bfeeef3...",
        "....f3.bbbbbbb3.1f2...a9...",
        "...6e..f44444c5.7d....5e...",
        "...d7..f44444c5.d7.....e5..",
        "..3e1..fbbbbbe5............",
        "...1...3.....21............",
        "...........................",
        "...........................",
        "...........................",
        "...........................",
    ]
    private static let halo = [
        "...........................",
        "...........................",
        "..1a937777777776...........",
        ".1bffeffffffffff7.2886.....",
        ".4ffffffffffffff9.bfff4....",
        ".1cfffffffffffff92ffff9....",
        ".2dfffffffffffffa7ffffe1...",
        ".bffffffffffffffacfffff5...",
        ".bfffffffffffffc3ffffffb...",
        ".19ffffffffffffd9fffffff2..",
        "...dffffffffffffefffffff7..",
        "..4fffffffffffffffffffffc..",
        "..9ffffffffffffdfffffffff3.",
        ".2effffffffffffefff66dfff8.",
        ".9ffffffffffffffffe2.8fffd.",
        ".dfffaffffffffffffa..3fffd.",
        ".8fff7fffffffffc871...5883.",
        "..4b819b93337bb4...........",
        "...........................",
        "...........................",
        "...........................",
    ]
}
