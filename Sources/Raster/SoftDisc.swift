/// A disc with a ring round it, its edge fading inwards: how MapLibre's clients draw a circle.
public struct SoftDisc: Hashable, Sendable {
    /// Device pixels, to the ring's inner side.
    public var radius: Float
    /// Device pixels of the ring's width, outside `radius`.
    public var strokeWidth: Float
    /// Share of the whole radius over which the edge fades; never less than one pixel's worth.
    public var blur: Float
    public var fill: Colour
    /// 0...1.
    public var fillOpacity: Float
    public var stroke: Colour
    public var strokeOpacity: Float

    public init(
        radius: Float, strokeWidth: Float = 0, blur: Float = 0, fill: Colour, fillOpacity: Float = 1, stroke: Colour = .black,
        strokeOpacity: Float = 1
    ) {
        self.radius = radius
        self.strokeWidth = strokeWidth
        self.blur = blur
        self.fill = fill
        self.fillOpacity = fillOpacity
        self.stroke = stroke
        self.strokeOpacity = strokeOpacity
    }
}

extension Canvas {
    /// Lays a disc down, its centre in 24.8 pixels.
    public mutating func draw(_ disc: SoftDisc, centreX: Int32, centreY: Int32) {
        let reach = disc.radius + disc.strokeWidth
        guard reach > 0, reach.isFinite, disc.blur.isFinite else { return }
        let (x, y) = (Float(centreX) / 256, Float(centreY) / 256)
        if isRecording {
            return recordPicture(left: x - reach, top: y - reach, right: x + reach, bottom: y + reach) { part, left, top in
                part.draw(disc, centreX: centreX - Int32(left * 256), centreY: centreY - Int32(top * 256))
            }
        }
        let columns = Self.pixels(x - reach, x + reach, limit: width)
        let rows = Self.pixels(y - reach, y + reach, limit: height)
        let shade = DiscShade(disc, reach: reach)
        let width = self.width
        for row in rows {
            let dy = Float(row) + 0.5 - y
            for column in columns {
                let dx = Float(column) + 0.5 - x
                let square = dx * dx + dy * dy
                if square >= reach * reach { continue }
                let at = row &* width &+ column
                pixels[at] = PixelArithmetic.over(shade.word(square.squareRoot() / reach), pixels[at])
            }
        }
    }

    /// The pixels whose middles may lie between two places.
    private static func pixels(_ low: Float, _ high: Float, limit: Int) -> Range<Int> {
        let first = Int(min(max(low.rounded(.down), 0), Float(limit)))
        let end = Int(min(max(high.rounded(.up), 0), Float(limit)))
        return first..<max(first, end)
    }
}

/// The colour of a disc at a distance from its centre.
private struct DiscShade {
    private let fill: SIMD4<Float>
    private let stroke: SIMD4<Float>
    private let fade: Float
    /// Share of the whole radius where the ring begins; `nil` without a ring.
    private let ring: Float?

    /// A thinner ring is none.
    private static let leastStrokeInPixels: Float = 0.01

    init(_ disc: SoftDisc, reach: Float) {
        fill = Self.channels(disc.fill, disc.fillOpacity)
        stroke = Self.channels(disc.stroke, disc.strokeOpacity)
        fade = max(abs(disc.blur), 1 / reach)
        ring = disc.strokeWidth < Self.leastStrokeInPixels ? nil : disc.radius / reach
    }

    private static func channels(_ colour: Colour, _ opacity: Float) -> SIMD4<Float> {
        let word = colour.premultiplied
        let bytes = SIMD4<UInt32>(word & 255, word >> 8 & 255, word >> 16 & 255, word >> 24)
        return SIMD4<Float>(bytes) * min(max(opacity, 0), 1)
    }

    /// 0 where `t` is below 0, 1 above 1, smooth between.
    private static func smooth(_ t: Float) -> Float {
        let t = min(max(t, 0), 1)
        return t * t * (3 - 2 * t)
    }

    /// - Parameter distance: share of the whole radius, below 1.
    func word(_ distance: Float) -> UInt32 {
        let shown = Self.smooth((1 - distance) / fade)
        var colour = fill
        if let ring {
            colour += (stroke - fill) * (1 - Self.smooth((ring - distance) / fade))
        }
        let bytes = SIMD4<UInt32>(colour * shown + SIMD4(repeating: 0.5))
        return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24
    }
}
