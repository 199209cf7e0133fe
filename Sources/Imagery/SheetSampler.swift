import Raster

/// Pixels of an image between its pixels: bilinear, weights in 256ths, so that every machine gets the same bytes.
struct SheetSampler {
    let window: PixelWindowCopy
    /// Of the level that the window is cut from.
    let levelWidth: Int
    let levelHeight: Int

    /// The premultiplied word at a position of the level, which lies inside it; beyond its edge pixels are like those at the edge.
    @inline(__always)
    func word(x: Double, y: Double) -> UInt32 {
        let (ux, uy) = (x - 0.5, y - 0.5)
        let (cx, cy) = (ux.rounded(.down), uy.rounded(.down))
        let (fx, fy) = (UInt32((ux - cx) * 256), UInt32((uy - cy) * 256))
        let (x0, y0) = (Int(cx), Int(cy))
        let left = column(x0), right = column(x0 + 1)
        let upper = row(y0), lower = row(y0 + 1)
        let above = Self.mix(window.words[upper + left], window.words[upper + right], fx)
        let below = Self.mix(window.words[lower + left], window.words[lower + right], fx)
        return Self.mix(above, below, fy)
    }

    @inline(__always)
    private func column(_ x: Int) -> Int {
        min(max(min(max(x, 0), levelWidth - 1), window.area.left), window.area.right - 1) - window.area.left
    }

    @inline(__always)
    private func row(_ y: Int) -> Int {
        (min(max(min(max(y, 0), levelHeight - 1), window.area.top), window.area.bottom - 1) - window.area.top) * window.area.width
    }

    /// `a` to `b` by 256ths, two channels at a time.
    @inline(__always)
    private static func mix(_ a: UInt32, _ b: UInt32, _ part: UInt32) -> UInt32 {
        if part == 0 || a == b { return a }
        let rest = 256 - part
        let rb = ((a & 0x00FF_00FF) &* rest &+ (b & 0x00FF_00FF) &* part &+ 0x0080_0080) >> 8 & 0x00FF_00FF
        let ga = ((a >> 8 & 0x00FF_00FF) &* rest &+ (b >> 8 & 0x00FF_00FF) &* part &+ 0x0080_0080) & 0xFF00_FF00
        return rb | ga
    }
}

/// The mean of some premultiplied words.
struct WordMean {
    private var red: UInt32 = 0
    private var green: UInt32 = 0
    private var blue: UInt32 = 0
    private var alpha: UInt32 = 0

    @inline(__always)
    mutating func add(_ word: UInt32) {
        red &+= word & 255
        green &+= word >> 8 & 255
        blue &+= word >> 16 & 255
        alpha &+= word >> 24
    }

    @inline(__always)
    func word(of count: UInt32) -> UInt32 {
        func mean(_ sum: UInt32) -> UInt32 { (sum &+ count / 2) / count }
        return mean(red) | mean(green) << 8 | mean(blue) << 16 | mean(alpha) << 24
    }
}
