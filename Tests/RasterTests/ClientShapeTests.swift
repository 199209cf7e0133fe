import Testing

@testable import Raster

/// Shapes as MapLibre's clients draw them.
@Suite struct ClientShapeTests {
    private static func painted(_ side: Int, _ draw: (inout Canvas) -> Void) -> Pixmap {
        var canvas = Canvas(width: side, height: side)
        draw(&canvas)
        return canvas.pixmap()
    }

    private static func alphas(_ picture: Pixmap, row: Int) -> [UInt32] {
        (0..<picture.width).map { picture[$0, row] >> 24 }
    }

    private static let square = Path(coordinates: [0, 0, 16_384, 0, 16_384, 16_384, 0, 16_384], partEnds: [4])
    private static let translucent = Colour(red: 0, green: 0, blue: 0, alpha: 128)

    /// A turned lattice of quadrilaterals, each painted translucent in its own clip area.
    @Test(arguments: [0.0, 0.1, 0.785, 1.4]) func neighbouringClipAreasShareNoPixelAndMissNone(angle: Double) {
        let side = 64
        let (step, cosine, sine) = (13.7, FixedTrigonometry.cosineAndSine(degrees: angle * 57).cosine, FixedTrigonometry.cosineAndSine(degrees: angle * 57).sine)
        func corner(_ i: Int, _ j: Int) -> (x: Double, y: Double) {
            let (u, v) = (Double(i) * step - 60.3, Double(j) * step - 55.1)
            return (32 + u * cosine - v * sine, 32 + u * sine + v * cosine)
        }
        let picture = Self.painted(side) { canvas in
            for i in 0..<9 {
                for j in 0..<9 {
                    let outline = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)]
                    canvas.clip(to: ClipArea(outline: outline, width: side, height: side))
                    canvas.fill(PathSlice(Self.square), paint: .colour(Self.translucent))
                }
            }
        }
        #expect(picture.uniformPixel == Self.translucent.premultiplied)
    }

    @Test func aDiscFadesInsideItsRadius() {
        let disc = SoftDisc(radius: 10, fill: .black)
        let picture = Self.painted(32) { $0.draw(disc, centreX: 16 * 256, centreY: 16 * 256) }
        let row = Self.alphas(picture, row: 16)
        #expect(row[16] == 255)
        #expect(row[5] == 0 && row[26] == 0)
        #expect(row[6] > 0 && row[6] < 255)
        #expect(Array(row[6..<16]) == row[16..<26].reversed())
    }

    @Test func aRingTakesOverWithoutAGap() {
        let disc = SoftDisc(radius: 6, strokeWidth: 4, fill: .white, stroke: .black)
        let picture = Self.painted(32) { $0.draw(disc, centreX: 16 * 256, centreY: 16 * 256) }
        #expect((8..<24).allSatisfy { picture[$0, 16] >> 24 == 255 })
        #expect(picture[16, 16] == Colour.white.premultiplied)
        #expect(picture[8, 16] == Colour.black.premultiplied)
    }

    private static func form(_ join: LineJoin = .miter, cap: LineCap = .butt, reach: Float) -> RibbonForm {
        RibbonForm(cap: cap, join: join, miterLimit: 2, roundLimit: 1.05, reach: reach, offset: 0)
    }

    private static func shade(_ colour: Colour = .black, width: Float, dashes: RibbonDashes? = nil) -> RibbonShade {
        RibbonShade(colours: [colour], opacity: 1, outset: width / 2 + 0.5, inset: 0, fade: 1, dashes: dashes)
    }

    private static func ribbon(_ points: [Int32], _ form: RibbonForm, _ shade: RibbonShade) -> Pixmap {
        let path = Path(coordinates: points.map { $0 * 256 }, partEnds: [points.count / 2])
        return painted(32) { $0.drawRibbon(PathSlice(path), closed: false, form: form, shade: shade) }
    }

    @Test func aButtEndIsCutAtAPixelAndASideFades() {
        let picture = Self.ribbon([4, 16, 28, 16], Self.form(reach: 2.5), Self.shade(width: 4))
        #expect(Self.alphas(picture, row: 15) == (0..<32).map { (4..<28).contains($0) ? 255 : 0 })
        #expect((0..<32).map { picture[16, $0] >> 24 } == (0..<32).map { (14..<18).contains($0) ? 255 : 0 })
    }

    @Test func aTranslucentRibbonShowsNoSeamAtACorner() {
        let picture = Self.ribbon([4, 4, 24, 4, 24, 24], Self.form(.miter, reach: 3.5), Self.shade(Self.translucent, width: 6))
        let inside = (6..<22).map { picture[$0, 4] } + (8..<20).map { picture[24, $0] } + [picture[24, 4], picture[25, 3]]
        #expect(Set(inside) == [Self.translucent.premultiplied])
    }

    @Test func dashesWithoutGapsAreNone() {
        #expect(RibbonDashes(lengths: [2, 0], halfWidth: 1, isRound: false) == nil)
        #expect(RibbonDashes(lengths: [2, 0, 3, 0], halfWidth: 1, isRound: false) == nil)
    }

    @Test func dashesRepeatAndGapsStayEmpty() throws {
        let dashes = try #require(RibbonDashes(lengths: [6, 6], halfWidth: 2, isRound: false))
        let picture = Self.ribbon([0, 16, 32, 16], Self.form(reach: 2.5), Self.shade(width: 4, dashes: dashes))
        let row = Self.alphas(picture, row: 16)
        #expect(row[3] == 255 && row[9] == 0 && row[15] == 255 && row[21] == 0 && row[27] == 255)
        #expect(Array(row[2..<12]) == Array(row[14..<24]))
    }

    @Test func aGapLeavesTheMiddleFree() {
        var shade = Self.shade(width: 2)
        (shade.outset, shade.inset) = (5 + 2.5, 5.5)
        let picture = Self.ribbon([0, 16, 32, 16], Self.form(reach: 7.5), shade)
        let column = (0..<32).map { picture[16, $0] >> 24 }
        #expect(column[12...19].allSatisfy { $0 == 0 })
        #expect(column[9] == 255 && column[10] == 255 && column[21] == 255 && column[22] == 255)
    }

    @Test func aHardFillIsAllOrNothingAndItsOutlineLiesOutside() {
        let path = Path(coordinates: [1_100, 1_100, 6_100, 1_100, 6_100, 6_100, 1_100, 6_100], partEnds: [4])
        let hard = Self.painted(32) { canvas in
            canvas.addFill(PathSlice(path))
            canvas.paint(.colour(.black), edge: .hard)
        }
        #expect(hard.pixels.allSatisfy { $0 == 0 || $0 == Colour.black.premultiplied })
        let smooth = Self.painted(32) { canvas in
            canvas.forgetFilled()
            canvas.addFill(PathSlice(path))
            canvas.paint(.colour(Self.translucent), edge: .hard)
            canvas.paintOutline(PathSlice(path), paint: .colour(Self.translucent), sparesFilled: true)
        }
        for i in hard.pixels.indices where hard.pixels[i] != 0 { #expect(smooth.pixels[i] == Self.translucent.premultiplied) }
        #expect(smooth.pixels.count { $0 != 0 } > hard.pixels.count { $0 != 0 })
    }

    @Test func aPictureOnWholePixelsIsCopied() {
        var image = Pixmap(width: 4, height: 3)
        for i in image.pixels.indices { image.pixels[i] = 0xFF00_0000 | UInt32(i * 9) }
        for sampling in [ImageSampling.nearest, .linear, .linearToEdge] {
            let placement = ImagePlacement(
                x: 5, y: 7, across: (1, 0), down: (0, 1), left: 0, top: 0, right: 4, bottom: 3)
            let picture = Self.painted(16) { $0.draw(image, at: placement, sampling: sampling) }
            #expect(picture.cropped(x: 5, y: 7, width: 4, height: 3) == image)
            #expect(picture.pixels.count { $0 != 0 } == 12)
        }
    }

    @Test func distancesBecomeAFillAndAHaloRoundIt() {
        // A half plane: the outline lies at column 8.
        let values = (0..<256).map { (i: Int) -> UInt8 in
            let value = 192 + (8 - i % 16) * 32 - 16
            return UInt8(min(max(value, 0), 255))
        }
        let shape = DistancePicture(width: 16, height: 16, values: values)
        let placement = ImagePlacement(x: 0, y: 0, across: (1, 0), down: (0, 1), left: 0, top: 0, right: 16, bottom: 16)
        let fill = Self.painted(16) {
            $0.draw(shape, at: placement, shade: DistanceShade(colour: .black, opacity: 1, edge: 0.75, softness: 0.05))
        }
        #expect(Self.alphas(fill, row: 8) == (0..<16).map { $0 < 8 ? 255 : 0 })
        let halo = Self.painted(16) {
            $0.draw(
                shape, at: placement, shade: DistanceShade(colour: .black, opacity: 1, edge: 0.5, softness: 0.05, hollow: 0.8))
        }
        let row = Self.alphas(halo, row: 8)
        #expect(row[4] == 0 && row[8] == 255 && row[9] == 255 && row[11] == 0)
    }

    @Test func densityIsGreatestAtThePointAndAddsUp() {
        let ramp = (0..<256).map { Colour(red: 0, green: 0, blue: 0, alpha: UInt8($0)) }
        var one = DensitySurface(width: 64, height: 64)
        one.add(x: 32 * 256, y: 32 * 256, radius: 20, weight: 1)
        var two = one
        two.add(x: 32 * 256, y: 32 * 256, radius: 20, weight: 1)
        let (single, double) = (Self.painted(64) { $0.draw(one, ramp: ramp, opacity: 1) }, Self.painted(64) { $0.draw(two, ramp: ramp, opacity: 1) })
        let row = Self.alphas(single, row: 32)
        #expect(row.max() == row[32] && row[32] > 90 && row[32] < 103)
        #expect(row[0] == 0)
        #expect(zip(row, Self.alphas(double, row: 32)).allSatisfy { abs(Int($1) - 2 * Int($0)) <= 2 })
    }

    @Test func adjustmentsThatChangeNothingChangeNothing() {
        let image = Pixmap(width: 1, height: 2, pixels: [Colour(red: 10, green: 200, blue: 90).premultiplied, 0x8040_2010])
        #expect(ColourAdjustment().applied(to: image) == image)
        let grey = ColourAdjustment(saturation: -1).applied(to: image)
        let colour = Colour(premultiplied: grey.pixels[0])
        #expect(colour.red == colour.green && colour.green == colour.blue && colour.red == 100)
        let dark = ColourAdjustment(brightest: 0.5).applied(to: image)
        #expect(Colour(premultiplied: dark.pixels[0]) == Colour(red: 5, green: 100, blue: 45))
    }
}
