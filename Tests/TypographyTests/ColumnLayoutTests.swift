import Testing

@testable import Typography

/// Text from top to bottom.
@Suite struct ColumnLayoutTests {
    private func layout(_ text: String, maxWidthInEm: Float? = nil) throws -> ColumnLayout {
        let stack = try InstalledFonts.stack(InstalledFonts.noto)
        return ColumnLayout(text, stack: stack, sizeInPixels: 20, options: .init(maxWidthInEm: maxWidthInEm, lineHeightInEm: 1.2))
    }

    @Test(.noto) func hanziStandOneBelowTheOther() throws {
        let column = try layout("松山湖")
        #expect(column.glyphs.count == 3 && column.glyphs.allSatisfy { !$0.isTurned && $0.x == column.glyphs[0].x })
        #expect(column.glyphs.map(\.y) == [17.5, 37.5, 57.5])
        #expect(abs(column.width - 24) < 0.001 && column.height == 60)
    }

    @Test(.noto) func columnsFollowFromRightToLeft() throws {
        let columns = try layout("松山湖大道", maxWidthInEm: 3)
        #expect(abs(columns.width - 48) < 0.001 && columns.height == 60)
        let first = try #require(columns.glyphs.first)
        let last = try #require(columns.glyphs.last)
        #expect(abs(first.x - last.x - 24) < 0.001 && first.y < last.y)
    }

    @Test(.noto) func lettersAndDigitsLieOnTheirSide() throws {
        let column = try layout("第12号A座")
        #expect(column.glyphs.map(\.isTurned) == [false, true, true, false, true, false])
        let row = try InstalledFonts.stack(InstalledFonts.noto).shape("12", sizeInPixels: 20)
        #expect(abs(column.glyphs[3].y - column.glyphs[0].y - 20 - row.width) < 0.001)
    }

    @Test(.noto) func punctuationHasItsVerticalForm() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.noto)
        for sign in "（）《》「」，。".unicodeScalars {
            let column = try layout("东\(sign)莞")
            let inRow = stack.shape(String(sign), sizeInPixels: 20).glyphs.map(\.glyph)
            #expect(column.glyphs.count == 3 && !column.glyphs[1].isTurned && [column.glyphs[1].glyph] != inRow, "\(sign)")
        }
    }

    @Test(.noto) func whatIsMissingIsReported() throws {
        #expect(try layout("东\u{E000}莞").missing == ["\u{E000}"])
        #expect(try layout("").glyphs.isEmpty)
    }

    @Test(.wenQuanYi) func aFontWithoutVerticalFormsStillSetsTheText() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let column = ColumnLayout("东（莞）", stack: stack, sizeInPixels: 20, options: .init())
        #expect(column.glyphs.count == 4 && column.missing.isEmpty)
    }
}
