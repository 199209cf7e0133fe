import TestSupport
import Testing

@testable import Raster

/// A shape painted by itself is gathered in a window of its own and laid by another loop than what is clipped: neither
/// may be seen.
@Suite struct CoverageWindowTests {
    private struct Shape {
        var path: PathSlice
        var rule: FillRule
        var colour: Colour
        var stroke: Stroke
    }

    private func shapes(seed: UInt64) -> [Shape] {
        var random = SeededGenerator(seed: seed)
        return (0..<40).map { i in
            let reach: Int32 = i % 3 == 0 ? 60_000 : 3_000
            let (x, y): (Int32, Int32) = (.random(in: -4000...30_000, using: &random), .random(in: -4000...24_000, using: &random))
            var path = Path()
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                for _ in 0..<Int.random(in: 2...9, using: &random) {
                    path.append(x: x + .random(in: -reach...reach, using: &random), y: y + .random(in: -reach...reach, using: &random))
                }
                path.endPart()
            }
            return Shape(
                path: PathSlice(path), rule: i % 2 == 0 ? .nonZero : .evenOdd,
                colour: Colour(
                    red: .random(in: 0...255, using: &random), green: .random(in: 0...255, using: &random),
                    blue: .random(in: 0...255, using: &random), alpha: i % 4 == 0 ? 255 : .random(in: 1...254, using: &random)),
                stroke: Stroke(width: .random(in: 0.2...14, using: &random), cap: .round, join: i % 5 == 0 ? .round : .miter))
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64]) func aWindowOfItsOwnGivesTheSamePixels(seed: UInt64) {
        // Widths that end inside a block and on its border.
        let width = [101, 104, 97, 64, 15][Int(seed) - 1]
        var windowed = Canvas(width: width, height: 77)
        var whole = Canvas(width: width, height: 77)
        var clipped = Canvas(width: width, height: 77)
        let corners = [(-9.0, -9.0), (200, -9), (200, 200), (-9, 200)]
        clipped.clip(to: ClipArea(outline: corners.map { (x: $0.0, y: $0.1) }, width: width, height: 77))
        for (i, shape) in shapes(seed: seed).enumerated() {
            windowed.fill(shape.path, rule: shape.rule, paint: .colour(shape.colour), opacity: 0.9)
            windowed.stroke(shape.path, stroke: shape.stroke, paint: .colour(shape.colour))
            whole.addFill(shape.path)
            whole.paint(.colour(shape.colour), rule: shape.rule, opacity: 0.9)
            whole.addStroke(shape.path, closed: false, stroke: shape.stroke)
            whole.paint(.colour(shape.colour))
            clipped.fill(shape.path, rule: shape.rule, paint: .colour(shape.colour), opacity: 0.9)
            clipped.stroke(shape.path, stroke: shape.stroke, paint: .colour(shape.colour))
            #expect(windowed.pixmap() == whole.pixmap(), "shape \(i)")
            #expect(windowed.pixmap() == clipped.pixmap(), "shape \(i), clipped")
        }
        #expect(windowed.pixmap().uniformPixel == nil)
    }

    /// A shape that is added before another is filled belongs to the same coverage.
    @Test func whatWasAddedBeforeIsPaintedWithTheShape() {
        let left = PathSlice(Path(coordinates: [0, 0, 2560, 0, 2560, 2560, 0, 2560], partEnds: [4]))
        var right = left
        right.offsetX = 5120
        var canvas = Canvas(width: 64, height: 16)
        canvas.addFill(left)
        canvas.fill(right, paint: .colour(.black))
        let picture = canvas.pixmap()
        #expect(picture[5, 5] == Colour.black.premultiplied && picture[25, 5] == Colour.black.premultiplied)
        #expect(picture[15, 5] == 0 && picture[35, 5] == 0)
    }

    @Test func circlesDoNotDependOnTheWindow() {
        var windowed = Canvas(width: 90, height: 60)
        var whole = Canvas(width: 90, height: 60)
        for (x, y, radius) in [(0, 0, 5.5), (11_000, 7_000, 30), (23_039, 15_000, 2), (40_000, 0, 100)] as [(Int32, Int32, Float)] {
            windowed.fillCircle(centreX: x, centreY: y, radius: radius, paint: .colour(.black), opacity: 0.5)
            whole.addCircle(centreX: x, centreY: y, radius: radius)
            whole.paint(.colour(.black), opacity: 0.5)
        }
        #expect(windowed.pixmap() == whole.pixmap())
        windowed.strokeCircle(centreX: -500, centreY: 9000, radius: 20, width: 3, paint: .colour(.white))
        #expect(windowed.pixmap() != whole.pixmap())
    }
}
