import Foundation
import Raster

/// PNG from pictures, palette search included.
///
///     Benchmarks encode PICTURE SIDE exact|lossy MILLISECONDS
///
/// PICTURE holds SIDE x SIDE pixels as raw RGBA with straight alpha. Encodes for so many milliseconds of CPU and prints one
/// JSON line: what it costs, what it weighs, and how far the decoded picture is from the one given, in 1/255 of a
/// premultiplied channel.
struct EncodeBenchmark {
    let picture: String
    let side: Int
    let isLossy: Bool
    let milliseconds: Double

    func run() throws {
        let pixmap = try readPicture()
        let options: PNGOptions = isLossy ? .quick : .quickExact
        var file: [UInt8] = []
        // A worker keeps its workspace, too.
        var workspace = PNGWorkspace()
        let costs = RepeatedMeasure(milliseconds: milliseconds).run {
            file = PNGEncoder.encode(pixmap, x: 0, y: 0, width: side, height: side, options: options, workspace: &workspace)
        }
        let error = try difference(pixmap, PNGDecoder.decode(file))
        print(costs.json.dropLast() + ", \"bytes\": \(file.count), \"rmse\": \(error.rootMeanSquare), \"max\": \(error.greatest)}")
    }

    private func readPicture() throws -> Pixmap {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: picture)))
        guard bytes.count == side * side * 4 else { throw BenchmarkFailure(message: "\(picture) is not \(side) x \(side) pixels") }
        let words = stride(from: 0, to: bytes.count, by: 4).map { i in
            Colour(red: bytes[i], green: bytes[i + 1], blue: bytes[i + 2], alpha: bytes[i + 3]).premultiplied
        }
        return Pixmap(width: side, height: side, pixels: words)
    }

    private func difference(_ a: Pixmap, _ b: Pixmap) -> (rootMeanSquare: Double, greatest: Int) {
        var squares = 0
        var greatest = 0
        for (one, other) in zip(a.pixels, b.pixels) where one != other {
            for shift in [0, 8, 16, 24] as [UInt32] {
                let distance = abs(Int(one >> shift & 255) - Int(other >> shift & 255))
                squares += distance * distance
                greatest = max(greatest, distance)
            }
        }
        let mean = (Double(squares) / Double(a.pixels.count * 4)).squareRoot()
        return ((mean * 10_000).rounded() / 10_000, greatest)
    }
}
