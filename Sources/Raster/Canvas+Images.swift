extension Canvas {
    /// Lays a glyph's coverage down in a colour; `x`, `y` is the canvas pixel of its left top value.
    public mutating func draw(mask: Mask, x: Int, y: Int, colour: Colour, blending: Blending = .stored) {
        let source = colour.premultiplied
        guard source != 0 else { return }
        if isRecording {
            let words = mask.coverage.map { PixelArithmetic.scale(source, by: UInt32($0)) }
            return recorder.add(Pixmap(width: mask.width, height: mask.height, pixels: words), left: x, top: y, opacity: 1)
        }
        if blending == .linear { return drawLinear(mask, x, y, source) }
        let columns = max(0, -x)..<max(max(0, -x), min(mask.width, width - x))
        let rows = max(0, -y)..<max(max(0, -y), min(mask.height, height - y))
        let width = self.width
        unsafe mask.coverage.withUnsafeBufferPointer { coverage in
            unsafe pixels.withUnsafeMutableBufferPointer { pixels in
                for row in rows {
                    let from = row &* mask.width
                    let to = (y &+ row) &* width &+ x
                    for column in columns {
                        let cover = unsafe UInt32(coverage[from &+ column])
                        if cover == 0 { continue }
                        let word = cover == 255 ? source : PixelArithmetic.scale(source, by: cover)
                        let at = to &+ column
                        unsafe pixels[at] = PixelArithmetic.over(word, pixels[at])
                    }
                }
            }
        }
    }

    private mutating func drawLinear(_ mask: Mask, _ x: Int, _ y: Int, _ source: UInt32) {
        for row in max(0, -y)..<max(max(0, -y), min(mask.height, height - y)) {
            for column in max(0, -x)..<max(max(0, -x), min(mask.width, width - x)) {
                let cover = UInt32(mask.coverage[row * mask.width + column])
                if cover == 0 { continue }
                let at = (y + row) * width + x + column
                pixels[at] = Blending.linear.over(source, coverage: cover, pixels[at])
            }
        }
    }

    /// Lays a picture down pixel on pixel, its left top at canvas pixel `left`, `top`.
    public mutating func draw(_ image: Pixmap, left: Int, top: Int, opacity: Float = 1) {
        let byte = PixelArithmetic.byte(opacity)
        guard byte != 0 else { return }
        if isRecording { return recorder.add(image, left: left, top: top, opacity: opacity) }
        let columns = max(0, -left)..<max(max(0, -left), min(image.width, width - left))
        let rows = max(0, -top)..<max(max(0, -top), min(image.height, height - top))
        let width = self.width
        unsafe image.pixels.withUnsafeBufferPointer { source in
            unsafe pixels.withUnsafeMutableBufferPointer { pixels in
                for row in rows {
                    let from = row &* image.width
                    let to = (top &+ row) &* width &+ left
                    for column in columns {
                        let word = unsafe PixelArithmetic.scale(source[from &+ column], by: byte)
                        let at = to &+ column
                        unsafe pixels[at] = PixelArithmetic.over(word, pixels[at])
                    }
                }
            }
        }
    }

    /// Lays a picture down round its centre (24.8 pixels), `rotationDegrees` clockwise.
    ///
    /// Unscaled, unturned and on whole pixels it is copied as it is; else it is sampled between its pixels, after
    /// halving it as often as `scale` asks for.
    public mutating func draw(
        _ image: Pixmap, x: Int32, y: Int32, scale: Float = 1, rotationDegrees: Float = 0, opacity: Float = 1
    ) {
        guard scale > 0, scale.isFinite, rotationDegrees.isFinite, image.width > 0, image.height > 0 else { return }
        if isRecording { return record(image, Float(x) / 256, Float(y) / 256, min(scale, 4096), rotationDegrees, opacity) }
        var image = image
        var scale = Double(min(scale, 4096))
        while scale <= 0.5 && image.width > 1 && image.height > 1 {
            image = image.halved()
            scale *= 2
        }
        let left = Int(x) - image.width * 128
        let top = Int(y) - image.height * 128
        if scale == 1 && rotationDegrees == 0 && left & 255 == 0 && top & 255 == 0 {
            draw(image, left: left >> 8, top: top >> 8, opacity: opacity)
            return
        }
        let turn = FixedTrigonometry.cosineAndSine(degrees: Double(rotationDegrees.truncatingRemainder(dividingBy: 360)))
        drawSampled(image, x: Int(x), y: Int(y), cosine: turn.cosine / scale, sine: turn.sine / scale, opacity: opacity)
    }

    private mutating func record(_ image: Pixmap, _ x: Float, _ y: Float, _ scale: Float, _ degrees: Float, _ opacity: Float) {
        let turn = FixedTrigonometry.cosineAndSine(degrees: Double(degrees.truncatingRemainder(dividingBy: 360)))
        let (cosine, sine) = (Float(turn.cosine) * scale, Float(turn.sine) * scale)
        let (width, height) = (Float(image.width), Float(image.height))
        let placement = ImagePlacement(
            x: x - (width * cosine - height * sine) / 2, y: y - (width * sine + height * cosine) / 2, across: (cosine, sine),
            down: (-sine, cosine), left: 0, top: 0, right: width, bottom: height)
        recorder.add(.image(image, at: placement, sampling: .linear, opacity: opacity))
    }

    /// `cosine` and `sine` are those of the inverse mapping, divided by the scale.
    private mutating func drawSampled(
        _ image: Pixmap, x: Int, y: Int, cosine: Double, sine: Double, opacity: Float
    ) {
        let byte = PixelArithmetic.byte(opacity)
        let scaleSquared = 1 / (cosine * cosine + sine * sine)
        let diagonal = (Double(image.width * image.width + image.height * image.height) * scaleSquared).squareRoot()
        let reach = Int(min(diagonal / 2, 65_536)) + 2
        let columns = max(0, x >> 8 - reach)..<max(0, max(x >> 8 - reach, min(width, x >> 8 + reach + 1)))
        let rows = max(0, y >> 8 - reach)..<max(0, max(y >> 8 - reach, min(height, y >> 8 + reach + 1)))
        // 1/65 536 source pixel for each canvas pixel.
        let cos = FixedTrigonometry.round(cosine * 65_536)
        let sin = FixedTrigonometry.round(sine * 65_536)
        for row in rows {
            let dy = row * 256 + 128 - y
            for column in columns {
                let dx = column * 256 + 128 - x
                let u = (dx * cos + dy * sin) >> 8 + image.width << 15 - 32_768
                let v = (dy * cos - dx * sin) >> 8 + image.height << 15 - 32_768
                let word = image.sampled(u, v)
                if word == 0 { continue }
                let at = row * width + column
                pixels[at] = PixelArithmetic.over(PixelArithmetic.scale(word, by: byte), pixels[at])
            }
        }
    }
}

