/// A finished picture: premultiplied RGBA, eight bits a channel, red in the lowest byte of each word, row 0 on top.
public struct Pixmap: Sendable, Hashable {
    public let width: Int
    public let height: Int
    /// `width * height` words, row after row without padding.
    public var pixels: [UInt32]

    /// A wholly transparent picture.
    public init(width: Int, height: Int) {
        precondition(width >= 0 && height >= 0, "a pixmap has no negative side")
        self.init(width: width, height: height, pixels: [UInt32](repeating: 0, count: width * height))
    }

    public init(width: Int, height: Int, pixels: [UInt32]) {
        precondition(pixels.count == width * height, "a pixmap holds width * height pixels")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The premultiplied word at column `x` of row `y`.
    public subscript(x: Int, y: Int) -> UInt32 {
        get { pixels[y * width + x] }
        set { pixels[y * width + x] = newValue }
    }

    /// The part under a rectangle, which must lie inside.
    public func cropped(x: Int, y: Int, width: Int, height: Int) -> Pixmap {
        precondition(
            x >= 0 && y >= 0 && width >= 0 && height >= 0 && x + width <= self.width && y + height <= self.height,
            "a crop lies inside its pixmap")
        var cut: [UInt32] = []
        cut.reserveCapacity(width * height)
        for row in y..<(y + height) {
            let start = row * self.width + x
            cut.append(contentsOf: pixels[start..<(start + width)])
        }
        return Pixmap(width: width, height: height, pixels: cut)
    }

    /// The premultiplied word that every pixel has; nil when there are two or none.
    public var uniformPixel: UInt32? {
        guard let first = pixels.first, pixels.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// The colour that every pixel has; nil when there are two or none.
    public var uniformColour: Colour? { uniformPixel.map(Colour.init(premultiplied:)) }

    /// True when no pixel lets anything through.
    public var isOpaque: Bool { pixels.allSatisfy { $0 >= 0xFF00_0000 } }

    /// Half the size: each pixel the mean of two by two, transparent beyond an odd edge.
    func halved() -> Pixmap {
        var half = Pixmap(width: (width + 1) / 2, height: (height + 1) / 2)
        for y in 0..<half.height {
            for x in 0..<half.width {
                var rb: UInt32 = 0x0002_0002
                var ga: UInt32 = 0x0002_0002
                for (sx, sy) in [(2 * x, 2 * y), (2 * x + 1, 2 * y), (2 * x, 2 * y + 1), (2 * x + 1, 2 * y + 1)]
                where sx < width && sy < height {
                    let word = self[sx, sy]
                    rb += word & 0x00FF_00FF
                    ga += word >> 8 & 0x00FF_00FF
                }
                half[x, y] = (rb >> 2 & 0x00FF_00FF) | (ga >> 2 & 0x00FF_00FF) << 8
            }
        }
        return half
    }
}
