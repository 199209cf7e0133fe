/// Lays one colour over the canvas through coverage.
@safe
struct ColourReceiver: CoverageReceiver {
    private let pixels: UnsafeMutablePointer<UInt32>
    private let width: Int
    /// Premultiplied.
    private let source: UInt32
    private let redBlue: PixelArithmetic.Channels
    private let greenAlpha: PixelArithmetic.Channels

    init(pixels: UnsafeMutablePointer<UInt32>, width: Int, source: UInt32) {
        unsafe self.pixels = pixels
        self.width = width
        self.source = source
        redBlue = PixelArithmetic.channels(SIMD8(repeating: source & 0x00FF_00FF))
        greenAlpha = PixelArithmetic.channels(SIMD8(repeating: source &>> 8 & 0x00FF_00FF))
    }

    @inline(__always)
    func span(row: Int, x: Int, count: Int, coverage: UInt32) {
        let start = unsafe pixels + (row &* width &+ x)
        let word = coverage == 255 ? source : PixelArithmetic.scale(source, by: coverage)
        if word >= 0xFF00_0000 {
            unsafe start.update(repeating: word, count: count)
            return
        }
        let vector = SIMD8<UInt32>(repeating: word)
        let low = SIMD8<UInt32>(repeating: 0x00FF_00FF)
        let rb = PixelArithmetic.channels(vector & low)
        let ga = PixelArithmetic.channels(vector &>> 8 & low)
        var i = 0
        while i &+ 8 <= count {
            unsafe Self.blend(start + i, rb, ga)
            i &+= 8
        }
        while i < count {
            unsafe start[i] = PixelArithmetic.over(word, start[i])
            i &+= 1
        }
    }

    @inline(__always)
    func block(row: Int, x: Int, _ coverage: SIMD8<UInt32>) {
        let start = unsafe pixels + (row &* width &+ x)
        let count = width &- x
        if count >= 8 {
            let factors = PixelArithmetic.pairs(coverage)
            unsafe Self.blend(
                start, PixelArithmetic.multiply(redBlue, by: factors),
                PixelArithmetic.multiply(greenAlpha, by: factors))
            return
        }
        for i in 0..<max(count, 0) {
            unsafe start[i] = PixelArithmetic.over(PixelArithmetic.scale(source, by: coverage[i]), start[i])
        }
    }

    @inline(__always)
    private static func blend(
        _ start: UnsafeMutablePointer<UInt32>, _ redBlue: PixelArithmetic.Channels, _ greenAlpha: PixelArithmetic.Channels
    ) {
        let raw = UnsafeMutableRawPointer(start)
        let below = unsafe raw.loadUnaligned(as: SIMD8<UInt32>.self)
        let result = PixelArithmetic.over(redBlue: redBlue, greenAlpha: greenAlpha, below)
        unsafe raw.storeBytes(of: result, as: SIMD8<UInt32>.self)
    }
}
