import Testing
import Typography

@Suite struct GlyphBitmapTests {
    private static let text = "滘埗莞A8g口"

    private func area(_ outline: GlyphOutline) -> Double {
        var sum = 0.0
        var start = 0
        for end in outline.partEnds {
            for index in start..<end {
                let next = index + 1 == end ? start : index + 1
                let (x0, y0) = (Double(outline.coordinates[2 * index]), Double(outline.coordinates[2 * index + 1]))
                let (x1, y1) = (Double(outline.coordinates[2 * next]), Double(outline.coordinates[2 * next + 1]))
                sum += x0 * y1 - x1 * y0
            }
            start = end
        }
        return (sum / 2).magnitude / 65536
    }

    @Test(.wenQuanYi, .noto, arguments: [InstalledFonts.wenQuanYi, InstalledFonts.noto], [13.5 as Float, 24])
    func bitmapAndOutlineCoverTheSameArea(font: String, size: Float) throws {
        let stack = try InstalledFonts.stack(font)
        for placement in stack.placements(Self.text, sizeInPixels: size) {
            let outline = try stack.outline(placement)
            let covered = try stack.bitmap(placement).coverage.reduce(0.0) { $0 + Double($1) } / 255
            #expect(covered > 5)
            #expect(abs(covered - area(outline)) < 0.02 * covered, "glyph \(placement.glyph)")
        }
    }

    @Test(.wenQuanYi) func quartersMoveTheGlyph() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        var placement = stack.placements("莞", sizeInPixels: 14)[0]
        var centres: [Double] = []
        for quarter in 0..<4 {
            placement.quarter = quarter
            let bitmap = try stack.bitmap(placement)
            var (mass, moment) = (0.0, 0.0)
            for index in bitmap.coverage.indices {
                let value = Double(bitmap.coverage[index])
                mass += value
                moment += value * (Double(bitmap.left + index % bitmap.width) + 0.5)
            }
            centres.append(moment / mass)
        }
        for index in 1..<4 { #expect(abs(centres[index] - centres[index - 1] - 0.25) < 0.01) }
    }

    @Test(.wenQuanYi, .noto, arguments: [InstalledFonts.wenQuanYi, InstalledFonts.noto], [0 as Float, 0.5, 1.5, 3])
    func haloContainsTheFillAndGrowsByItsWidth(font: String, width: Float) throws {
        let stack = try InstalledFonts.stack(font)
        for placement in stack.placements(Self.text, sizeInPixels: 14) {
            let fill = try stack.bitmap(placement)
            let halo = try stack.haloBitmap(placement, haloWidthInPixels: width)
            let (dx, dy) = (fill.left - halo.left, fill.top - halo.top)
            #expect(dx >= 0 && dy >= 0 && dx + fill.width <= halo.width && dy + fill.height <= halo.height)
            for row in 0..<fill.height {
                for column in 0..<fill.width {
                    #expect(halo.coverage[(row + dy) * halo.width + column + dx] >= fill.coverage[row * fill.width + column])
                }
            }
            // No pixel of the rim is so dark that the box could have cut the halo off.
            for column in 0..<halo.width { #expect(halo.coverage[column] < 40) }
        }
    }

    @Test(.wenQuanYi) func haloOfABarIsAsWideAsAsked() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let placement = stack.placements("一", sizeInPixels: 32)[0]
        func column(_ bitmap: GlyphBitmap) -> Double {
            (0..<bitmap.height).reduce(0.0) { $0 + Double(bitmap.coverage[$1 * bitmap.width + bitmap.width / 2]) / 255 }
        }
        let fill = column(try stack.bitmap(placement))
        for width: Float in [1, 2, 2.5] {
            let halo = column(try stack.haloBitmap(placement, haloWidthInPixels: width))
            #expect(abs(halo - fill - 2 * Double(width)) < 0.25)
        }
    }

    @Test(.wenQuanYi) func aSpaceDrawsNothing() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let placement = stack.placements(" ", sizeInPixels: 14)[0]
        #expect(try stack.bitmap(placement) == .empty)
        #expect(try stack.haloBitmap(placement, haloWidthInPixels: 1) == .empty)
        #expect(try stack.outline(placement) == GlyphOutline(coordinates: [], partEnds: []))
    }

    @Test(.wenQuanYi) func cachedAndFreshAreEqualThroughEviction() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let placement = stack.placements("莞", sizeInPixels: 14)[0]
        let first = try stack.bitmap(placement)
        for glyph in UInt32(1000)..<1400 { _ = try stack.bitmap(GlyphPlacement(glyph: glyph, face: 0, sizeInPixels: 200)) }
        #expect(try stack.bitmap(placement) == first)
    }

    @Test(.wenQuanYi) func aGlyphTheFaceDoesNotHaveIsRefused() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let error = #expect(throws: TypographyError.self) { try stack.bitmap(GlyphPlacement(glyph: 1_000_000, face: 0, sizeInPixels: 14)) }
        #expect(error?.code == .glyphUnreadable)
    }

    @Test(.wenQuanYi, arguments: [0 as Float, -1, .nan, .infinity, 1e9])
    func aSizeThatCannotBeDrawnIsRefused(size: Float) throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let placement = GlyphPlacement(glyph: 100, face: 0, sizeInPixels: size)
        #expect(throws: TypographyError.self) { try stack.bitmap(placement) }
        #expect(throws: TypographyError.self) { try stack.outline(placement) }
        let sound = GlyphPlacement(glyph: 100, face: 0, sizeInPixels: 14)
        if size != 0 { #expect(throws: TypographyError.self) { try stack.haloBitmap(sound, haloWidthInPixels: size) } }
    }
}
