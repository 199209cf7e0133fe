import Foundation
import Raster

/// The rasteriser alone: draws the shapes of a scene again and again, as its peers do.
///
///     Benchmarks raster SCENE SIDE MILLISECONDS [PICTURE]
///
/// SCENE holds a line a shape, `fill r g b n x y ...` or `stroke r g b width n x y ...`, in 1/256 pixel of a picture of
/// 256 pixels a side; SIDE 512 takes everything twice as large. Draws for so many milliseconds of CPU and prints one JSON
/// line; leaves the picture as raw RGBA where asked.
struct RasterBenchmark {
    private struct Shape {
        var path: PathSlice
        var colour: Colour
        var isStroke: Bool
        var stroke: Stroke
    }

    let scene: String
    let side: Int
    let milliseconds: Double
    let picture: String?

    func run() throws {
        let shapes = try readShapes()
        var canvas = Canvas(width: side, height: side)
        let clock = RepeatedMeasure(milliseconds: milliseconds)
        let costs = clock.run { Self.draw(shapes, on: &canvas, side) }
        print(costs.json)
        if let picture {
            let bytes = canvas.pixmap().pixels.flatMap { word in
                [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
            }
            try Data(bytes).write(to: URL(filePath: picture))
        }
    }

    private static func draw(_ shapes: [Shape], on canvas: inout Canvas, _ side: Int) {
        canvas.clear(.white)
        for i in shapes.indices {
            if shapes[i].isStroke {
                canvas.stroke(shapes[i].path, stroke: shapes[i].stroke, paint: .colour(shapes[i].colour))
            } else {
                canvas.fill(shapes[i].path, paint: .colour(shapes[i].colour))
            }
        }
    }

    private func readShapes() throws -> [Shape] {
        let scale = Int32(side / 256)
        return try String(contentsOf: URL(filePath: scene), encoding: .utf8).split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            var numbers = words.dropFirst().compactMap { Int32($0) }[...]
            guard numbers.count == words.count - 1, numbers.count >= 4 else { throw BenchmarkFailure(message: "\(scene): \(line.prefix(60))") }
            let channels = numbers.prefix(3).map { UInt8($0) }
            numbers = numbers.dropFirst(3)
            let colour = Colour(red: channels[0], green: channels[1], blue: channels[2])
            let isStroke = words[0] == "stroke"
            let width = isStroke ? Float(numbers.removeFirst() * scale) / 256 : 0
            let stroke = Stroke(width: width, cap: .round, join: .round)
            let positions = Int(numbers.removeFirst())
            let path = Path(coordinates: numbers.map { $0 * scale }, partEnds: [positions])
            return Shape(path: PathSlice(path), colour: colour, isStroke: isStroke, stroke: stroke)
        }
    }
}
