internal import Compression

/// Writes an opaque PNG in true colour strip by strip: no more than a strip is ever in memory.
public struct PNGStripWriter: ~Copyable {
    private let width: Int
    private let height: Int
    private let sink: ([UInt8]) throws -> Void
    private var rows = 0
    private var compressor = RowCompressor()
    private var stream = RowStream()

    /// The widest picture, in pixels: as wide as A0 lies at 300 dpi, and a little more.
    public static let widthLimit = 16_000
    private static let pixelBytes = 3
    private static let metresPerInch = 0.0254

    /// - Parameters:
    ///   - dotsPerInch: what the file says of its size on paper.
    ///   - sink: takes the file's bytes, in order.
    public init(width: Int, height: Int, dotsPerInch: Double, sink: @escaping ([UInt8]) throws -> Void) throws {
        precondition((1...Self.widthLimit).contains(width) && height > 0, "a PNG in strips is 1...\(Self.widthLimit) pixels wide")
        self.width = width
        self.height = height
        self.sink = sink
        var head = PNGFile.signature
        var header: [UInt8] = []
        PNGFile.append(UInt32(width), to: &header)
        PNGFile.append(UInt32(height), to: &header)
        header += [8, PNGHeader.ColourType.rgb.rawValue, 0, 0, 0]
        PNGFile.appendChunk("IHDR", header[...], to: &head)
        var density: [UInt8] = []
        let dots = UInt32((dotsPerInch / Self.metresPerInch).rounded())
        PNGFile.append(dots, to: &density)
        PNGFile.append(dots, to: &density)
        PNGFile.appendChunk("pHYs", (density + [1])[...], to: &head)
        try sink(head)
    }

    /// The next strip, as wide as the picture; what lets something through is laid on white.
    public mutating func append(_ strip: Pixmap) throws {
        precondition(strip.width == width && strip.height > 0 && rows + strip.height <= height, "strips fill the picture")
        let rowBytes = 1 + Self.pixelBytes * width
        var bytes = [UInt8](repeating: 0, count: rowBytes * strip.height + 8)
        var at = 0
        for y in 0..<strip.height {
            at += 1
            for word in strip.pixels[(y * width)..<((y + 1) * width)] {
                let rest = 255 - word >> 24
                bytes[at] = UInt8(truncatingIfNeeded: word & 255 + rest)
                bytes[at + 1] = UInt8(truncatingIfNeeded: word >> 8 & 255 + rest)
                bytes[at + 2] = UInt8(truncatingIfNeeded: word >> 16 & 255 + rest)
                at += Self.pixelBytes
            }
        }
        rows += strip.height
        let packed = compressor.append(
            bytes, rowBytes: rowBytes, height: strip.height, pixelBytes: Self.pixelBytes, to: &stream, isLast: rows == height)
        var chunk: [UInt8] = []
        PNGFile.appendChunk("IDAT", packed[...], to: &chunk)
        if rows == height { PNGFile.appendChunk("IEND", [], to: &chunk) }
        try sink(chunk)
    }
}

extension DisplayList {
    /// Rows of a strip: a whole width of them takes no more than some tens of megabytes.
    private static let stripHeight = 512

    /// Paints the list on white and writes it as a PNG, strip by strip.
    ///
    /// - Parameter dotsPerInch: what the file says of its size on paper.
    public func writePNG(dotsPerInch: Double, to sink: @escaping ([UInt8]) throws -> Void) throws {
        var writer = try PNGStripWriter(width: width, height: height, dotsPerInch: dotsPerInch, sink: sink)
        for top in stride(from: 0, to: height, by: Self.stripHeight) {
            let rows = min(Self.stripHeight, height - top)
            guard width > Canvas.sideLimit else {
                try writer.append(painted(left: 0, top: top, width: width, height: rows))
                continue
            }
            var strip = Pixmap(width: width, height: rows)
            for left in stride(from: 0, to: width, by: Canvas.sideLimit) {
                let part = painted(left: left, top: top, width: min(Canvas.sideLimit, width - left), height: rows)
                for y in 0..<rows {
                    strip.pixels.replaceSubrange(
                        (y * width + left)..<(y * width + left + part.width), with: part.pixels[(y * part.width)..<((y + 1) * part.width)])
                }
            }
            try writer.append(strip)
        }
    }

    /// A part of the list on white.
    public func painted(left: Int, top: Int, width: Int, height: Int) -> Pixmap {
        var canvas = Canvas(width: width, height: height)
        canvas.clear(.white)
        canvas.draw(self, left: -left, top: -top)
        return canvas.pixmap()
    }
}
