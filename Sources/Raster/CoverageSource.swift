/// Finished coverage on its way to a paint.
protocol CoverageSource {
    func run(into receiver: some CoverageReceiver)
}

/// Coverage swept out of the canvas's cells, inside the clip area.
@safe
struct SweptCoverage: CoverageSource {
    let sweep: CoverageSweep
    let rows: ClosedRange<Int>
    let clip: ClipArea?
    /// Where hard edges are noted; `nil` for smooth ones.
    let filled: UnsafeMutablePointer<UInt8>?

    /// Of the canvas, in pixels.
    private let width: Int

    init(
        sweep: CoverageSweep, rows: ClosedRange<Int>, clip: ClipArea?, filled: UnsafeMutablePointer<UInt8>?, width: Int
    ) {
        self.sweep = sweep
        self.rows = rows
        self.clip = clip
        unsafe self.filled = filled
        self.width = width
    }

    func run(into receiver: some CoverageReceiver) {
        if let filled = unsafe filled {
            clipped(into: unsafe HardReceiver(inner: receiver, filled: filled, width: width))
        } else {
            clipped(into: receiver)
        }
    }

    private func clipped(into receiver: some CoverageReceiver) {
        if let clip {
            sweep.run(rows: rows, into: ClippedReceiver(inner: receiver, area: clip))
        } else {
            sweep.run(rows: rows, into: receiver)
        }
    }
}

/// The coverage of hairlines, inside the clip area.
struct OutlineCoverage: CoverageSource {
    let outline: SoftOutline
    let clip: ClipArea?

    func run(into receiver: some CoverageReceiver) {
        for row in outline.rows {
            let columns = clip?.columns(row) ?? 0..<outline.width
            for x in columns {
                let alpha = outline.alphas[row &* outline.width &+ x]
                if alpha != 0 { receiver.span(row: row, x: x, count: 1, coverage: UInt32(alpha)) }
            }
        }
    }
}

/// Makes coverage all or nothing and notes the pixels it lets through.
@safe
struct HardReceiver<Inner: CoverageReceiver>: CoverageReceiver {
    private let inner: Inner
    private let filled: UnsafeMutablePointer<UInt8>
    private let width: Int

    init(inner: Inner, filled: UnsafeMutablePointer<UInt8>, width: Int) {
        self.inner = inner
        unsafe self.filled = filled
        self.width = width
    }

    private static var half: UInt32 { 128 }

    func span(row: Int, x: Int, count: Int, coverage: UInt32) {
        guard coverage >= Self.half else { return }
        unsafe (filled + (row &* width &+ x)).update(repeating: 1, count: count)
        inner.span(row: row, x: x, count: count, coverage: 255)
    }

    func block(row: Int, x: Int, _ coverage: SIMD8<UInt32>) {
        let isIn = coverage .>= SIMD8(repeating: Self.half)
        let hard = SIMD8<UInt32>(repeating: 0).replacing(with: 255, where: isIn)
        if PixelArithmetic.isZero(hard) { return }
        for i in 0..<max(0, min(8, width &- x)) where isIn[i] { unsafe filled[row &* width &+ x &+ i] = 1 }
        inner.block(row: row, x: x, hard)
    }
}

extension Paint {
    /// Lays the paint over pixels through coverage.
    func lay(
        opacity: UInt32, on pixels: UnsafeMutablePointer<UInt32>, width: Int, through coverage: some CoverageSource
    ) {
        switch self {
        case .colour(let colour):
            let source = PixelArithmetic.scale(colour.premultiplied, by: opacity)
            coverage.run(into: unsafe ColourReceiver(pixels: pixels, width: width, source: source))
        case .linearColour(let colour):
            let source = PixelArithmetic.scale(colour.premultiplied, by: opacity)
            coverage.run(into: unsafe LinearColourReceiver(pixels: pixels, width: width, source: source))
        case .pattern(let pattern, let originX, let originY):
            precondition(!pattern.pixels.isEmpty, "a pattern has pixels")
            unsafe pattern.pixels.withUnsafeBufferPointer { words in
                guard let base = words.baseAddress else { return }
                coverage.run(
                    into: unsafe PatternReceiver(
                        pixels: pixels, width: width, pattern: base, size: (pattern.width, pattern.height),
                        origin: (originX, originY), opacity: opacity))
            }
        }
    }
}
