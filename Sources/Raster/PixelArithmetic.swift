/// Rounded eight-bit arithmetic on premultiplied words, scalar and in vectors with equal results.
///
/// `x * y / 255` is rounded exactly as `(t + (t >> 8)) >> 8`, `t = x * y + 128`. Two channels travel in one word, 16
/// bits apart.
enum PixelArithmetic {
    /// Multiplies the two channels `0x00FF00FF` of `pair` by `factor / 255`.
    @inline(__always)
    static func multiply(_ pair: UInt32, by factor: UInt32) -> UInt32 {
        let t = pair &* factor &+ 0x0080_0080
        return (t &+ (t &>> 8 & 0x00FF_00FF)) &>> 8 & 0x00FF_00FF
    }

    /// All four channels of `word` by `factor / 255`.
    @inline(__always)
    static func scale(_ word: UInt32, by factor: UInt32) -> UInt32 {
        multiply(word & 0x00FF_00FF, by: factor) | multiply(word &>> 8 & 0x00FF_00FF, by: factor) &<< 8
    }

    /// Source over destination, both premultiplied.
    @inline(__always)
    static func over(_ source: UInt32, _ destination: UInt32) -> UInt32 {
        source &+ scale(destination, by: 255 &- source &>> 24)
    }

    typealias Words = SIMD8<UInt32>
    typealias Channels = SIMD16<UInt16>

    /// 16-bit lanes, because baseline x86-64 multiplies those and not 32-bit ones.
    @inline(__always)
    static func multiply(_ channels: Channels, by factors: Channels) -> Channels {
        let t = channels &* factors &+ Channels(repeating: 128)
        return (t &+ (t &>> 8)) &>> 8
    }

    @inline(__always)
    static func channels(_ words: Words) -> Channels { unsafe unsafeBitCast(words, to: Channels.self) }

    @inline(__always)
    static func words(_ channels: Channels) -> Words { unsafe unsafeBitCast(channels, to: Words.self) }

    /// `==` on vectors compares lane by lane; this does not.
    @inline(__always)
    static func isZero(_ words: Words) -> Bool {
        let wide = unsafe unsafeBitCast(words, to: SIMD4<UInt64>.self)
        let half = wide.lowHalf | wide.highHalf
        return half[0] | half[1] == 0
    }

    /// One factor for both channels of each word.
    @inline(__always)
    static func pairs(_ factors: Words) -> Channels { channels(factors | factors &<< 16) }

    /// Eight words over eight words.
    @inline(__always)
    static func over(redBlue: Channels, greenAlpha: Channels, _ destination: Words) -> Words {
        let inverse = pairs(Words(repeating: 255) &- words(greenAlpha) &>> 16)
        let low = Words(repeating: 0x00FF_00FF)
        let rb = redBlue &+ multiply(channels(destination & low), by: inverse)
        let ga = greenAlpha &+ multiply(channels(destination &>> 8 & low), by: inverse)
        return words(rb) | words(ga) &<< 8
    }

    /// 0...1 as 0...255, nearest; outside is clamped, NaN is 0.
    static func byte(_ fraction: Float) -> UInt32 {
        guard fraction > 0 else { return 0 }
        return UInt32(min(fraction, 1) * 255 + 0.5)
    }
}
