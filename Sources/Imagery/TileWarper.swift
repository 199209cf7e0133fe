import GeoTIFF
import Raster
import SimpleFeatures
import Reprojection
import Wording

/// Draws tiles from the sheets of a mosaic, later sheets over earlier ones.
struct TileWarper {
    let shelf: SheetShelf

    /// Parts that are drawn at a time: the memory for the image under them is bounded with them.
    private static let partSide = 64
    private static let mostPixelsUnderPart = 16 << 20
    /// Image pixels to a tile pixel up to which one sample is enough.
    private static let singleSampleScale = 1.3
    /// Samples across an image pixel beyond that, so that none has more weight than another.
    private static let samplesPerPixel = 2.0
    /// Positions this far outside an image count as inside, so that sheets that abut leave no gap.
    private static let slackInPixels = 1e-3

    /// - Parameter sheets: their numbers, from the bottom to the top.
    /// - Returns: `nil` where no sheet shows anything.
    func draw(_ square: TileSquare, crs: CRS, sheets: [Int]) throws -> Pixmap? {
        var picture = Pixmap(width: square.side, height: square.side)
        var isEmpty = true
        for sheet in sheets {
            let image = try shelf.image(sheet)
            let carried = try shelf.operation(from: crs, toSheet: sheet)
            let grid = PositionGrid(square, operation: carried.operation, reference: image.reference)
            let parts = stride(from: 0, to: square.side, by: Self.partSide)
            for top in parts {
                for left in parts {
                    let part = PixelArea(
                        left: left, top: top, right: min(left + Self.partSide, square.side), bottom: min(top + Self.partSide, square.side))
                    if try draw(part, of: sheet, image, grid, onto: &picture) { isEmpty = false }
                }
            }
        }
        return isEmpty || picture.pixels.allSatisfy { $0 >> 24 == 0 } ? nil : picture
    }

    private func draw(
        _ part: PixelArea, of sheet: Int, _ image: GeoTIFFImage, _ grid: PositionGrid, onto picture: inout Pixmap
    ) throws -> Bool {
        let whole = Envelope(minX: 0, minY: 0, maxX: Double(image.width), maxY: Double(image.height))
        let under = grid.envelope(of: part)
        guard !under.isEmpty, under.intersects(whole) else { return false }
        let scale = grid.scale
        let number = level(of: image, scale: scale)
        let level = image.levels[number]
        let (across, down) = (Double(image.width) / Double(level.width), Double(image.height) / Double(level.height))
        let area = PixelArea(
            left: max(0, Int(max(under.minX, 0) / across) - 1), top: max(0, Int(max(under.minY, 0) / down) - 1),
            right: min(level.width, Int(min(under.maxX, whole.maxX) / across) + 2),
            bottom: min(level.height, Int(min(under.maxY, whole.maxY) / down) + 2))
        guard area.width > 0, area.height > 0 else { return false }
        guard area.width <= Self.mostPixelsUnderPart / area.height else { throw Self.tooFine(image.path, scale: scale) }
        let sampler = SheetSampler(
            window: try shelf.window(sheet: sheet, level: number, area), levelWidth: level.width, levelHeight: level.height)
        let rest = scale / max(across, down)
        let samples = rest <= Self.singleSampleScale ? 1 : Int((rest * Self.samplesPerPixel).rounded(.up))
        let reach = Reach(width: Double(image.width), height: Double(image.height), across: across, down: down)
        for y in part.top..<part.bottom {
            for x in part.left..<part.right {
                var word = Self.word(x, y, grid, sampler, samples, reach)
                if image.hasHardEdge { word = Self.hardened(word) }
                let alpha = word >> 24
                if alpha == 0 { continue }
                let below = picture.pixels[y * picture.width + x]
                picture.pixels[y * picture.width + x] = alpha == 255 || below == 0 ? word : Self.over(word, below)
            }
        }
        return true
    }

    /// The image's size, and its pixels to one of the level.
    private struct Reach {
        var width: Double
        var height: Double
        var across: Double
        var down: Double
    }

    /// The mean of samples by samples positions of a tile pixel.
    @inline(__always)
    private static func word(
        _ x: Int, _ y: Int, _ grid: PositionGrid, _ sampler: SheetSampler, _ samples: Int, _ reach: Reach
    ) -> UInt32 {
        var mean = WordMean()
        let part = 1 / Double(samples)
        for j in 0..<samples {
            for i in 0..<samples {
                let p = grid.position(x: Double(x) + (Double(i) + 0.5) * part, y: Double(y) + (Double(j) + 0.5) * part)
                // What is not a number is not inside.
                guard p.x >= -slackInPixels, p.y >= -slackInPixels, p.x < reach.width + slackInPixels, p.y < reach.height + slackInPixels
                else { continue }
                let word = sampler.word(x: p.x / reach.across, y: p.y / reach.down)
                if samples == 1 { return word }
                mean.add(word)
            }
        }
        return samples == 1 ? 0 : mean.word(of: UInt32(samples * samples))
    }

    /// The coarsest level that still has as many pixels as the tile.
    private func level(of image: GeoTIFFImage, scale: Double) -> Int {
        image.levels.lastIndex { Double(image.width) / Double($0.width) <= max(1, scale) } ?? 0
    }

    /// Image or none: what is more than half image is image.
    @inline(__always)
    private static func hardened(_ word: UInt32) -> UInt32 {
        let alpha = word >> 24
        if alpha == 255 || alpha == 0 { return word }
        guard alpha >= 128 else { return 0 }
        func channel(_ shift: UInt32) -> UInt32 { min(255, ((word >> shift & 255) * 255 + alpha / 2) / alpha) << shift }
        return 0xFF00_0000 | channel(0) | channel(8) | channel(16)
    }

    @inline(__always)
    private static func over(_ top: UInt32, _ below: UInt32) -> UInt32 {
        let hidden = 255 - top >> 24
        func channel(_ shift: UInt32) -> UInt32 { min(255, (top >> shift & 255) + ((below >> shift & 255) * hidden + 127) / 255) << shift }
        return channel(0) | channel(8) | channel(16) | channel(24)
    }

    private static func tooFine(_ path: String, scale: Double) -> ImageryError {
        let times = Int(scale.rounded())
        return ImageryError(
            code: .tooFine,
            message: LocalisedText(
                zh: "\(path)：图像比最细一级瓦片还细 \(times) 倍；请先用 gdal_translate -outsize 10% 10% -r average IN.tif OUT.tif 缩小",
                en: "\(path): the image is \(times) times finer than the finest tiles; reduce it first with gdal_translate -outsize 10% 10% -r average IN.tif OUT.tif"))
    }
}
