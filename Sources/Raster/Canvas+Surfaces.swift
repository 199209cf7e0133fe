/// What lay on a canvas before a surface of its own was begun.
public struct CanvasGround: ~Copyable, Sendable {
    fileprivate let pixels: [UInt32]
}

extension Canvas {
    /// Begins a transparent surface: what is painted from now on lies on it alone, until it is laid down.
    public mutating func beginSurface() -> CanvasGround {
        if isRecording {
            recorder.add(.beginGroup)
            return CanvasGround(pixels: [])
        }
        let ground = CanvasGround(pixels: pixels)
        clear(.clear)
        return ground
    }

    /// Lays the surface on what lay there before, as one.
    ///
    /// - Parameter opacity: 0...1.
    public mutating func endSurface(on ground: consuming CanvasGround, opacity: Float) {
        if isRecording { return recorder.add(.endGroup(opacity: opacity)) }
        let byte = PixelArithmetic.byte(opacity)
        let below = ground.pixels
        for i in pixels.indices {
            let word = pixels[i]
            pixels[i] = word == 0 ? below[i] : PixelArithmetic.over(PixelArithmetic.scale(word, by: byte), below[i])
        }
    }
}
