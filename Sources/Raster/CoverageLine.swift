import CCoverage

/// One row of cells and the pieces of edges inside it.
@safe
struct CoverageLine {
    private var cells: UnsafeMutablePointer<Int32>
    private var touched: UnsafeMutablePointer<UInt64>
    private let maskWords: Int
    /// The right border in 24.8 pixels.
    private let right: Int

    @inline(__always)
    init(cells: UnsafeMutablePointer<Int32>, touched: UnsafeMutablePointer<UInt64>, maskWords: Int, right: Int) {
        unsafe self.cells = cells
        unsafe self.touched = touched
        self.maskWords = maskWords
        self.right = right
    }

    /// Goes to the row below.
    @inline(__always)
    mutating func advance(by stride: Int) {
        unsafe cells += stride
        unsafe touched += maskWords
    }

    /// The piece of an edge inside the row, from `xa` to `xb`, `dy` high.
    @inline(__always)
    func add(_ xa: Int, _ xb: Int, _ dy: Int, _ sign: Int) {
        let distance = xa &>> 8 &- xb &>> 8
        if isInside(xa) && isInside(xb) && UInt(bitPattern: distance &+ 1) <= 2 {
            addNear(xa, xb, dy, sign)
        } else {
            addFar(xa, xb, dy, sign)
        }
    }

    /// A piece inside one column or two neighbours, which most are: one walk for either direction and either case.
    @inline(__always)
    private func addNear(_ xa: Int, _ xb: Int, _ dy: Int, _ sign: Int) {
        let low = min(xa, xb)
        let high = max(xa, xb)
        let column = low &>> 8
        let border = column &<< 8 &+ 256
        let beyond = max(high &- border, 0)
        // From where the piece begins to the border, and so what it falls until there.
        let isRightward = xa <= xb
        let lead = isRightward ? border &- low : beyond
        let fall = Int(coverage_small_quotient(Int64(lead &* dy), Int64(high &- low)))
        let fallHere = beyond == 0 ? dy : isRightward ? fall : dy &- fall
        let here = sign &* fallHere
        let there = sign &* (dy &- fallHere)
        let areaHere = here &* (low &+ min(high, border) &- column &<< 9)
        let areaThere = there &* beyond
        unsafe cells[column] &+= Int32(truncatingIfNeeded: here &<< 9 &- areaHere)
        unsafe cells[column &+ 1] &+= Int32(truncatingIfNeeded: areaHere &+ there &<< 9 &- areaThere)
        unsafe cells[column &+ 2] &+= Int32(truncatingIfNeeded: areaThere)
        let last = column &+ (beyond == 0 ? 1 : 2)
        touch(column &>> 3)
        touch(last &>> 3)
    }

    private func addFar(_ xa: Int, _ xb: Int, _ dy: Int, _ sign: Int) {
        if !isInside(xa) || !isInside(xb) {
            addClipped(xa, xb, dy, sign)
        } else if xa < xb {
            addRightward(xa, xb, dy, sign)
            touch(xa &>> 8, xb &>> 8)
        } else {
            addLeftward(xa, xb, dy, sign)
            touch(xb &>> 8, xa &>> 8)
        }
    }

    private func addRightward(_ xa: Int, _ xb: Int, _ dy: Int, _ sign: Int) {
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
            add(column, sign &* (y &- done), fraction &+ 256)
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
        add(to, sign &* (dy &- done), xb & 255)
    }

    private func addLeftward(_ xa: Int, _ xb: Int, _ dy: Int, _ sign: Int) {
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
            add(column, sign &* (y &- done), fraction)
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
        add(to, sign &* (dy &- done), (xb & 255) &+ 256)
    }

    /// A piece that leaves the canvas on the left, whose cover goes to the first column, or on the right, where it is
    /// dropped. The same crossings as the unclipped walks.
    private func addClipped(_ xa: Int, _ xb: Int, _ dy: Int, _ sign: Int) {
        if xa <= 0 && xb <= 0 {
            add(0, sign &* dy, 0)
            touch(0, 0)
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
            add(column, sign &* abs(yRight &- yLeft), a)
        }
        if min(xa, xb) < 0 {
            let atBorder = Self.divide(abs(xa) &* dy, dx)
            add(0, sign &* (xa < 0 ? atBorder : dy &- atBorder), 0)
        }
        touch(low, high)
    }

    @inline(__always)
    private func isInside(_ x: Int) -> Bool { UInt(bitPattern: x) < UInt(bitPattern: right) }

    @inline(__always)
    private func add(_ column: Int, _ dy: Int, _ a: Int) {
        let here = Int32(truncatingIfNeeded: dy &* (512 &- a))
        let beyond = Int32(truncatingIfNeeded: dy &* a)
        unsafe cells[column] &+= here
        unsafe cells[column &+ 1] &+= beyond
    }

    /// Marks the blocks of columns `from...to` and of the right neighbour of `to`.
    @inline(__always)
    private func touch(_ from: Int, _ to: Int) {
        for block in from &>> 3...(to &+ 1) &>> 3 { touch(block) }
    }

    @inline(__always)
    private func touch(_ block: Int) {
        unsafe touched[block &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: block)
    }

    /// For operands that are not negative; the short form is several times faster on older processors.
    @inline(__always)
    private static func divide(_ a: Int, _ b: Int) -> Int {
        if (a | b) &>> 32 == 0 {
            return Int(UInt32(truncatingIfNeeded: a) / UInt32(truncatingIfNeeded: b))
        }
        return a / b
    }
}