extension Pixmap {
    /// Bilinear, at 1/65 536 pixel from the centre of the left top pixel; transparent outside.
    @inline(__always)
    fileprivate func sampled(_ u: Int, _ v: Int) -> UInt32 {
        let x = u >> 16
        let y = v >> 16
        guard x >= -1, y >= -1, x < width, y < height else { return 0 }
        let fx = UInt32(truncatingIfNeeded: u >> 8 & 255)
        let fy = UInt32(truncatingIfNeeded: v >> 8 & 255)
        let upper = Self.mix(pixel(x, y), pixel(x + 1, y), fx)
        let lower = Self.mix(pixel(x, y + 1), pixel(x + 1, y + 1), fx)
        return Self.mix(upper, lower, fy)
    }

    @inline(__always)
    private func pixel(_ x: Int, _ y: Int) -> UInt32 {
        x < 0 || y < 0 || x >= width || y >= height ? 0 : pixels[y * width + x]
    }

    /// `a` to `b` by `t / 256`, each channel nearest.
    @inline(__always)
    private static func mix(_ a: UInt32, _ b: UInt32, _ t: UInt32) -> UInt32 {
        let s = 256 - t
        let low: UInt32 = 0x00FF_00FF
        let rb = ((a & low) * s + (b & low) * t + 0x0080_0080) >> 8 & low
        let ga = ((a >> 8 & low) * s + (b >> 8 & low) * t + 0x0080_0080) >> 8 & low
        return rb | ga << 8
    }
}
