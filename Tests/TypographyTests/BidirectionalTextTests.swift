import Testing

@testable import Typography

/// Text that runs from right to left: letters in their forms, everything in the order in which it stands.
@Suite struct BidirectionalTextTests {
    private func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

    @Test(arguments: ["东莞市莞城街道123号A座（二期）", "Dongguan – People's Hospital", "École 1º", "가나다", "ก็"])
    func textOfOneDirectionIsLeftAlone(_ text: String) {
        #expect(!BidirectionalText.isNeeded(in: text))
    }

    @Test(arguments: ["سلام", "שלום", "a\u{202E}b", "ﻻ", "松山湖 سلام"]) func otherTextIsRecognised(_ text: String) {
        #expect(BidirectionalText.isNeeded(in: text))
    }

    @Test func lettersTakeTheirForms() {
        // Initial seen, the ligature of lam and alef after a letter, meem alone.
        #expect(BidirectionalText.joined(scalars("سلام")) == [0xFEB3, 0xFEFC, 0xFEE1])
        #expect(BidirectionalText.joined(scalars("بيت")) == [0xFE91, 0xFEF4, 0xFE96])
        #expect(BidirectionalText.joined(scalars("松山")) == scalars("松山"))
    }

    @Test func wordsAreTurnedAboutAndNumbersAreNot() {
        let text = BidirectionalText(scalars("abc אבג 12"))
        #expect(text.visualOrder(of: 0..<10) == [0, 1, 2, 3, 8, 9, 7, 6, 5, 4])
        #expect(text.direction == .leftToRight)
        let other = BidirectionalText(scalars("אב cd"))
        #expect(other.visualOrder(of: 0..<5) == [3, 4, 2, 1, 0])
        #expect(other.direction == .rightToLeft)
        #expect(text.visualOrder(of: 4..<7) == [6, 5, 4])
        #expect(BidirectionalText([]).visualOrder(of: 0..<0) == [])
    }

    @Test func bracketsAreMirrored() {
        #expect(BidirectionalText.mirrored(0x28) == 0x29 && BidirectionalText.mirrored(0x41) == 0x41)
    }

    @Test(.dejaVu) func arabicIsShapedFromTheRight() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.dejaVu)
        let run = stack.shape("سلام", sizeInPixels: 20)
        #expect(run.glyphs.map(\.cluster) == run.glyphs.map(\.cluster).sorted(by: >), "the first letter stands last")
        let alone = "سلام".unicodeScalars.flatMap { stack.shape(String($0), sizeInPixels: 20).glyphs.map(\.glyph) }
        #expect(Set(run.glyphs.map(\.glyph)).isDisjoint(with: alone.prefix(1)), "letters join")
        #expect(run.missing.isEmpty && run.width > 0)
    }

    @Test(.dejaVu) func aParagraphsDirectionHoldsInAllItsLines() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.dejaVu)
        let layout = TextLayout("אבג דהו (12)", stack: stack, sizeInPixels: 20, options: .init(maxWidthInEm: 3))
        let last = try #require(layout.lines.last)
        #expect(layout.lines.count > 1 && last.text == "(12)")
        // From the right: what opens stands at the right of the line, turned about.
        #expect(last.run.glyphs.map(\.cluster) == [3, 1, 2, 0])
    }

    @Test(.dejaVu) func noSpaceComesBetweenJoinedLetters() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.dejaVu)
        func width(_ text: String, _ spacing: Float) -> Float {
            TextLayout(text, stack: stack, sizeInPixels: 20, options: .init(letterSpacingInEm: spacing)).width
        }
        #expect(width("سلام", 0.5) == width("سلام", 0) && width("abcd", 0.5) > width("abcd", 0))
    }

    @Test(.dejaVu, .wenQuanYi) func aMarkStaysWithItsLetter() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi, InstalledFonts.dejaVu)
        for text in ["q\u{301}", "x\u{30C}", "e\u{301}"] {
            let run = stack.shape(text, sizeInPixels: 20)
            #expect(run.missing.isEmpty && Set(run.glyphs.map(\.face)).count == 1, "\(text)")
        }
    }
}
