/// The five filters of PNG (PNG specification, third edition, clause 9), chosen row by row: the one whose differences are
/// least in sum, which is what the specification advises for continuous tone.
///
/// Pixels take 3 or 4 bytes. Rows wait in padded copies, so that the pixel before the first is there and is 0.
struct RowFilter {
    private typealias Bytes = SIMD16<UInt8>
    private typealias Wide = SIMD16<Int16>
    private static let step = 16

    private let pixelBytes: Int
    private let count: Int
    /// Zeros, a row's bytes, zeros.
    private var line: [UInt8]
    private var above: [UInt8]
    private var trial: [UInt8]
    private var best: [UInt8]

    /// - Parameter count: of a row's bytes, its filter byte not counted.
    private init(pixelBytes: Int, count: Int) {
        self.pixelBytes = pixelBytes
        self.count = count
        line = [UInt8](repeating: 0, count: count + 3 * Self.step)
        above = line
        trial = line
        best = line
    }

    /// Filters in place.
    ///
    /// - Parameters:
    ///   - rows: `height` rows of a filter byte, 0 as yet, and `count` bytes each.
    static func apply(to rows: UnsafeMutableRawBufferPointer, height: Int, count: Int, pixelBytes: Int) {
        var filter = RowFilter(pixelBytes: pixelBytes, count: count)
        for y in 0..<height {
            let start = y * (count + 1)
            unsafe filter.filter(UnsafeMutableRawBufferPointer(rebasing: rows[start..<(start + count + 1)]))
        }
    }

    private mutating func filter(_ row: UnsafeMutableRawBufferPointer) {
        swap(&line, &above)
        unsafe line.withUnsafeMutableBytes { line in
            unsafe line[Self.step..<(Self.step + count)].copyBytes(from: row[1...])
        }
        var least = Int.max
        var chosen: UInt8 = 0
        for kind in 0..<5 as Range<UInt8> {
            let sum = attempt(kind)
            if sum < least {
                (least, chosen) = (sum, kind)
                swap(&trial, &best)
            }
        }
        unsafe row[0] = chosen
        unsafe best.withUnsafeBytes { best in unsafe row[1...].copyBytes(from: best[..<count]) }
    }

    /// Writes the differences of one filter to `trial`.
    ///
    /// - Returns: the sum of what they are apart from 0, either way.
    private mutating func attempt(_ kind: UInt8) -> Int {
        let (count, pixelBytes) = (count, pixelBytes)
        return unsafe line.withUnsafeBytes { line in
            unsafe above.withUnsafeBytes { above in
                unsafe trial.withUnsafeMutableBytes { trial in
                    switch kind {
                    case 0: unsafe Self.run(line, above, trial, count, pixelBytes) { _, _, _ in Bytes.zero }
                    case 1: unsafe Self.run(line, above, trial, count, pixelBytes) { left, _, _ in left }
                    case 2: unsafe Self.run(line, above, trial, count, pixelBytes) { _, up, _ in up }
                    case 3:
                        unsafe Self.run(line, above, trial, count, pixelBytes) { left, up, _ in
                            (left & up) &+ (left ^ up) &>> 1
                        }
                    default: unsafe Self.run(line, above, trial, count, pixelBytes, Self.paeth)
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func run(
        _ line: UnsafeRawBufferPointer, _ above: UnsafeRawBufferPointer, _ trial: UnsafeMutableRawBufferPointer,
        _ count: Int, _ pixelBytes: Int, _ predicted: (_ left: Bytes, _ up: Bytes, _ corner: Bytes) -> Bytes
    ) -> Int {
        var sum = 0
        var at = 0
        while at < count {
            // Sixteen bits hold so many steps of 128 at most.
            let pause = min(count, at &+ 500 &* step)
            var sums = Wide.zero
            while at < pause {
                let here = step &+ at
                let value = unsafe line.loadUnaligned(fromByteOffset: here, as: Bytes.self)
                let left = unsafe line.loadUnaligned(fromByteOffset: here &- pixelBytes, as: Bytes.self)
                let up = unsafe above.loadUnaligned(fromByteOffset: here, as: Bytes.self)
                let corner = unsafe above.loadUnaligned(fromByteOffset: here &- pixelBytes, as: Bytes.self)
                let difference = value &- predicted(left, up, corner)
                unsafe trial.storeBytes(of: difference, toByteOffset: at, as: Bytes.self)
                sums &+= magnitude(Wide(truncatingIfNeeded: unsafe unsafeBitCast(difference, to: SIMD16<Int8>.self)))
                at &+= step
            }
            for lane in 0..<16 { sum &+= Int(UInt16(bitPattern: sums[lane])) }
        }
        return sum
    }

    /// The neighbour that is nearest to left plus up less corner (clause 9.4). Masks are signs spread over a lane, which
    /// the vectors of every machine have.
    @inline(__always)
    private static func paeth(_ left: Bytes, _ up: Bytes, _ corner: Bytes) -> Bytes {
        let (a, b, c) = (Wide(truncatingIfNeeded: left), Wide(truncatingIfNeeded: up), Wide(truncatingIfNeeded: corner))
        let (towardsUp, towardsLeft) = (b &- c, a &- c)
        let pa = magnitude(towardsUp)
        let pb = magnitude(towardsLeft)
        let pc = magnitude(towardsUp &+ towardsLeft)
        let takesCorner = (pc &- pb) &>> 15
        let other = (c & takesCorner) | (b & ~takesCorner)
        let takesOther = ((pb &- pa) | (pc &- pa)) &>> 15
        return Bytes(truncatingIfNeeded: (other & takesOther) | (a & ~takesOther))
    }

    @inline(__always)
    private static func magnitude(_ value: Wide) -> Wide {
        let sign = value &>> 15
        return (value ^ sign) &- sign
    }
}
