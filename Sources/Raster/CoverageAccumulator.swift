import CCoverage

/// Turns directed edges into signed area per cell, exactly.
///
/// Per cell an edge adds `dy * (512 - a)` to the cell and `dy * a` to its right neighbour, `dy` its height and `a` the
/// sum of its two horizontal fractions, in 1/256 pixel; the running sum along a row is then the covered area, 2^17 for
/// one whole winding. Every crossing of an edge with a row or column border is the floor of the exact quotient of the
/// *whole* edge, walked downwards: it does not depend on where the canvas begins, nor on the direction, so shared edges
/// cancel and canvases join without a seam.
@safe
struct CoverageAccumulator {
    /// One whole winding.
    static let full: Int32 = 1 << 17

    private let cells: UnsafeMutablePointer<Int32>
    private let touched: UnsafeMutablePointer<UInt64>
    private let stride: Int
    private let maskWords: Int
    private let height: Int
    /// The right border in 24.8 pixels.
    private let right: Int
    /// Rows that have cells to sweep; empty when `top > bottom`.
    private(set) var top: Int
    private(set) var bottom: Int

    init(
        cells: UnsafeMutablePointer<Int32>, touched: UnsafeMutablePointer<UInt64>, frame: CanvasFrame, top: Int,
        bottom: Int
    ) {
        unsafe self.cells = cells
        unsafe self.touched = touched
        stride = frame.stride
        maskWords = frame.maskWords
        height = frame.height
        right = frame.width << 8
        self.top = top
        self.bottom = bottom
    }

    /// True when a closed outline inside these bounds (24.8 pixels) cannot cover a pixel.
    @inline(__always)
    func misses(left: Int, top: Int, right: Int, bottom: Int) -> Bool {
        right <= 0 || bottom <= 0 || left >= self.right || top >= height << 8
    }

    /// Adds the edge from one position to the next, 24.8 pixels, |value| <= 2^32; horizontal ones add nothing.
    @inline(__always)
    mutating func addEdge(_ xa: Int, _ ya: Int, _ xb: Int, _ yb: Int) {
        if ya == yb { return }
        // Chosen, not branched to: outlines turn at every position, and no processor foresees where.
        let isDown = ya < yb
        addDownward(
            isDown ? xa : xb, isDown ? ya : yb, isDown ? xb : xa, isDown ? yb : ya, isDown ? 1 : -1)
    }

    private mutating func addDownward(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int, _ sign: Int) {
        guard y1 > 0, y0 < height &<< 8, x0 < right || x1 < right else { return }
        let first = max(y0 &>> 8, 0)
        let end = (y1 &- 1) &>> 8
        let last = min(end, height &- 1)
        if first < top { top = first }
        if last > bottom { bottom = last }
        let line = unsafe CoverageLine(
            cells: cells + first &* stride, touched: touched + first &* maskWords, maskWords: maskWords, right: right)
        if y0 &>> 8 == end {
            line.add(x0, x1, y1 &- y0, sign)
        } else if x0 <= 0 && x1 <= 0 {
            Self.addSlanted(line, stride, 0, y0, 0, y1, sign, first, last)
        } else {
            Self.addSlanted(line, stride, x0, y0, x1, y1, sign, first, last)
        }
    }

    /// An edge through more than one row.
    private static func addSlanted(
        _ line: CoverageLine, _ stride: Int, _ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int, _ sign: Int, _ first: Int,
        _ last: Int
    ) {
        var line = line
        let dx = x1 &- x0
        let dy = y1 &- y0
        // Where the edge leaves the row above `first`, or where it starts.
        var y = max(y0, first &<< 8)
        var x = x0
        if y != y0 { x = x0 &+ floorQuotient(y &- y0, dx, dy).quotient }
        // Where it leaves each row: quotient and remainder carried along are the exact floor.
        var border = (first &+ 1) &<< 8
        let lead = floorQuotient(border &- y0, dx, dy)
        var next = x0 &+ lead.quotient
        var remainder = lead.remainder
        let step = floorQuotient(256, dx, dy)
        var row = first
        while true {
            if border >= y1 { (next, border) = (x1, y1) }
            line.add(x, next, border &- y, sign)
            if row == last { return }
            row &+= 1
            line.advance(by: stride)
            x = next
            y = border
            remainder &+= step.remainder
            let isOver = remainder >= dy
            next &+= step.quotient &+ (isOver ? 1 : 0)
            remainder &-= isOver ? dy : 0
            border &+= 256
        }
    }

    /// The floor of `a * b / c` and what is left over.
    @inline(__always)
    private static func floorQuotient(_ a: Int, _ b: Int, _ c: Int) -> (quotient: Int, remainder: Int) {
        let q = Int(coverage_floor_quotient(Int64(a), Int64(b), Int64(c)))
        return (q, a &* b &- q &* c)
    }
}
