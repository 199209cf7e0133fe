import CCoverage

/// What receives the finished coverage of one row after the other; called with concrete types only.
protocol CoverageReceiver {
    /// `count` pixels from `x` that share one coverage, 1...255.
    func span(row: Int, x: Int, count: Int, coverage: UInt32)
    /// Eight pixels from `x`, not all of them with coverage 0; those beyond the canvas are to be left alone.
    func block(row: Int, x: Int, _ coverage: SIMD8<UInt32>)
}

/// Turns accumulated cells into coverage, visiting touched blocks only, and leaves all buffers zero.
@safe
struct CoverageSweep {
    let cells: UnsafeMutablePointer<Int32>
    let touched: UnsafeMutablePointer<UInt64>
    let window: CoverageWindow
    let rule: FillRule

    init(
        cells: UnsafeMutablePointer<Int32>, touched: UnsafeMutablePointer<UInt64>, window: CoverageWindow, rule: FillRule
    ) {
        unsafe self.cells = cells
        unsafe self.touched = touched
        self.window = window
        self.rule = rule
    }

    /// Lays one premultiplied colour through all coverage at once; `run` with a `ColourReceiver` gives the same bytes.
    func lay(_ source: UInt32, rows: ClosedRange<Int>, on pixels: UnsafeMutablePointer<UInt32>, width: Int) {
        var area = unsafe coverage_area(
            cells: cells, stride: window.frame.stride, touched: touched, mask_words: window.frame.maskWords,
            pixels: pixels + (window.y &* width &+ window.x), pixel_stride: width, width: window.frame.width)
        unsafe coverage_lay_colour(&area, rows.lowerBound, rows.upperBound, rule == .evenOdd ? 1 : 0, source)
    }

    func run(rows: ClosedRange<Int>, into receiver: some CoverageReceiver) {
        if rule == .nonZero {
            for row in rows { sweep(row, receiver) { Self.nonZero($0) } }
        } else {
            for row in rows { sweep(row, receiver) { Self.evenOdd($0) } }
        }
    }

    @inline(__always)
    private func sweep(_ row: Int, _ receiver: some CoverageReceiver, _ fold: (SIMD8<Int32>) -> SIMD8<Int32>) {
        let line = unsafe cells + row &* window.frame.stride
        let mask = unsafe touched + row &* window.frame.maskWords
        let width = window.frame.width
        var carry: Int32 = 0
        var done = 0
        for word in 0..<window.frame.maskWords {
            var bits = unsafe mask[word]
            if bits == 0 { continue }
            unsafe mask[word] = 0
            while bits != 0 {
                let x = (word &<< 6 &+ bits.trailingZeroBitCount) &* CanvasFrame.block
                bits &= bits &- 1
                if x > done && carry != 0 {
                    flat(row, done, min(x, width), carry, receiver, fold)
                }
                done = x &+ CanvasFrame.block
                let raw = UnsafeMutableRawPointer(unsafe line + x)
                let coverage = Self.coverage(fold(unsafe Self.summed(raw, &carry)))
                unsafe raw.storeBytes(of: SIMD8<Int32>(repeating: 0), as: SIMD8<Int32>.self)
                if PixelArithmetic.isZero(coverage) { continue }
                receiver.block(row: window.y &+ row, x: window.x &+ x, coverage)
            }
        }
        if carry != 0 && done < width { flat(row, done, width, carry, receiver, fold) }
    }

    /// The running sum over eight cells after `carry`; lane shifts, because a store of single cells would have to drain
    /// before they can be read together.
    @inline(__always)
    private static func summed(_ raw: UnsafeMutableRawPointer, _ carry: inout Int32) -> SIMD8<Int32> {
        var low = unsafe raw.loadUnaligned(as: SIMD4<Int32>.self)
        var high = unsafe raw.loadUnaligned(fromByteOffset: 16, as: SIMD4<Int32>.self)
        low &+= SIMD4(0, low[0], low[1], low[2])
        high &+= SIMD4(0, high[0], high[1], high[2])
        low &+= SIMD4(0, 0, low[0], low[1])
        high &+= SIMD4(0, 0, high[0], high[1])
        low &+= SIMD4(repeating: carry)
        high &+= SIMD4(repeating: low[3])
        carry = high[3]
        return SIMD8(lowHalf: low, highHalf: high)
    }

    @inline(__always)
    private func flat(
        _ row: Int, _ from: Int, _ to: Int, _ carry: Int32, _ receiver: some CoverageReceiver,
        _ fold: (SIMD8<Int32>) -> SIMD8<Int32>
    ) {
        let coverage = Self.coverage(fold(SIMD8(repeating: carry)))[0]
        if coverage != 0 && to > from {
            receiver.span(row: window.y &+ row, x: window.x &+ from, count: to &- from, coverage: coverage)
        }
    }

    /// Area of at most one winding to 0...255, nearest.
    @inline(__always)
    private static func coverage(_ area: SIMD8<Int32>) -> SIMD8<UInt32> {
        let scaled = (area &<< 8 &- area &+ SIMD8(repeating: 1 << 16)) &>> 17
        return SIMD8<UInt32>(truncatingIfNeeded: scaled)
    }

    @inline(__always)
    private static func nonZero(_ area: SIMD8<Int32>) -> SIMD8<Int32> {
        let sign = area &>> 31
        let positive = (area ^ sign) &- sign
        let full = SIMD8<Int32>(repeating: CoverageAccumulator.full)
        return positive.replacing(with: full, where: positive .> full)
    }

    @inline(__always)
    private static func evenOdd(_ area: SIMD8<Int32>) -> SIMD8<Int32> {
        let full = CoverageAccumulator.full
        let folded = area & SIMD8<Int32>(repeating: full &* 2 &- 1)
        return folded.replacing(
            with: SIMD8<Int32>(repeating: full &* 2) &- folded, where: folded .> SIMD8(repeating: full))
    }
}
