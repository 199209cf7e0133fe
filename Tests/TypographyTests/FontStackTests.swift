import Testing
import Typography

@Suite struct FontStackTests {
    @Test(.wenQuanYi, .noto, arguments: [InstalledFonts.wenQuanYi, InstalledFonts.noto])
    func characteristicCharactersOfTheCityAreCovered(font: String) throws {
        let stack = try InstalledFonts.stack(font)
        #expect(stack.missingCharacters(in: "道滘 高埗 墈 塱 东莞市莞城街道123号A座（二期）\n\u{200B}\u{FE0F}") == [])
        try stack.requireCoverage(of: "道滘镇高埗镇")
    }

    @Test(.wenQuanYi) func aMissingCharacterIsNamedWithTheFontAndTheText() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let text = "大\u{30000}\u{1F3E0}村"
        #expect(stack.missingCharacters(in: text + "\u{1F3E0}") == ["\u{30000}", "\u{1F3E0}"])
        let error = #expect(throws: TypographyError.self) { try stack.requireCoverage(of: text) }
        #expect(error?.code == .characterMissing)
        let message = try #require(error?.message)
        #expect(message.contains("WenQuanYi Micro Hei Regular") && message.contains("U+30000") && message.contains("U+1F3E0") && message.contains(text))
        let run = stack.shape(text, sizeInPixels: 16)
        #expect(run.missing == ["\u{30000}", "\u{1F3E0}"])
        #expect(run.glyphs.filter { $0.glyph == 0 }.count == 2)
    }

    @Test(.dejaVu, .wenQuanYi) func aCharacterComesFromTheFirstFaceThatHasIt() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.dejaVu, InstalledFonts.wenQuanYi)
        let run = stack.shape("A座1", sizeInPixels: 20)
        #expect(run.glyphs.map(\.face) == [0, 1, 0])
        #expect(run.glyphs.map(\.cluster) == [0, 1, 2])
        #expect(run.missing.isEmpty)
    }

    @Test(.wenQuanYi, .noto, arguments: [InstalledFonts.wenQuanYi, InstalledFonts.noto])
    func hanziAdvanceOneEm(font: String) throws {
        let stack = try InstalledFonts.stack(font)
        for size: Float in [10, 13.5, 24] {
            let run = stack.shape("东莞市道滘镇", sizeInPixels: size)
            #expect(run.glyphs.count == 6)
            #expect(abs(run.width - 6 * size) < 0.06 * 6 * size)
            #expect(run.glyphs.allSatisfy { $0.advance == run.glyphs[0].advance && $0.y == 0 })
            #expect(run.glyphs.last.map { $0.x + $0.advance } == run.width)
        }
    }

    @Test(.noto) func letterSpacingStandsBetweenGlyphsAndPartsLigatures() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.noto)
        let plain = stack.shape("莞城Ab", sizeInPixels: 16)
        let spaced = stack.shape("莞城Ab", sizeInPixels: 16, letterSpacingInPixels: 2)
        #expect(abs(spaced.width - plain.width - 6) < 0.01)
        #expect(stack.shape("fi", sizeInPixels: 16).glyphs.count == 1)
        #expect(stack.shape("fi", sizeInPixels: 16, letterSpacingInPixels: 2).glyphs.count == 2)
    }

    @Test(.dejaVu) func arabicRunsFromTheRightWithItsNumberUpright() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.dejaVu)
        let run = stack.shape("\u{645}\u{62F}\u{64A} 12", sizeInPixels: 16)
        #expect(run.glyphs.map(\.cluster) == [4, 5, 3, 2, 1, 0])
        let mixed = stack.shape("A \u{645}\u{62F} B", sizeInPixels: 16)
        #expect(mixed.glyphs.first?.cluster == 0)
        #expect(mixed.glyphs.last?.cluster == 5)
    }

    @Test(.wenQuanYi) func combiningAndEmptyTextsHold() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        #expect(stack.shape("", sizeInPixels: 16) == ShapedRun(glyphs: [], width: 0, missing: []))
        #expect(stack.shape("e\u{301}", sizeInPixels: 16).width > 0)
        let metrics = stack.metrics(sizeInPixels: 20)
        #expect(metrics.ascender > 14 && metrics.ascender < 30 && metrics.descender > 1 && metrics.lineHeight >= metrics.ascender)
    }

    @Test(.wenQuanYi) func shapingIsDeterministic() throws {
        let text = "虎门大桥 Humen Bridge (G9411)"
        let first = try InstalledFonts.stack(InstalledFonts.wenQuanYi).shape(text, sizeInPixels: 14.5)
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        for _ in 0..<3 { #expect(stack.shape(text, sizeInPixels: 14.5) == first) }
    }
}
