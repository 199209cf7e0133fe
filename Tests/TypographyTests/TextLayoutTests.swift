import Testing

@testable import Typography

@Suite struct TextLayoutTests {
    private func lines(_ text: String, maxWidthInEm: Float?) throws -> [String] {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        return TextLayout(text, stack: stack, sizeInPixels: 16, options: .init(maxWidthInEm: maxWidthInEm)).lines.map(\.text)
    }

    @Test(.wenQuanYi) func linesAreBalanced() throws {
        #expect(try lines("东莞市莞城街道办事处", maxWidthInEm: 8) == ["东莞市莞城", "街道办事处"])
        #expect(try lines("东莞市莞城街道办事处", maxWidthInEm: 4).map(\.count).max() == 4)
        #expect(try lines("道滘镇", maxWidthInEm: 10) == ["道滘镇"])
        #expect(try lines("道滘镇", maxWidthInEm: nil) == ["道滘镇"])
        #expect(try lines("", maxWidthInEm: 5) == [])
    }

    @Test(.wenQuanYi) func latinBreaksAtSpacesOnly() throws {
        #expect(try lines("Dongguan Municipal People's Hospital", maxWidthInEm: 10) == ["Dongguan Municipal", "People's Hospital"])
        #expect(try lines("Dongguanmunicipality", maxWidthInEm: 3) == ["Dongguanmunicipality"])
    }

    @Test(.wenQuanYi) func lineFeedsAlwaysBreak() throws {
        #expect(try lines("一\n\n二三", maxWidthInEm: 10) == ["一", "", "二三"])
        #expect(try lines(" 一 \n二 ", maxWidthInEm: nil) == ["一", "二"])
    }

    @Test(arguments: [
        ("东", "，", false), ("东", "。", false), ("东", "）", false), ("东", "》", false), ("东", "」", false), ("东", "、", false),
        ("（", "东", false), ("「", "东", false), ("《", "东", false), ("“", "东", false), ("东", "（", true), ("，", "东", true),
        ("）", "东", true), ("”", "东", true), ("东", "莞", true), ("1", "号", false), ("号", "1", true), ("A", "B", false),
        (" ", "B", true), ("A", " ", false), ("-", "B", true), ("\u{A0}", "B", false), ("东", "\u{FE0F}", false), ("e", "\u{301}", false),
        ("’", "t", false), ("—", "—", false), ("…", "…", false), ("\u{20000}", "东", true),
    ])
    func aBreakMayStand(last: String, next: String, allowed: Bool) throws {
        let last = try #require(last.unicodeScalars.first)
        let next = try #require(next.unicodeScalars.first)
        #expect(LineBreaking.mayBreak(after: last, before: next) == allowed)
    }

    @Test(.wenQuanYi) func noRandomTextBreaksAgainstTheRules() throws {
        let seed: UInt64 = 20_260_101
        var state = seed
        let alphabet = Array("东莞道滘，。、（）《》「」 A1-".unicodeScalars)
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        for _ in 0..<300 {
            var text = String.UnicodeScalarView()
            for _ in 0..<25 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            let layout = TextLayout(String(text), stack: stack, sizeInPixels: 16, options: .init(maxWidthInEm: 6))
            let joined = layout.lines.map(\.text).joined().filter { $0 != " " }
            #expect(joined == String(text).filter { $0 != " " }, "seed \(seed)")
            for line in layout.lines.dropFirst() { #expect(line.text.unicodeScalars.first?.startsNoLine == false || line.text.isEmpty, "seed \(seed): \(text)") }
            for line in layout.lines.dropLast() { #expect(line.text.unicodeScalars.last?.endsNoLine == false || line.text.isEmpty, "seed \(seed): \(text)") }
        }
    }

    @Test(.wenQuanYi) func glyphsStandInTheBoxByTheirJustification() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        for justification in [TextLayout.Justification.left, .center, .right] {
            let layout = TextLayout("东莞市\n道滘", stack: stack, sizeInPixels: 20, options: .init(lineHeightInEm: 1.5, justification: justification))
            #expect(layout.height == 60)
            #expect(layout.lines.map(\.baseline) == [22.5, 52.5])
            #expect(layout.width == layout.lines[0].run.width)
            let room = layout.width - layout.lines[1].run.width
            #expect(layout.lines[1].x == (justification == .left ? 0 : justification == .right ? room : room / 2))
        }
    }

    @Test(.wenQuanYi) func aLongTextIsBrokenInReasonableTime() throws {
        let text = String(repeating: "东莞", count: 20_000)
        let result = try lines(text, maxWidthInEm: 10)
        #expect(result.count == 4000)
        #expect(result.joined() == text)
    }

    @Test(.wenQuanYi) func aMissingCharacterIsReported() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let layout = TextLayout("东\u{30000}莞", stack: stack, sizeInPixels: 16, options: .init(maxWidthInEm: 1))
        #expect(layout.missing == ["\u{30000}"])
    }
}
