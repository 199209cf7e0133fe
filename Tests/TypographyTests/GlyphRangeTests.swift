import Foundation
import TestSupport
import Testing

@testable import Typography

@Suite struct GlyphRangeTests {
    @Test(.wenQuanYi, .noto, arguments: [InstalledFonts.wenQuanYi, InstalledFonts.noto], [0, 0x6E00])
    func aRangeDecodesToItsGlyphs(font: String, start: Int) throws {
        let stack = try InstalledFonts.stack(font)
        let bytes = try GlyphRange.pbf(stackName: font, range: start..<(start + 256), stack: stack)
        let block = try GlyphRange.decode(bytes)
        #expect(block.stackName == font)
        #expect(block.range == "\(start)-\(start + 255)")
        let expected = (start..<(start + 256)).compactMap { Unicode.Scalar(UInt32($0)) }
            .filter { !$0.drawsNothing && stack.missingCharacters(in: String($0)).isEmpty }
        #expect(block.glyphs.map(\.scalar) == expected.map(\.value))
        for (glyph, scalar) in zip(block.glyphs, expected) { #expect(try DistanceGlyph(scalar, stack: stack) == glyph) }
        #expect(try GlyphRange.pbf(stackName: font, range: start..<(start + 256), stack: try InstalledFonts.stack(font)) == bytes)
    }

    @Test(.wenQuanYi) func measuresStandOnTheCommonBaseline() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let space = try #require(try DistanceGlyph(" ", stack: stack))
        #expect(space.bitmap.isEmpty && space.advance > 3 && space.advance < 10)
        let capital = try #require(try DistanceGlyph("H", stack: stack))
        #expect(capital.top + GlyphRange.baselineInPixels == capital.height)
        #expect((16...19).contains(capital.height))
        let hanzi = try #require(try DistanceGlyph("国", stack: stack))
        #expect(abs(hanzi.advance - 24) <= 1)
        #expect(hanzi.bitmap.count == (hanzi.width + 6) * (hanzi.height + 6))
    }

    @Test(.wenQuanYi, .noto, arguments: [InstalledFonts.wenQuanYi, InstalledFonts.noto])
    func valuesAreTheDistancesOfBruteForce(font: String) throws {
        let stack = try InstalledFonts.stack(font)
        for scalar in "滘埗A8@口".unicodeScalars {
            let glyph = try #require(try DistanceGlyph(scalar, stack: stack))
            let face = stack.faces[0]
            let contours = try face.contours(of: face.glyph(of: scalar), pixelsPerEm: 24, toleranceInPixels: 0.001)
            let stride = glyph.width + 6
            for index in glyph.bitmap.indices {
                let x = Double(glyph.left - 3 + index % stride) + 0.5
                let y = Double(-glyph.top - GlyphRange.baselineInPixels - 3 + index / stride) + 0.5
                let distance = signedDistance(x, y, contours)
                let expected = max(0, min(255, 255 - 255 * (distance / 8 + 0.25)))
                #expect(abs(Double(glyph.bitmap[index]) - expected) < 2, "\(scalar) pixel \(index) at distance \(distance)")
                if distance < -0.1 { #expect(glyph.bitmap[index] >= 192) }
                if distance > 0.1 { #expect(glyph.bitmap[index] < 192) }
            }
        }
    }

    /// Every segment against the point, and the winding by the angles the segments subtend.
    private func signedDistance(_ x: Double, _ y: Double, _ contours: CurveFlattener) -> Double {
        var (nearest, turning, start) = (Double.infinity, 0.0, 0)
        for end in contours.partEnds {
            for index in start..<end {
                let next = index + 1 == end ? start : index + 1
                let (ax, ay) = (Double(contours.coordinates[2 * index]) - x, Double(contours.coordinates[2 * index + 1]) - y)
                let (bx, by) = (Double(contours.coordinates[2 * next]) - x, Double(contours.coordinates[2 * next + 1]) - y)
                let (dx, dy) = (bx - ax, by - ay)
                let length = dx * dx + dy * dy
                let t = length > 0 ? max(0, min(1, -(ax * dx + ay * dy) / length)) : 0
                nearest = min(nearest, hypot(ax + t * dx, ay + t * dy))
                turning += atan2(ax * by - ay * bx, ax * bx + ay * by)
            }
            start = end
        }
        return turning.magnitude > 3 ? -nearest : nearest
    }

    @Test(.wenQuanYi, arguments: [0..<255, 1..<257, 0x110000..<0x110100, -256..<0, 0..<65536])
    func aRangeThatIsNoBlockIsRefused(range: Range<Int>) throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let error = #expect(throws: TypographyError.self) { try GlyphRange.pbf(stackName: "a", range: range, stack: stack) }
        #expect(error?.code == .rangeInvalid)
    }

    @Test(.noto) func rangesBeyondTheBasicPlaneAndOfSurrogatesHold() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.noto)
        let rare = try GlyphRange.decode(try GlyphRange.pbf(stackName: "a", range: 0x20000..<0x20100, stack: stack))
        #expect(!rare.glyphs.isEmpty && rare.glyphs.allSatisfy { (0x20000..<0x20100).contains($0.scalar) })
        let surrogates = try GlyphRange.decode(try GlyphRange.pbf(stackName: "a", range: 0xD800..<0xD900, stack: stack))
        #expect(surrogates.glyphs.isEmpty)
    }

    @Test(.wenQuanYi) func bytesCutShortAreRefused() throws {
        let stack = try InstalledFonts.stack(InstalledFonts.wenQuanYi)
        let bytes = try GlyphRange.pbf(stackName: "a", range: 0..<256, stack: stack)
        for length in [1, 2, 3, 100, 1000, bytes.count - 1] {
            #expect(throws: TypographyError.self) { try GlyphRange.decode(Array(bytes.prefix(length))) }
        }
    }

    @Test(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
    func rangesOfOtherMakersDecode() throws {
        let directory = Corpora.path("maplibre-render/assets/glyphs/NotoCJK")
        let block = try GlyphRange.decode(Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/19968-20223.pbf"))))
        #expect(block.stackName == "Noto Sans CJK JP Thin" && block.range == "19968-20223")
        #expect(block.glyphs.count == 113)
        let first = try #require(block.glyphs.first { $0.scalar == 0x4E2D })
        #expect((first.width, first.height, first.left, first.top, first.advance) == (20, 22, 2, -8, 24))
    }
}
