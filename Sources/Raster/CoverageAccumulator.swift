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

    /// Adds the edge from one position to the next, 24.8 pixels, |value| <= 2^30; horizontal ones add nothing.
    @inline(__always)
    mutating func addEdge(_ xa: Int, _ ya: Int, _ xb: Int, _ yb: Int) {
        if ya < yb {
            addDownward(xa, ya, xb, yb, 1)
        } else if yb < ya {
            addDownward(xb, yb, xa, ya, -1)
        }
    }

    private mutating func addDownward(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int, _ sign: Int) {
        guard y1 > 0, y0 < height &<< 8, x0 < right || x1 < right else { return }
        let first = max(y0 &>> 8, 0)
        let last = min((y1 &- 1) &>> 8, height &- 1)
        if first < top { top = first }
        if last > bottom { bottom = last }
        if x0 == x1 || (x0 <= 0 && x1 <= 0) {
            addVertical(max(x0, x1) <= 0 ? 0 : x0, y0, y1, sign, first, last)
        } else if y0 &>> 8 == (y1 &- 1) &>> 8 {
            addRow(first, x0, y0, x1, y1, sign)
        } else {
            addSlanted(x0, y0, x1, y1, sign, first, last)
        }
    }

    private func addVertical(_ x: Int, _ y0: Int, _ y1: Int, _ sign: Int, _ first: Int, _ last: Int) {
        let column = x &>> 8
        let a = (x & 255) &* 2
        for row in first...last {
            let dy = sign &* (min(y1, (row &+ 1) &<< 8) &- max(y0, row &<< 8))
            unsafe add(cells + row &* stride, column, dy, a)
            unsafe touch(touched + row &* maskWords, column, column)
        }
    }

    private func addSlanted(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int, _ sign: Int, _ first: Int, _ last: Int) {
        let dx = x1 &- x0
        let dy = y1 &- y0
        // Where the edge leaves the row above `first`, or where it starts.
        var y = max(y0, first &<< 8)
        var x = x0
        if y != y0 { x = x0 &+ Self.floorDivide((y &- y0) &* dx, dy).quotient }
        // Where it leaves each row: quotient and remainder carried along are the exact floor.
        let border = (first &+ 1) &<< 8
        let lead = Self.floorDivide((border &- y0) &* dx, dy)
        var next = x0 &+ lead.quotient
        var remainder = lead.remainder
        let step = last &- first > 1 ? Self.floorDivide(dx &<< 8, dy) : (quotient: 0, remainder: 0)
        let end = (y1 &- 1) &>> 8
        var row = first
        while row < last {
            let below = (row &+ 1) &<< 8
            let column = x &>> 8
            if column == next &>> 8 && UInt(bitPattern: x) < UInt(bitPattern: right) {
                // Most rows of most edges: one column, inside the canvas.
                unsafe add(cells + row &* stride, column, sign &* (below &- y), (x & 255) &+ (next & 255))
                unsafe touch(touched + row &* maskWords, column, column)
            } else {
                addRow(row, x, y, next, below, sign)
            }
            x = next
            y = below
            row &+= 1
            if row < last {
                next &+= step.quotient
                remainder &+= step.remainder
                if remainder >= dy {
                    remainder &-= dy
                    next &+= 1
                }
            }
        }
        if last == end {
            addRow(last, x, y, x1, y1, sign)
        } else {
            let below = (last &+ 1) &<< 8
            addRow(last, x, y, x0 &+ Self.floorDivide((below &- y0) &* dx, dy).quotient, below, sign)
        }
    }

    /// The piece of an edge inside one row.
    @inline(__always)
    private func addRow(_ row: Int, _ xa: Int, _ ya: Int, _ xb: Int, _ yb: Int, _ sign: Int) {
        let from = xa &>> 8
        let to = xb &>> 8
        if xa < 0 || xb < 0 || xa >= right || xb >= right {
            addClippedRow(row, xa, xb, yb &- ya, sign)
        } else if from == to {
            unsafe add(cells + row &* stride, from, sign &* (yb &- ya), (xa & 255) &+ (xb & 255))
            unsafe touch(touched + row &* maskWords, from, from)
        } else if from < to {
            addRightward(row, xa, xb, yb &- ya, sign)
            unsafe touch(touched + row &* maskWords, from, to)
        } else {
            addLeftward(row, xa, xb, yb &- ya, sign)
            unsafe touch(touched + row &* maskWords, to, from)
        }
    }

    private func addRightward(_ row: Int, _ xa: Int, _ xb: Int, _ dy: Int, _ sign: Int) {
        let line = unsafe cells + row &* stride
        let dx = xb &- xa
        let to = xb &>> 8
        var column = xa &>> 8
        var fraction = xa & 255
        let lead = (256 &- fraction) &* dy
        var y = Self.divide(lead, dx)
        var remainder = lead &- y &* dx
        var done = 0
        let rise = column &+ 1 < to ? Self.divide(dy &<< 8, dx) : 0
        let riseRemainder = (dy &<< 8) &- rise &* dx
        while column < to {
            unsafe add(line, column, sign &* (y &- done), fraction &+ 256)
            done = y
            fraction = 0
            column &+= 1
            if column < to {
                y &+= rise
                remainder &+= riseRemainder
                if remainder >= dx {
                    remainder &-= dx
                    y &+= 1
                }
            }
        }
        unsafe add(line, to, sign &* (dy &- done), xb & 255)
    }

    private func addLeftward(_ row: Int, _ xa: Int, _ xb: Int, _ dy: Int, _ sign: Int) {
        let line = unsafe cells + row &* stride
        let dx = xa &- xb
        let to = xb &>> 8
        var column = xa &>> 8
        var fraction = xa & 255
        let lead = fraction &* dy
        var y = Self.divide(lead, dx)
        var remainder = lead &- y &* dx
        var done = 0
        let rise = column &- 1 > to ? Self.divide(dy &<< 8, dx) : 0
        let riseRemainder = (dy &<< 8) &- rise &* dx
        while column > to {
            unsafe add(line, column, sign &* (y &- done), fraction)
            done = y
            fraction = 256
            column &-= 1
            if column > to {
                y &+= rise
                remainder &+= riseRemainder
                if remainder >= dx {
                    remainder &-= dx
                    y &+= 1
                }
            }
        }
        unsafe add(line, to, sign &* (dy &- done), (xb & 255) &+ 256)
    }

    /// A piece that leaves the canvas on the left, whose cover goes to the first column, or on the right, where it is
    /// dropped. The same crossings as the unclipped walks.
    private func addClippedRow(_ row: Int, _ xa: Int, _ xb: Int, _ dy: Int, _ sign: Int) {
        let line = unsafe cells + row &* stride
        let mask = unsafe touched + row &* maskWords
        if xa <= 0 && xb <= 0 {
            unsafe add(line, 0, sign &* dy, 0)
            unsafe touch(mask, 0, 0)
            return
        }
        guard xa < right || xb < right else { return }
        let dx = abs(xb &- xa)
        let low = max(min(xa, xb) &>> 8, 0)
        let high = min(max(xa, xb) &>> 8, (right &>> 8) &- 1)
        for column in low...high {
            let left = max(column &<< 8, min(xa, xb))
            let rightEnd = min((column &+ 1) &<< 8, max(xa, xb))
            let yLeft = Self.divide(abs(left &- xa) &* dy, dx)
            let yRight = Self.divide(abs(rightEnd &- xa) &* dy, dx)
            let a = (left &- column &<< 8) &+ (rightEnd &- column &<< 8)
            unsafe add(line, column, sign &* abs(yRight &- yLeft), a)
        }
        if min(xa, xb) < 0 {
            let atBorder = Self.divide(abs(xa) &* dy, dx)
            unsafe add(line, 0, sign &* (xa < 0 ? atBorder : dy &- atBorder), 0)
        }
        unsafe touch(mask, low, high)
    }

    @inline(__always)
    private func add(_ line: UnsafeMutablePointer<Int32>, _ column: Int, _ dy: Int, _ a: Int) {
        let here = Int32(truncatingIfNeeded: dy &* (512 &- a))
        let beyond = Int32(truncatingIfNeeded: dy &* a)
        unsafe line[column] &+= here
        unsafe line[column &+ 1] &+= beyond
    }

    /// Marks the blocks of columns `from...to` and of the right neighbour of `to`.
    @inline(__always)
    private func touch(_ mask: UnsafeMutablePointer<UInt64>, _ from: Int, _ to: Int) {
        let low = from &>> 4
        let high = (to &+ 1) &>> 4
        unsafe mask[low &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: low)
        if low == high { return }
        var block = low &+ 1
        while block <= high {
            unsafe mask[block &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: block)
            block &+= 1
        }
    }

    /// For operands that are not negative; the short form is several times faster on older processors.
    @inline(__always)
    private static func divide(_ a: Int, _ b: Int) -> Int {
        if (a | b) &>> 32 == 0 {
            return Int(UInt32(truncatingIfNeeded: a) / UInt32(truncatingIfNeeded: b))
        }
        return a / b
    }

    @inline(__always)
    private static func floorDivide(_ a: Int, _ b: Int) -> (quotient: Int, remainder: Int) {
        if a >= 0 {
            let q = divide(a, b)
            return (q, a &- q &* b)
        }
        let q = -1 &- divide(-1 &- a, b)
        return (q, a &- q &* b)
    }
}
