import TestSupport
import Testing

@testable import Raster

/// Geometry that no map should hold: a picture, or nothing, and never an end of the program.
@Suite struct BadGeometryTests {
    private static func path(_ coordinates: [Int32], dx: Int32 = 0, dy: Int32 = 0) -> PathSlice {
        PathSlice(Path(coordinates: coordinates, partEnds: [coordinates.count / 2]), offsetX: dx, offsetY: dy)
    }

    private static let low = Int32.min
    private static let high = Int32.max

    @Test func aTriangleFromEdgeToEdgeOfTheNumbersIsExact() {
        var canvas = Canvas(width: 40, height: 30)
        canvas.fill(Self.path([Self.low, Self.low, Self.high, Self.high, Self.low, Self.high]), paint: .colour(.black))
        let picture = canvas.pixmap()
        for y in 0..<30 {
            for x in 0..<40 where x != y {
                #expect(picture[x, y] == (x < y ? Colour.black.premultiplied : 0), "\(x), \(y)")
            }
        }
        #expect((126...129).contains(picture[7, 7] >> 24), "half of a pixel on the diagonal")
    }

    /// The sum of position and offset needs a 33rd bit.
    @Test func offsetsBeyondTheNumbersAreTakenIntoAccount() {
        var canvas = Canvas(width: 16, height: 16)
        let square: [Int32] = [Self.high - 512, 0, Self.high, 0, Self.high, 1024, Self.high - 512, 1024]
        canvas.fill(Self.path(square, dx: Self.high, dy: Self.high), paint: .colour(.black))
        canvas.fill(Self.path(square.map { -$0 }, dx: Self.low, dy: Self.low), paint: .colour(.black))
        #expect(canvas.pixmap().uniformPixel == 0)
        canvas.fill(Self.path(square, dx: -Self.high + 512), paint: .colour(.black))
        let picture = canvas.pixmap()
        #expect(picture[0, 0] == Colour.black.premultiplied && picture[1, 3] == Colour.black.premultiplied)
        #expect(picture[2, 0] == 0 && picture[0, 4] == 0)
    }

    @Test(arguments: [LineJoin.miter, .round, .bevel], [[], [5, 3], [0.001, 900_000]] as [[Float]])
    func strokesFromEdgeToEdgeEnd(join: LineJoin, dashes: [Float]) {
        var canvas = Canvas(width: 32, height: 32)
        let corners: [Int32] = [
            Self.low, Self.low, Self.high, Self.high, Self.low, Self.high, Self.high, Self.low, 0, 0, Self.low, 4096,
        ]
        for closed in [true, false] {
            for width in [0.01, 3, 70_000, .greatestFiniteMagnitude] as [Float] {
                let stroke = Stroke(width: width, cap: .round, join: join, miterLimit: 1e9, dashes: dashes, dashPhase: -1e30)
                canvas.stroke(Self.path(corners), closed: closed, stroke: stroke, paint: .colour(.black))
            }
        }
        // The one dash of the third pattern begins far away.
        let covered = dashes.contains(900_000) ? 0 : Colour.black.premultiplied
        #expect(canvas.pixmap().uniformPixel == covered, "the widest one covers everything")
    }

    @Test func whatIsNoNumberDrawsNothing() {
        var canvas = Canvas(width: 32, height: 32)
        let line = Self.path([0, 0, 8192, 8192])
        for value in [Float.nan, .infinity, -.infinity, -.greatestFiniteMagnitude, -0.0] {
            canvas.stroke(line, stroke: Stroke(width: value), paint: .colour(.black))
            canvas.fillCircle(centreX: 0, centreY: 0, radius: value, paint: .colour(.black))
            canvas.strokeCircle(centreX: 0, centreY: 0, radius: 3, width: value, paint: .colour(.black))
            canvas.fill(line, paint: .colour(.black), opacity: value == .infinity ? .nan : value)
        }
        #expect(canvas.pixmap().uniformPixel == 0)
        let stroke = Stroke(width: 2, miterLimit: .nan, dashes: [.nan, .infinity], dashPhase: .nan)
        canvas.stroke(line, stroke: stroke, paint: .colour(.black))
        #expect(canvas.pixmap()[5, 5] == Colour.black.premultiplied, "senseless dashes leave a solid line")
    }

    @Test func outlinesWithoutAreaDrawNothing() {
        var canvas = Canvas(width: 32, height: 32)
        let shapes: [[Int32]] = [
            [], [100, 100], [100, 100, 900, 900], [300, 300, 300, 300, 300, 300], [0, 700, 9000, 700, 4000, 700],
            [700, 0, 700, 9000, 700, 4000], [0, 0, 5000, 3000, 0, 0, 5000, 3000], [0, 0, 2000, 2000, 4000, 4000, 2000, 2000],
        ]
        for shape in shapes {
            for rule in [FillRule.nonZero, .evenOdd] {
                canvas.fill(Self.path(shape), rule: rule, paint: .colour(.black))
                #expect(canvas.pixmap().uniformPixel == 0, "\(shape)")
            }
        }
    }

    /// A million positions on a small canvas; each pair of neighbours is a line of its own length and direction.
    @Test func aLineOfAMillionPositionsIsDrawn() {
        var random = SeededGenerator(seed: 31)
        var coordinates: [Int32] = []
        coordinates.reserveCapacity(2_000_000)
        var (x, y): (Int32, Int32) = (32 * 256, 32 * 256)
        for _ in 0..<1_000_000 {
            x = min(max(x + .random(in: -300...300, using: &random), -8192), 24_576)
            y = min(max(y + .random(in: -300...300, using: &random), -8192), 24_576)
            coordinates += [x, y]
        }
        var canvas = Canvas(width: 64, height: 64)
        canvas.stroke(
            Self.path(coordinates), stroke: Stroke(width: 1.5, cap: .round, join: .round), paint: .colour(.black))
        canvas.fill(Self.path(coordinates), rule: .evenOdd, paint: .colour(.white), opacity: 0.5)
        let inked = canvas.pixmap().pixels.filter { $0 >> 24 > 0 }.count
        #expect(inked > 3500, "\(inked) of 4096 pixels")
        canvas.reset(width: 64, height: 64)
        canvas.stroke(Self.path(coordinates), stroke: Stroke(width: 1, dashes: [2, 2]), paint: .colour(.black))
        #expect(canvas.pixmap().uniformPixel != 0)
    }
}
