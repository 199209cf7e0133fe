import Foundation
import Testing
import Typography

@Suite struct DamagedFontTests {
    /// Overwrites or cuts a font and asks for everything: each call answers or throws, none traps.
    private func exercise(_ bytes: Data, seed: UInt64) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("typography-\(UUID()).ttf").path
        try bytes.write(to: URL(fileURLWithPath: path))
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: path) } }
        let catalogue = FontCatalogue(fonts: [FontDescription(name: "A", path: path, faceIndex: 0)])
        do throws(TypographyError) {
            let stack = try FontStack(names: ["A"], catalogue: catalogue)
            let run = stack.shape("Dongguan 128 (A)", sizeInPixels: 14)
            for glyph in run.glyphs {
                let placement = GlyphPlacement(glyph: glyph.glyph, face: glyph.face, sizeInPixels: 14)
                do throws(TypographyError) {
                    _ = try stack.outline(placement)
                    _ = try stack.haloBitmap(placement, haloWidthInPixels: 1)
                } catch {
                    #expect(error.code == .glyphUnreadable, "seed \(seed)")
                }
            }
            do throws(TypographyError) {
                _ = try GlyphRange.pbf(stackName: "A", range: 0..<256, stack: stack)
            } catch {
                #expect(error.code == .glyphUnreadable, "seed \(seed)")
            }
        } catch {
            #expect(error.code == .fontUnreadable && error.message.contains(path), "seed \(seed)")
        }
    }

    @Test(.dejaVu) func aFontCutShortIsRefusedOrReported() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: InstalledFonts.dejaVuPath))
        for length in [0, 3, 100, 1000, 50_000, 300_000] { try exercise(bytes.prefix(length), seed: 0) }
    }

    @Test(.dejaVu) func aFontWithWrongBytesIsRefusedOrReported() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: InstalledFonts.dejaVuPath))
        var state: UInt64 = 77
        for round in 0..<30 {
            var damaged = bytes
            let reach = round % 2 == 0 ? 2000 : damaged.count
            for _ in 0..<(1 << (round % 12)) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                damaged[Int(state >> 33) % reach] = UInt8(truncatingIfNeeded: state >> 20)
            }
            try exercise(damaged, seed: state)
        }
    }
}
