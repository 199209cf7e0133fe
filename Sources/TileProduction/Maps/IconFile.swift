import Portrayal
import Raster

/// One file of a style's icons; its name says what it is.
///
/// | file | is |
/// | --- | --- |
/// | `name.json` | shapes, drawn at any ratio |
/// | `name.svg` | a drawing, drawn at one, two and three pixels a logical pixel |
/// | `name.png`, `name@2x.png`, `name@3x.png` | a picture at that ratio |
/// | `name.sdf.svg` | a drawing whose outline becomes distances, to be painted in the style's colours |
/// | `name.sdf.png`, … | distances that another tool made, in the alphas |
struct IconFile {
    static let endings = [".json", ".svg", ".png"]
    /// Pixels a logical pixel of the sheets that clients ask for.
    private static let ratios = [1, 2, 3]
    /// How much finer the grid is that distances are found on.
    private static let finer = 8
    /// Logical pixels; the finer grid grows with the square.
    private static let longestSideOfDistances = 128.0

    let path: String
    private let name: String
    private let ending: String
    private let ratio: Int
    private let isDistances: Bool

    init(path: String) {
        self.path = path
        var stem = path.split(separator: "/").last ?? ""
        ending = Self.endings.first { stem.hasSuffix($0) } ?? ""
        stem = stem.dropLast(ending.count)
        var ratio = 1
        for candidate in Self.ratios where ending == ".png" && stem.hasSuffix("@\(candidate)x") {
            ratio = candidate
            stem = stem.dropLast(3)
        }
        self.ratio = ratio
        isDistances = ending != ".json" && stem.hasSuffix(".sdf")
        name = String(isDistances ? stem.dropLast(4) : stem)
    }

    /// - Throws: `invalidSprite` naming the file, what is wrong with it and what to do.
    func add(_ data: [UInt8], to sprites: inout SpriteBuilder) throws(PortrayalError) {
        if ending == ".json" {
            sprites.add(try IconDescription(name: name, json: data))
            return
        }
        do throws(RasterError) {
            if ending == ".png" {
                sprites.add(SpriteIcon(name: name, image: try PNGDecoder.decode(data), ratio: Float(ratio), isDistances: isDistances))
            } else {
                let drawing = try SVGPicture(data)
                for ratio in Self.ratios {
                    sprites.add(
                        SpriteIcon(
                            name: name, image: isDistances ? try distances(drawing, ratio: ratio) : try drawing.pixmap(ratio: Double(ratio)),
                            ratio: Float(ratio), isDistances: isDistances))
                }
            }
        } catch {
            throw PortrayalError(.invalidSprite, "\(path): icon \"\(name)\": \(error.message)")
        }
    }

    private func distances(_ drawing: SVGPicture, ratio: Int) throws(RasterError) -> Pixmap {
        guard max(drawing.width, drawing.height) <= Self.longestSideOfDistances else {
            throw RasterError(
                code: .tooLarge,
                message: "the SVG is \(drawing.width) x \(drawing.height) pixels; an icon of distances has at most \(Int(Self.longestSideOfDistances)) a side")
        }
        let shape = try drawing.pixmap(ratio: Double(ratio * Self.finer), marginInPixels: ShapeDistances.bufferInPixels * Self.finer)
        return ShapeDistances.picture(of: shape.padded(toMultipleOf: Self.finer), finer: Self.finer)
    }
}

extension Pixmap {
    /// With transparent pixels at the right and at the bottom, so that both sides are multiples of a number.
    fileprivate func padded(toMultipleOf side: Int) -> Pixmap {
        var padded = Pixmap(width: (width + side - 1) / side * side, height: (height + side - 1) / side * side)
        for y in 0..<height {
            padded.pixels.replaceSubrange((y * padded.width)..<(y * padded.width + width), with: pixels[(y * width)..<((y + 1) * width)])
        }
        return padded
    }
}
