/// Where a part of a picture comes on the canvas: an affine way from the picture's pixels to device pixels.
public struct ImagePlacement: Hashable, Sendable {
    /// Device pixels of the picture's left top corner.
    public var x: Float
    public var y: Float
    /// Device pixels of one picture pixel across.
    public var acrossX: Float
    public var acrossY: Float
    /// Device pixels of one picture pixel down.
    public var downX: Float
    public var downY: Float
    /// The part that is drawn, in picture pixels; it may reach past the picture, where all is transparent.
    public var left: Float
    public var top: Float
    public var right: Float
    public var bottom: Float

    public init(
        x: Float, y: Float, across: (x: Float, y: Float), down: (x: Float, y: Float), left: Float, top: Float, right: Float,
        bottom: Float
    ) {
        self.x = x
        self.y = y
        (acrossX, acrossY) = across
        (downX, downY) = down
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// The box round the part, in device pixels.
    public var box: (left: Float, top: Float, right: Float, bottom: Float) {
        let corners = [device(left, top), device(right, top), device(left, bottom), device(right, bottom)]
        let (x, y) = (corners.map(\.x), corners.map(\.y))
        return (x.min() ?? 0, y.min() ?? 0, x.max() ?? 0, y.max() ?? 0)
    }

    private func device(_ u: Float, _ v: Float) -> SIMD2<Float> {
        SIMD2(x + u * acrossX + v * downX, y + u * acrossY + v * downY)
    }

    /// Calls `body` for every canvas pixel whose middle the part covers, with the place in picture pixels.
    func forEachPixel(width: Int, height: Int, _ body: (_ column: Int, _ row: Int, _ u: Float, _ v: Float) -> Void) {
        let area = acrossX * downY - acrossY * downX
        guard area != 0, area.isFinite, x.isFinite, y.isFinite else { return }
        let corners = [device(left, top), device(right, top), device(left, bottom), device(right, bottom)]
        let columns = Self.range(corners.map(\.x), width)
        for row in Self.range(corners.map(\.y), height) {
            let dy = Float(row) + 0.5 - y
            for column in columns {
                let dx = Float(column) + 0.5 - x
                let u = (dx * downY - dy * downX) / area
                let v = (dy * acrossX - dx * acrossY) / area
                if u >= left, u < right, v >= top, v < bottom { body(column, row, u, v) }
            }
        }
    }

    private static func range(_ values: [Float], _ limit: Int) -> Range<Int> {
        let low = min(max((values.min() ?? 0).rounded(.down), 0), Float(limit))
        let high = min(max((values.max() ?? 0).rounded(.up), 0), Float(limit))
        return Int(low)..<max(Int(low), Int(high))
    }
}

/// How a picture is read between its pixels.
public enum ImageSampling: Sendable {
    /// The pixel that the place lies in.
    case nearest
    /// Between the four pixels whose middles are around it; transparent outside.
    case linear
    /// The same, but the picture's edge goes on outside, so that pictures side by side show no seam.
    case linearToEdge
}

extension Canvas {
    /// Draws a part of a picture, inside the clip area.
    public mutating func draw(_ image: Pixmap, at placement: ImagePlacement, sampling: ImageSampling, opacity: Float = 1) {
        let byte = PixelArithmetic.byte(opacity)
        guard byte > 0 else { return }
        if isRecording { return recorder.add(.image(image, at: placement, sampling: sampling, opacity: opacity)) }
        let width = self.width
        var columns: [Range<Int>] = []
        for row in 0..<height { columns.append(clipColumns(row)) }
        var painted = pixels
        pixels = []
        placement.forEachPixel(width: width, height: height) { column, row, u, v in
            let word = sampling == .nearest ? image.nearest(u, v) : image.linear(u, v, toEdge: sampling == .linearToEdge)
            if word == 0 || !columns[row].contains(column) { return }
            let at = row &* width &+ column
            painted[at] = PixelArithmetic.over(PixelArithmetic.scale(word, by: byte), painted[at])
        }
        pixels = painted
    }
}

extension Pixmap {
    fileprivate func nearest(_ u: Float, _ v: Float) -> UInt32 {
        let (x, y) = (Int(u.rounded(.down)), Int(v.rounded(.down)))
        return x >= 0 && y >= 0 && x < width && y < height ? pixels[y * width + x] : 0
    }

    fileprivate func linear(_ u: Float, _ v: Float, toEdge: Bool) -> UInt32 {
        let (x, y) = ((u - 0.5).rounded(.down), (v - 0.5).rounded(.down))
        let (s, t) = (u - 0.5 - x, v - 0.5 - y)
        func channels(_ dx: Float, _ dy: Float) -> SIMD4<Float> {
            let (column, row) = (x + dx, y + dy)
            let word = toEdge
                ? nearest(min(max(column, 0), Float(width - 1)), min(max(row, 0), Float(height - 1))) : nearest(column, row)
            return SIMD4(SIMD4<UInt32>(word & 255, word >> 8 & 255, word >> 16 & 255, word >> 24))
        }
        let upper = channels(0, 0) * (1 - s) + channels(1, 0) * s
        let lower = channels(0, 1) * (1 - s) + channels(1, 1) * s
        let bytes = SIMD4<UInt32>(upper * (1 - t) + lower * t + SIMD4(repeating: 0.5))
        return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24
    }
}
