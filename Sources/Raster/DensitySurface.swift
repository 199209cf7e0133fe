import Foundation

/// How densely points lie, each spread by a Gaussian bell: what a heat map colours.
///
/// Kept at a quarter of the picture's resolution, as MapLibre's clients do.
public struct DensitySurface: Sendable {
    private let width: Int
    private let height: Int
    private var values: [Float]

    private static let pixelsPerCell: Float = 4
    /// 1 / √(2π).
    private static let bellHeight: Float = 0.398_942_28
    /// Below this a bell counts as flat.
    private static let least: Float = 1 / 255 / 16
    /// Standard deviations in a radius.
    private static let deviations: Float = 3

    /// - Parameters: device pixels.
    public init(width: Int, height: Int) {
        self.width = (width + 3) / 4
        self.height = (height + 3) / 4
        values = [Float](repeating: 0, count: self.width * self.height)
    }

    /// - Parameters:
    ///   - x, y: 24.8 device pixels.
    ///   - radius: device pixels.
    ///   - weight: the bell's height against that of an ordinary point.
    public mutating func add(x: Int32, y: Int32, radius: Float, weight: Float) {
        let peak = weight * Self.bellHeight
        guard radius > 0, radius.isFinite, peak > Self.least, peak.isFinite else { return }
        let unit = 256 * Self.pixelsPerCell
        let (u, v, size) = (Float(x) / unit, Float(y) / unit, radius / Self.pixelsPerCell)
        let reach = (-2 * log(Self.least / peak)).squareRoot() / Self.deviations * size
        let columns = Self.cells(u, reach, width)
        for row in Self.cells(v, reach, height) {
            let dy = (Float(row) + 0.5 - v) / size
            for column in columns {
                let dx = (Float(column) + 0.5 - u) / size
                let power = -0.5 * Self.deviations * Self.deviations * (dx * dx + dy * dy)
                values[row * width + column] += peak * exp(power)
            }
        }
    }

    private static func cells(_ middle: Float, _ reach: Float, _ limit: Int) -> Range<Int> {
        let low = Int(min(max((middle - reach - 0.5).rounded(.up), 0), Float(limit)))
        let high = Int(min(max((middle + reach - 0.5).rounded(.down) + 1, 0), Float(limit)))
        return low..<max(low, high)
    }

    /// Its cells as pixels, and how many device pixels wide one is.
    fileprivate func picture(_ word: (Float) -> UInt32) -> (Pixmap, step: Float) {
        (Pixmap(width: width, height: height, pixels: values.map(word)), Self.pixelsPerCell)
    }

    /// The density at a device pixel's middle, between the cells around it.
    fileprivate func density(_ column: Int, _ row: Int) -> Float {
        let u = (Float(column) + 0.5) / Self.pixelsPerCell - 0.5
        let v = (Float(row) + 0.5) / Self.pixelsPerCell - 0.5
        let (x, y) = (u.rounded(.down), v.rounded(.down))
        func at(_ dx: Int, _ dy: Int) -> Float {
            let (c, r) = (min(max(Int(x) + dx, 0), width - 1), min(max(Int(y) + dy, 0), height - 1))
            return values[r * width + c]
        }
        let upper = at(0, 0) + (at(1, 0) - at(0, 0)) * (u - x)
        let lower = at(0, 1) + (at(1, 1) - at(0, 1)) * (u - x)
        return upper + (lower - upper) * (v - y)
    }
}

extension Canvas {
    /// As a picture of the surface's own cells.
    private mutating func record(_ surface: DensitySurface, _ words: [UInt32], _ end: UInt32) {
        let (picture, step) = surface.picture { place in
            let index = Int(max(place * Float(words.count), 0))
            return index < words.count ? words[index] : end
        }
        let placement = ImagePlacement(
            x: 0, y: 0, across: (step, 0), down: (0, step), left: 0, top: 0, right: Float(picture.width), bottom: Float(picture.height))
        recorder.add(.image(picture, at: placement, sampling: .linearToEdge, opacity: 1))
    }

    /// Colours a density surface over the whole canvas.
    ///
    /// - Parameter ramp: colours from density 0 to density 1, evenly spread.
    public mutating func draw(_ surface: DensitySurface, ramp: [Colour], opacity: Float) {
        guard let last = ramp.last else { return }
        let byte = PixelArithmetic.byte(opacity)
        let words = ramp.map { PixelArithmetic.scale($0.premultiplied, by: byte) }
        let end = PixelArithmetic.scale(last.premultiplied, by: byte)
        if isRecording { return record(surface, words, end) }
        let width = self.width
        for row in 0..<height {
            for column in 0..<width {
                let place = surface.density(column, row) * Float(words.count) - 0.5
                let index = Int(max(place + 0.5, 0))
                let word = index < words.count ? words[index] : end
                if word == 0 { continue }
                let at = row &* width &+ column
                pixels[at] = PixelArithmetic.over(word, pixels[at])
            }
        }
    }
}
