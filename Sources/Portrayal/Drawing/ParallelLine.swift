import Raster

/// A line beside another one, corners mitred.
struct ParallelLine {
    /// Device pixels, positive to the right of the line's direction.
    var offsetInPixels: Float
    var isClosed: Bool

    /// - Parameter positions: x, y pairs in 24.8 pixels.
    func append(_ positions: ArraySlice<Int32>, to path: inout Path) {
        var x: [Float] = []
        var y: [Float] = []
        for i in stride(from: positions.startIndex, to: positions.endIndex, by: 2) {
            let (px, py) = (Float(positions[i]), Float(positions[i + 1]))
            if x.last != px || y.last != py {
                x.append(px)
                y.append(py)
            }
        }
        let n = x.count
        guard n > 1 else { return }
        let distance = offsetInPixels * Float(PixelGeometry.unitsPerPixel)
        func normal(_ a: Int, _ b: Int) -> (x: Float, y: Float) {
            let (dx, dy) = (x[b] - x[a], y[b] - y[a])
            let length = (dx * dx + dy * dy).squareRoot()
            return length > 0 ? (-dy / length, dx / length) : (0, 0)
        }
        for i in 0..<n {
            let hasBefore = i > 0 || isClosed
            let hasAfter = i < n - 1 || isClosed
            let before = hasBefore ? normal((i + n - 1) % n, i) : normal(i, i + 1)
            let after = hasAfter ? normal(i, (i + 1) % n) : before
            let (mx, my) = (before.x + after.x, before.y + after.y)
            // Sharp corners are cut at four times the offset: past that a mitre runs away.
            let scale = 2 / max(mx * mx + my * my, 0.25)
            path.append(
                x: Int32((x[i] + mx * scale * distance).rounded()), y: Int32((y[i] + my * scale * distance).rounded()))
        }
        path.endPart()
    }
}
