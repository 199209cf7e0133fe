import Testing

@testable import Raster

/// Colours mixed by the channels as they are stored, and by amounts of light.
@Suite struct BlendingTests {
    @Test func lightFollowsTheStandardsCurve() {
        // IEC 61966-2-1: 0.04045 / 12.92, ((0.5 + 0.055) / 1.055) ^ 2.4 and so on, in 1/65 535.
        #expect(LinearLight.light[0] == 0 && LinearLight.light[255] == 65_535)
        #expect(LinearLight.light[1] == 20 && LinearLight.light[10] == 199)
        #expect(LinearLight.light[128] == 14_146 && LinearLight.light[188] == 32_957)
        #expect(zip(LinearLight.light, LinearLight.light.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func aColourOverItselfStaysWhatItIs() {
        for channel in UInt8.min...UInt8.max {
            let word = Colour(red: channel, green: 255 - channel, blue: channel / 2).premultiplied
            for coverage in [UInt32(1), 37, 128, 254] {
                #expect(Blending.linear.over(word, coverage: coverage, word) == word, "\(channel) at \(coverage)")
            }
        }
    }

    @Test func halfCoveredIsHalfAsBright() {
        let (black, white) = (Colour.black.premultiplied, Colour.white.premultiplied)
        // Half of all light is channel 188, where half of the channel is 127.
        #expect(Blending.linear.over(black, coverage: 128, white) & 255 == 187)
        #expect(Blending.linear.over(white, coverage: 128, black) & 255 == 188)
        #expect(Blending.stored.over(black, coverage: 128, white) & 255 == 127)
    }

    @Test func nothingAndAllAreTheSameInBoth() {
        let (red, ground) = (Colour(red: 200, green: 10, blue: 90, alpha: 180).premultiplied, Colour(red: 3, green: 200, blue: 7).premultiplied)
        for blending in [Blending.stored, .linear] {
            #expect(blending.over(red, coverage: 0, ground) == ground)
            #expect(blending.over(Colour.white.premultiplied, coverage: 255, ground) == Colour.white.premultiplied)
            #expect(blending.over(red, coverage: 255, 0) == red)
        }
        for below in [UInt32(0), ground, Colour(red: 9, green: 9, blue: 9, alpha: 100).premultiplied] {
            for coverage in [UInt32(20), 90, 255] {
                let (linear, stored) = (Blending.linear.over(red, coverage: coverage, below), Blending.stored.over(red, coverage: coverage, below))
                #expect(abs(Int(linear >> 24) - Int(stored >> 24)) <= 1, "alphas are no light")
                let colour = (0..<3).map { linear >> UInt32($0 * 8) & 255 }
                #expect(colour.allSatisfy { $0 <= linear >> 24 }, "premultiplied channels stay below alpha")
            }
        }
    }

    @Test func masksAndShapesAreMixedAlike() {
        let ground = Colour(red: 250, green: 240, blue: 30)
        var masked = Canvas(width: 16, height: 4)
        var filled = Canvas(width: 16, height: 4)
        let ink = Colour(red: 20, green: 20, blue: 120)
        masked.clear(ground)
        masked.draw(mask: Mask(width: 1, height: 1, coverage: [128]), x: 5, y: 1, colour: ink, blending: .linear)
        filled.clear(ground)
        let half = Path(coordinates: [5 * 256, 256, 5 * 256 + 128, 256, 5 * 256 + 128, 512, 5 * 256, 512], partEnds: [4])
        filled.fill(PathSlice(half), paint: .linearColour(ink))
        #expect(masked.pixmap()[5, 1] == Blending.linear.over(ink.premultiplied, coverage: 128, ground.premultiplied))
        #expect(filled.pixmap()[5, 1] == masked.pixmap()[5, 1])
        #expect(filled.pixmap()[6, 1] == ground.premultiplied)
    }
}
