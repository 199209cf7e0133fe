/// The point of a polygon that lies farthest inside it, found on finer and finer grids.
struct VisualCentre {
    private var x: [Float] = []
    private var y: [Float] = []
    private var ends: [Int] = []

    mutating func addRing(_ positions: ArraySlice<Int32>) {
        for i in stride(from: positions.startIndex, to: positions.endIndex, by: 2) {
            x.append(PixelGeometry.pixels(positions[i]))
            y.append(PixelGeometry.pixels(positions[i + 1]))
        }
        ends.append(x.count)
    }

    /// Distance to the nearest edge, negative outside.
    private func depth(_ px: Float, _ py: Float) -> Float {
        var isInside = false
        var nearest = Float.infinity
        var start = 0
        for end in ends {
            var j = end - 1
            for i in start..<end {
                if (y[i] > py) != (y[j] > py), px < (x[j] - x[i]) * (py - y[i]) / (y[j] - y[i]) + x[i] {
                    isInside.toggle()
                }
                let (dx, dy) = (x[j] - x[i], y[j] - y[i])
                let square = dx * dx + dy * dy
                let t = square > 0 ? min(max(((px - x[i]) * dx + (py - y[i]) * dy) / square, 0), 1) : 0
                let (ex, ey) = (px - x[i] - t * dx, py - y[i] - t * dy)
                nearest = min(nearest, ex * ex + ey * ey)
                j = i
            }
            start = end
        }
        return isInside ? nearest.squareRoot() : -nearest.squareRoot()
    }

    /// - Parameter box: where the centre may lie; `nil` comes back when no grid point inside it is in the polygon.
    func point(in box: PixelBox) -> (x: Float, y: Float)? {
        guard let minX = x.min(), let maxX = x.max(), let minY = y.min(), let maxY = y.max() else { return nil }
        let area = PixelBox(
            left: max(minX, box.left), top: max(minY, box.top), right: min(maxX, box.right), bottom: min(maxY, box.bottom))
        guard area.left < area.right, area.top < area.bottom else { return nil }
        var best = (x: (area.left + area.right) / 2, y: (area.top + area.bottom) / 2, depth: Float(0))
        best.depth = depth(best.x, best.y)
        var (width, height) = (area.right - area.left, area.bottom - area.top)
        var centre = (x: best.x, y: best.y)
        for round in 0..<4 {
            let cells = round == 0 ? 8 : 4
            for i in 0...cells {
                for j in 0...cells {
                    let px = min(max(centre.x + (Float(i) / Float(cells) - 0.5) * width, area.left), area.right)
                    let py = min(max(centre.y + (Float(j) / Float(cells) - 0.5) * height, area.top), area.bottom)
                    let d = depth(px, py)
                    if d > best.depth + 1e-3 { best = (px, py, d) }
                }
            }
            centre = (best.x, best.y)
            width /= 3
            height /= 3
        }
        return best.depth > 0 ? (best.x, best.y) : nil
    }
}
