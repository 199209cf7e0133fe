import Testing

@testable import Raster

/// Areas and lengths on the canvas against what geometry says.
@Suite struct CanvasMeasureTests {
    /// Covered area in pixels of what is drawn in black.
    static func area(_ canvas: borrowing Canvas) -> Double {
        canvas.pixmap().pixels.reduce(0) { $0 + Double($1 >> 24) } / 255
    }

    static func line(_ x0: Int32, _ y0: Int32, _ x1: Int32, _ y1: Int32) -> PathSlice {
        PathSlice(Path(coordinates: [x0, y0, x1, y1], partEnds: [2]))
    }

    @Test(arguments: [0.4, 1, 1.7, 3, 8, 20, 47] as [Float])
    func discsHaveTheirArea(radius: Float) {
        var canvas = Canvas(width: 100, height: 100)
        canvas.fillCircle(centreX: 50 * 256 + 33, centreY: 50 * 256 - 71, radius: radius, paint: .colour(.black))
        let expected = Double.pi * Double(radius) * Double(radius)
        #expect(abs(Self.area(canvas) - expected) < 0.02 + expected * 0.004)
    }

    @Test func ringsHaveTheirArea() {
        var canvas = Canvas(width: 100, height: 100)
        canvas.strokeCircle(centreX: 12_800, centreY: 12_800, radius: 30, width: 4, paint: .colour(.black))
        #expect(abs(Self.area(canvas) - 2 * Double.pi * 30 * 4) < 3)
    }

    @Test(arguments: [0.1, 0.3, 0.5, 1, 2, 7.5] as [Float])
    func linesHaveTheirWidth(width: Float) {
        var canvas = Canvas(width: 100, height: 100)
        canvas.stroke(
            Self.line(10 * 256, 15 * 256, 70 * 256, 95 * 256), stroke: Stroke(width: width), paint: .colour(.black))
        let expected = 100 * Double(width)
        #expect(abs(Self.area(canvas) - expected) < expected * 0.05)
    }

    @Test func dashesHaveTheirLength() {
        for phase in [0, 3, 7.5, 12, -4, 29] as [Float] {
            var canvas = Canvas(width: 140, height: 10)
            // Six periods of 20 pixels, whatever the phase: 6 * 12 pixels on.
            let stroke = Stroke(width: 2, dashes: [10, 6, 2, 2], dashPhase: phase)
            canvas.stroke(Self.line(10 * 256, 5 * 256, 130 * 256, 5 * 256), stroke: stroke, paint: .colour(.black))
            #expect(abs(Self.area(canvas) - 144) < 0.1, "phase \(phase)")
            let first = canvas.pixmap()[10, 5] >> 24
            #expect(first == (phase == 12 ? 0 : 255), "phase \(phase)")
        }
    }

    @Test func dashesRunOnAcrossVertices() {
        var straight = Canvas(width: 140, height: 10)
        var bent = Canvas(width: 140, height: 10)
        let stroke = Stroke(width: 3, dashes: [7, 4])
        straight.stroke(Self.line(10 * 256, 1280, 130 * 256, 1280), stroke: stroke, paint: .colour(.black))
        let parts = Path(coordinates: (10...130).flatMap { [Int32($0) * 256, 1280] }, partEnds: [121])
        bent.stroke(PathSlice(parts), stroke: stroke, paint: .colour(.black))
        #expect(straight.pixmap() == bent.pixmap())
    }

    @Test func aDashPatternOfDotsBeginsWithOne() {
        var canvas = Canvas(width: 60, height: 20)
        let stroke = Stroke(width: 6, cap: .round, dashes: [0, 20])
        canvas.stroke(Self.line(10 * 256, 2560, 50 * 256, 2560), stroke: stroke, paint: .colour(.black))
        #expect(abs(Self.area(canvas) - 3 * Double.pi * 9) < 0.5)
        #expect(canvas.pixmap()[10, 10] >> 24 == 255)
    }

    /// Lines a million pixels long and shapes at the ends of the coordinate space cost what they show.
    @Test func farGeometryEndsSoon() {
        let far: Int32 = 1 << 30
        var canvas = Canvas(width: 64, height: 64)
        let clock = ContinuousClock()
        let time = clock.measure {
            for _ in 0..<20 {
                canvas.stroke(
                    Self.line(-far, -far, far, far), stroke: Stroke(width: 3, dashes: [2, 1]), paint: .colour(.black))
                canvas.stroke(
                    Self.line(-far, far, far, far - 9), stroke: Stroke(width: 3, dashes: [2, 1]), paint: .colour(.black))
            }
            canvas.fill(
                PathSlice(Path(coordinates: [-far, -far, far, -far, far, far, -far, far], partEnds: [4])),
                paint: .colour(.white))
        }
        #expect(canvas.pixmap().uniformColour == .white)
        #expect(time < .seconds(5))
    }

    @Test func strokesOfNoLengthAreTheirCaps() {
        for (cap, expected) in [(LineCap.butt, 0.0), (.round, Double.pi * 25), (.square, 100)] {
            var canvas = Canvas(width: 20, height: 20)
            canvas.stroke(
                Self.line(2560, 2560, 2560, 2560), stroke: Stroke(width: 10, cap: cap), paint: .colour(.black))
            #expect(abs(Self.area(canvas) - expected) < 0.6, "\(cap)")
        }
    }

    @Test func senselessStrokesDrawNothing() {
        var canvas = Canvas(width: 20, height: 20)
        for width in [0, -1, .nan, .infinity] as [Float] {
            canvas.stroke(Self.line(0, 0, 5000, 5000), stroke: Stroke(width: width), paint: .colour(.black))
        }
        canvas.stroke(PathSlice(Path()), stroke: Stroke(width: 3), paint: .colour(.black))
        canvas.fill(PathSlice(Path(coordinates: [0, 0, 99, 99], partEnds: [2])), paint: .colour(.black))
        #expect(canvas.pixmap().uniformColour == .clear)
    }
}
