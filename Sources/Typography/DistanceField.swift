/// Exact distances from pixel centres to a glyph's outline, on a grid of its own.
///
/// Only distances up to `reach` are found; beyond it a pixel keeps a value not less than `reach`.
struct DistanceField {
    let width: Int
    let height: Int
    /// Squared pixels, row by row from the top.
    private(set) var squares: [Float]
    /// How many times the outline winds around each pixel centre; 0 is outside.
    private(set) var windings: [Int32]

    /// - Parameters:
    ///   - left, top: of the first pixel's corner in the contours' pixels.
    init(_ contours: CurveFlattener, left: Int, top: Int, width: Int, height: Int, reach: Float) {
        self.width = width
        self.height = height
        squares = [Float](repeating: 4 * reach * reach, count: width * height)
        windings = [Int32](repeating: 0, count: width * height)
        guard width > 0, height > 0 else { return }
        // Pixel centres become whole numbers, which spares the inner loop an addition.
        let shiftX = Float(left) + 0.5
        let shiftY = Float(top) + 0.5
        unsafe contours.coordinates.withUnsafeBufferPointer { points in
            var start = 0
            for end in contours.partEnds {
                var x0 = unsafe points[2 * end - 2] - shiftX
                var y0 = unsafe points[2 * end - 1] - shiftY
                for index in start..<end {
                    let x1 = unsafe points[2 * index] - shiftX
                    let y1 = unsafe points[2 * index + 1] - shiftY
                    let segment = Segment(x: x0, y: y0, dx: x1 - x0, dy: y1 - y0)
                    spread(segment, reach: reach)
                    wind(segment)
                    x0 = x1
                    y0 = y1
                }
                start = end
            }
        }
        for row in 0..<height {
            for column in 1..<max(width, 1) { windings[row * width + column] &+= windings[row * width + column - 1] }
        }
    }

    /// Pixels from a pixel's centre to the outline, negative inside.
    @inline(__always)
    func signedDistance(_ index: Int) -> Float {
        let distance = squares[index].squareRoot()
        return windings[index] == 0 ? distance : -distance
    }

    /// Without the library call that rounding costs on a processor without SSE 4.1.
    @inline(__always)
    private static func ceiling(_ value: Float) -> Int {
        let whole = Int(value)
        return Float(whole) < value ? whole + 1 : whole
    }

    private struct Segment {
        var x: Float
        var y: Float
        var dx: Float
        var dy: Float
    }

    @inline(__always)
    private mutating func spread(_ s: Segment, reach: Float) {
        let x0 = max(0, DistanceField.ceiling(min(s.x, s.x + s.dx) - reach))
        let x1 = min(width - 1, DistanceField.ceiling(max(s.x, s.x + s.dx) + reach) - 1)
        let y0 = max(0, DistanceField.ceiling(min(s.y, s.y + s.dy) - reach))
        let y1 = min(height - 1, DistanceField.ceiling(max(s.y, s.y + s.dy) + reach) - 1)
        guard x0 <= x1, y0 <= y1 else { return }
        let length = s.dx * s.dx + s.dy * s.dy
        let (ux, uy) = length > 0 ? (s.dx / length, s.dy / length) : (0, 0)
        let width = width
        let startX = Float(x0) - s.x
        unsafe squares.withUnsafeMutableBufferPointer { squares in
            for row in y0...y1 {
                let py = Float(row) - s.y
                let base = unsafe squares.baseAddress! + (row * width + x0)
                let along = py * uy
                // Int32, because the processor turns eight of these into Float at once.
                for step in 0..<Int32(truncatingIfNeeded: x1 &- x0 &+ 1) {
                    let column = Int(step)
                    let px = Float(step) + startX
                    var t = px * ux + along
                    t = t < 0 ? 0 : t
                    t = t > 1 ? 1 : t
                    let ex = px - t * s.dx
                    let ey = py - t * s.dy
                    let square = ex * ex + ey * ey
                    let known = unsafe base[column]
                    unsafe base[column] = square < known ? square : known
                }
            }
        }
    }

    /// Notes, on every row the segment crosses, the first pixel centre right of the crossing.
    @inline(__always)
    private mutating func wind(_ s: Segment) {
        let (from, to) = s.dy > 0 ? (s.y, s.y + s.dy) : (s.y + s.dy, s.y)
        let y0 = max(0, DistanceField.ceiling(from))
        let y1 = min(height, DistanceField.ceiling(to))
        guard y0 < y1 else { return }
        let slope = s.dx / s.dy
        for row in y0..<y1 {
            let crossing = s.x + (Float(row) - s.y) * slope
            let column = max(0, DistanceField.ceiling(crossing))
            if column < width { windings[row * width + column] &+= s.dy > 0 ? 1 : -1 }
        }
    }
}
