/// Channels of sRGB as amounts of light and back, by tables (IEC 61966-2-1).
///
/// The tables are built of additions, multiplications and divisions alone, which give the same bits on every machine.
enum LinearLight {
    /// 0...255 to 0...65 535.
    static let light: [UInt16] = (0...255).map { light(of: Double($0) / 255) }

    private static let channelBits = 14

    /// 0...16 383 to the nearest of 0...255.
    private static let channel: [UInt8] = {
        var channel: UInt8 = 0
        return (0..<(1 << channelBits)).map { step in
            let light = step * 65_535 / ((1 << channelBits) - 1)
            while channel < 255, abs(Int(Self.light[Int(channel) + 1]) - light) <= abs(Int(Self.light[Int(channel)]) - light) {
                channel += 1
            }
            return channel
        }
    }()

    private static func light(of channel: Double) -> UInt16 {
        guard channel > 0.04045 else { return UInt16(channel / 12.92 * 65_535 + 0.5) }
        let base = (channel + 0.055) / 1.055
        // base ^ 2.4 is the fifth root of base ^ 12, found by halving.
        let square = base * base
        let twelfth = square * square * square * square * square * square
        var (low, high) = (0, 65_536)
        while high - low > 1 {
            let middle = (low + high) / 2
            let value = (Double(middle) - 0.5) / 65_535
            let power = value * value * value * value * value
            if power <= twelfth { low = middle } else { high = middle }
        }
        return UInt16(min(low, 65_535))
    }

    @inline(__always)
    private static func channel(of light: UInt32) -> UInt32 {
        UInt32(channel[Int((light * UInt32((1 << channelBits) - 1) + 32_767) / 65_535)])
    }

    /// - Parameters:
    ///   - colour: what is laid, premultiplied; its own colour is taken from here, where it has most digits.
    ///   - source: the same at its coverage.
    static func over(_ colour: UInt32, _ source: UInt32, _ destination: UInt32) -> UInt32 {
        let (above, below) = (source >> 24, destination >> 24)
        // Colour alone, or over nothing: there is no mixing.
        if above == 0 { return destination }
        if above == 255 || below == 0 { return PixelArithmetic.over(source, destination) }
        let (a, b) = (Colour(premultiplied: colour), Colour(premultiplied: destination))
        // Weights of 255 * 255 in all, where the pixel is opaque.
        let upper = above * 255
        let lower = below * (255 - above)
        let sum = upper + lower
        func mixed(_ x: UInt8, _ y: UInt8) -> UInt8 {
            let light = UInt64(Self.light[Int(x)]) * UInt64(upper) + UInt64(Self.light[Int(y)]) * UInt64(lower)
            return UInt8(truncatingIfNeeded: channel(of: UInt32((light + UInt64(sum / 2)) / UInt64(sum))))
        }
        return Colour(
            red: mixed(a.red, b.red), green: mixed(a.green, b.green), blue: mixed(a.blue, b.blue),
            alpha: UInt8(truncatingIfNeeded: (sum + 127) / 255)
        ).premultiplied
    }
}

/// Lays one colour over the canvas through coverage, in linear light.
@safe
struct LinearColourReceiver: CoverageReceiver {
    private let pixels: UnsafeMutablePointer<UInt32>
    private let width: Int
    /// Premultiplied.
    private let source: UInt32

    init(pixels: UnsafeMutablePointer<UInt32>, width: Int, source: UInt32) {
        unsafe self.pixels = pixels
        self.width = width
        self.source = source
    }

    func span(row: Int, x: Int, count: Int, coverage: UInt32) {
        let start = unsafe pixels + (row &* width &+ x)
        for i in 0..<count { unsafe start[i] = Blending.linear.over(source, coverage: coverage, start[i]) }
    }

    func block(row: Int, x: Int, _ coverage: SIMD8<UInt32>) {
        let start = unsafe pixels + (row &* width &+ x)
        for i in 0..<max(0, min(8, width &- x)) {
            unsafe start[i] = Blending.linear.over(source, coverage: coverage[i], start[i])
        }
    }
}
