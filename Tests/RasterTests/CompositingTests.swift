import TestSupport
import Testing

@testable import Raster

@Suite struct CompositingTests {
    @Test func productsAreRoundedExactly() {
        for a in 0...255 as ClosedRange<UInt32> {
            for b in 0...255 as ClosedRange<UInt32> {
                let expected = (a * b * 2 + 255) / 510
                let pair = PixelArithmetic.multiply(a | a << 16, by: b)
                if pair != expected | expected << 16 { Issue.record("\(a) * \(b) / 255 gave \(pair)") }
            }
        }
    }

    @Test func vectorsAgreeWithScalars() {
        var random = SeededGenerator(seed: 31)
        func word() -> UInt32 {
            Colour(
                red: .random(in: 0...255, using: &random), green: .random(in: 0...255, using: &random),
                blue: .random(in: 0...255, using: &random), alpha: .random(in: 0...255, using: &random)
            ).premultiplied
        }
        for _ in 0..<200 {
            var source = SIMD8<UInt32>()
            var below = SIMD8<UInt32>()
            for i in 0..<8 {
                source[i] = word()
                below[i] = word()
            }
            let low = SIMD8<UInt32>(repeating: 0x00FF_00FF)
            let result = PixelArithmetic.over(
                redBlue: PixelArithmetic.channels(source & low), greenAlpha: PixelArithmetic.channels(source &>> 8 & low),
                below)
            for i in 0..<8 { #expect(result[i] == PixelArithmetic.over(source[i], below[i]), "seed 31") }
        }
    }

    @Test func opaqueReplacesAndClearKeeps() {
        var canvas = Canvas(width: 21, height: 3)
        let box = CanvasFillTests.rectangle(0, 0, 21 * 256, 3 * 256)
        let red = Colour(red: 255, green: 7, blue: 1)
        canvas.fill(box, paint: .colour(red))
        canvas.fill(box, paint: .colour(.white), opacity: 0)
        canvas.fill(box, paint: .colour(.clear))
        #expect(canvas.pixmap().uniformColour == red)
        canvas.fill(box, paint: .colour(.black), opacity: 0.5)
        #expect(canvas.pixmap().uniformColour == Colour(red: 127, green: 3, blue: 0))
    }

    @Test func straightAndPremultipliedAgree() {
        for alpha in 0...255 as ClosedRange<UInt32> {
            for channel in 0...alpha {
                let word = channel | channel << 8 | channel << 16 | alpha << 24
                let back = Colour(premultiplied: word).premultiplied
                if back != word { Issue.record("\(word) came back as \(back)") }
            }
        }
    }

    @Test func masksAreLaidDownAndClipped() {
        var canvas = Canvas(width: 4, height: 3)
        let mask = Mask(width: 3, height: 2, coverage: [255, 128, 0, 10, 20, 30])
        canvas.draw(mask: mask, x: 2, y: 1, colour: .black)
        canvas.draw(mask: mask, x: -2, y: -1, colour: .black)
        canvas.draw(mask: mask, x: 900, y: -900, colour: .black)
        let alpha = canvas.pixmap().pixels.map { $0 >> 24 }
        #expect(alpha == [30, 0, 0, 0, 0, 0, 255, 128, 0, 0, 10, 20])
    }

    @Test func patternsKeepTheirPhase() {
        let pattern = GoldenScene.pixmap(["RG", "BY"])
        for origin in [-7, 0, 3] {
            var canvas = Canvas(width: 19, height: 5)
            canvas.fill(
                CanvasFillTests.rectangle(0, 0, 19 * 256, 5 * 256),
                paint: .pattern(pattern, originX: origin, originY: origin))
            let map = canvas.pixmap()
            for y in 0..<5 {
                for x in 0..<19 { #expect(map[x, y] == pattern[abs(x - origin) % 2, abs(y - origin) % 2]) }
            }
        }
    }

    @Test func halvedPicturesAreMeans() {
        var map = Pixmap(width: 3, height: 2)
        map.pixels = [0xFF00_0000, 0xFF00_0004, 0xFF00_0008, 0xFF00_0000, 0xFF00_0004, 0xFF00_0008]
        #expect(map.halved().pixels == [0xFF00_0002, 0x8000_0004])
    }
}
