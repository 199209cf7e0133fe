import TestSupport
import Testing

@testable import Raster

/// What a tile shows does not depend on where tiles are cut, nor on what the canvas drew before.
@Suite struct CanvasInvarianceTests {
    @Test(arguments: GoldenTests.cases)
    func windowsOfASceneAreCropsOfIt(name: String) throws {
        let scene = try GoldenTests.scene(name)
        var canvas = Canvas(width: scene.width, height: scene.height)
        scene.draw(on: &canvas)
        let whole = canvas.pixmap()
        let width = scene.width * 3 / 5
        let height = scene.height * 3 / 5
        for (x, y) in [(0, 0), (scene.width - width, 0), (7, scene.height - height), (scene.width - width, 13)] {
            canvas.reset(width: width, height: height)
            scene.draw(on: &canvas, offsetX: Int32(-x * 256), offsetY: Int32(-y * 256))
            #expect(
                canvas.pixmap() == whole.cropped(x: x, y: y, width: width, height: height), "window at \(x), \(y)")
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func windowsOfRandomShapesAreCropsOfThem(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func coordinate() -> Int32 {
            let reach: Int32 = seed % 2 == 0 && Bool.random(using: &random) ? 1 << 28 : 1 << 15
            return .random(in: -reach...reach, using: &random)
        }
        var path = Path()
        for _ in 0..<12 {
            for _ in 0..<Int.random(in: 1...7, using: &random) {
                path.append(x: coordinate(), y: coordinate())
            }
            path.endPart()
        }
        func draw(_ canvas: inout Canvas, _ x: Int32, _ y: Int32) {
            let slice = PathSlice(path, offsetX: x, offsetY: y)
            canvas.fill(slice, rule: .evenOdd, paint: .colour(Colour(red: 200, green: 40, blue: 10, alpha: 90)))
            let joins: [LineJoin] = [.miter, .round, .bevel]
            for (i, dashes) in ([[], [9, 4], [0, 11, 3]] as [[Float]]).enumerated() {
                let stroke = Stroke(
                    width: Float(i) * 3 + 0.4, cap: LineCap.allCases[i], join: joins[i], miterLimit: 4, dashes: dashes,
                    dashPhase: Float(seed))
                canvas.stroke(
                    slice, closed: i != 1, stroke: stroke,
                    paint: .colour(Colour(red: 0, green: 90, blue: UInt8(i) * 90, alpha: 150)))
            }
        }
        var canvas = Canvas(width: 220, height: 140)
        draw(&canvas, 110 * 256, 70 * 256)
        let whole = canvas.pixmap()
        #expect(whole.uniformPixel == nil)
        for (x, y) in [(0, 0), (37, 50), (150, 20)] {
            var window = Canvas(width: 70, height: 90)
            draw(&window, Int32((110 - x) * 256), Int32((70 - y) * 256))
            #expect(window.pixmap() == whole.cropped(x: x, y: y, width: 70, height: 90), "seed \(seed) at \(x), \(y)")
        }
    }

    /// A jittered mesh of quadrangles that covers the canvas: no pixel may show through, not by one.
    @Test(arguments: [11, 12, 13] as [UInt64])
    func neighboursOfOneCallHaveNoSeam(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let side = 9
        let step: Int32 = 3_000
        var knots: [(Int32, Int32)] = []
        for row in 0...side {
            for column in 0...side {
                knots.append(
                    (
                        (Int32(column) - 1) * step + .random(in: -900...900, using: &random),
                        (Int32(row) - 1) * step + .random(in: -900...900, using: &random)
                    ))
            }
        }
        var path = Path()
        for row in 0..<side {
            for column in 0..<side {
                let at = row * (side + 1) + column
                for knot in [at, at + 1, at + side + 2, at + side + 1] { path.append(x: knots[knot].0, y: knots[knot].1) }
                path.endPart()
            }
        }
        var canvas = Canvas(width: 61, height: 61)
        canvas.fill(PathSlice(path), paint: .colour(.black))
        #expect(canvas.pixmap().uniformColour == .black, "seed \(seed)")
    }

    @Test func aReversedOutlineCoversTheSame() {
        var random = SeededGenerator(seed: 21)
        for round in 0..<50 {
            var xy: [Int32] = []
            for _ in 0..<5 { xy += [.random(in: -9_000...20_000, using: &random), .random(in: -9_000...20_000, using: &random)] }
            let back = stride(from: 8, through: 0, by: -2).flatMap { [xy[$0], xy[$0 + 1]] }
            var one = Canvas(width: 40, height: 40)
            var other = Canvas(width: 40, height: 40)
            one.fill(PathSlice(Path(coordinates: xy, partEnds: [5])), paint: .colour(.black))
            other.fill(PathSlice(Path(coordinates: back, partEnds: [5])), paint: .colour(.black))
            #expect(one.pixmap() == other.pixmap(), "seed 21 round \(round)")
        }
    }

    @Test func rangesOfPartsDrawOnlyThem() {
        let path = Path(
            coordinates: [0, 0, 512, 0, 512, 512, 0, 512, 1024, 0, 1536, 0, 1536, 512, 1024, 512], partEnds: [4, 8])
        var canvas = Canvas(width: 8, height: 2)
        canvas.fill(
            PathSlice(coordinates: path.coordinates, partEnds: path.partEnds, parts: 1..<2, offsetX: 256),
            paint: .colour(.black))
        let row = (0..<8).map { canvas.pixmap()[$0, 0] >> 24 }
        #expect(row == [0, 0, 0, 0, 0, 255, 255, 0])
    }

    @Test func canvasesWiderThanOneMaskWord() {
        let width = 8192
        var canvas = Canvas(width: width, height: 3)
        let path = Path(
            coordinates: [100 * 256, 0, 8000 * 256, 0, 8000 * 256 + 128, 768, 100 * 256, 768], partEnds: [4])
        canvas.fill(PathSlice(path), paint: .colour(.black))
        let map = canvas.pixmap()
        for x in 0..<width {
            let alpha = map[x, 1] >> 24
            if x < 100 || x > 8000 { #expect(alpha == 0, "\(x)") }
            if (100..<8000).contains(x) { #expect(alpha == 255, "\(x)") }
        }
        #expect((60...68).contains(map[8000, 1] >> 24))
    }

    @Test func coverageIsForgottenAfterPaintAndReset() {
        var canvas = Canvas(width: 50, height: 50)
        let box = CanvasFillTests.rectangle(0, 0, 50 * 256, 50 * 256)
        canvas.addFill(box)
        canvas.reset(width: 33, height: 70)
        canvas.paint(.colour(.black))
        #expect(canvas.pixmap().uniformColour == .clear)
        canvas.fill(CanvasFillTests.rectangle(0, 0, 33 * 256, 70 * 256), paint: .colour(.white))
        canvas.paint(.colour(.black))
        #expect(canvas.pixmap().uniformColour == .white)
    }
}
