/// A shape as distances: each pixel says how far it lies from the outline, more inside than outside.
public struct DistancePicture: Sendable, Hashable {
    public let width: Int
    public let height: Int
    /// `width * height` values, row 0 on top.
    public let values: [UInt8]

    public init(width: Int, height: Int, values: [UInt8]) {
        precondition(values.count == width * height, "a distance picture holds width * height values")
        self.width = width
        self.height = height
        self.values = values
    }

    /// The alphas of a picture, which is how sprites hold such shapes.
    public init(alphasOf image: Pixmap) {
        self.init(width: image.width, height: image.height, values: image.pixels.map { UInt8(truncatingIfNeeded: $0 >> 24) })
    }

    /// 0...1 between the middles of pixels; 0 outside.
    func value(_ u: Float, _ v: Float) -> Float {
        let (x, y) = ((u - 0.5).rounded(.down), (v - 0.5).rounded(.down))
        let (s, t) = (u - 0.5 - x, v - 0.5 - y)
        func at(_ column: Int, _ row: Int) -> Float {
            column >= 0 && row >= 0 && column < width && row < height ? Float(values[row * width + column]) : 0
        }
        let (c, r) = (Int(x), Int(y))
        let upper = at(c, r) * (1 - s) + at(c + 1, r) * s
        let lower = at(c, r + 1) * (1 - s) + at(c + 1, r + 1) * s
        return (upper * (1 - t) + lower * t) / 255
    }
}

/// What a distance picture is painted with.
public struct DistanceShade: Sendable, Hashable {
    public var colour: Colour
    /// 0...1.
    public var opacity: Float
    /// The value on the painted shape's edge.
    public var edge: Float
    /// How far to either side of it the edge fades.
    public var softness: Float
    /// The value on the edge of the part left out inside, for a halo; `nil` to paint all of the shape.
    public var hollow: Float?

    public init(colour: Colour, opacity: Float, edge: Float, softness: Float, hollow: Float? = nil) {
        self.colour = colour
        self.opacity = opacity
        self.edge = edge
        self.softness = softness
        self.hollow = hollow
    }

    func coverage(_ value: Float) -> Float {
        let cover = rise(value, edge)
        guard let hollow else { return cover }
        return min(cover, 1 - rise(value, hollow))
    }

    private func rise(_ value: Float, _ edge: Float) -> Float {
        let t = min(max((value - edge + softness) / (2 * softness), 0), 1)
        return t * t * (3 - 2 * t)
    }
}

extension Canvas {
    /// Paints the shape that distances describe.
    public mutating func draw(
        _ picture: DistancePicture, at placement: ImagePlacement, shade: DistanceShade, blending: Blending = .stored
    ) {
        guard shade.softness > 0 else { return }
        if isRecording {
            let box = placement.box
            return recordPicture(left: box.left, top: box.top, right: box.right, bottom: box.bottom) { part, left, top in
                var moved = placement
                moved.x -= Float(left)
                moved.y -= Float(top)
                part.draw(picture, at: moved, shade: shade, blending: blending)
            }
        }
        let source = shade.colour.premultiplied
        let width = self.width
        var painted = pixels
        pixels = []
        placement.forEachPixel(width: width, height: height) { column, row, u, v in
            let cover = PixelArithmetic.byte(shade.coverage(picture.value(u, v)) * shade.opacity)
            if cover == 0 { return }
            let at = row &* width &+ column
            painted[at] = blending.over(source, coverage: cover, painted[at])
        }
        pixels = painted
    }
}
