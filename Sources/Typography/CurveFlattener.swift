/// Turns a glyph's curves into polylines in pixels, y down.
struct CurveFlattener {
    /// x, y pairs in pixels.
    private(set) var coordinates: [Float] = []
    /// Where each contour ends, counted in positions.
    private(set) var partEnds: [Int] = []

    private let scale: Float
    private let tolerance: Float
    private var x: Float = 0
    private var y: Float = 0

    /// - Parameters:
    ///   - scale: pixels a font unit.
    ///   - tolerance: the most a chord departs from its curve, in pixels.
    init(scale: Float, tolerance: Float) {
        self.scale = scale
        self.tolerance = tolerance
    }

    mutating func move(_ toX: Int, _ toY: Int) {
        close()
        emit(Float(toX) * scale, -Float(toY) * scale)
    }

    mutating func line(_ toX: Int, _ toY: Int) {
        emit(Float(toX) * scale, -Float(toY) * scale)
    }

    mutating func quadratic(_ control: (x: Int, y: Int), _ end: (x: Int, y: Int)) {
        let (x0, y0) = (x, y)
        let (x1, y1) = (Float(control.x) * scale, -Float(control.y) * scale)
        let (x2, y2) = (Float(end.x) * scale, -Float(end.y) * scale)
        let bend = max((x0 - 2 * x1 + x2).magnitude, (y0 - 2 * y1 + y2).magnitude)
        let count = steps(bend / 4)
        for index in 1..<max(count, 1) {
            let t = Float(index) / Float(count)
            let u = 1 - t
            let (a, b, c) = (u * u, 2 * u * t, t * t)
            emit(a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2)
        }
        emit(x2, y2)
    }

    mutating func cubic(_ first: (x: Int, y: Int), _ second: (x: Int, y: Int), _ end: (x: Int, y: Int)) {
        let (x0, y0) = (x, y)
        let (x1, y1) = (Float(first.x) * scale, -Float(first.y) * scale)
        let (x2, y2) = (Float(second.x) * scale, -Float(second.y) * scale)
        let (x3, y3) = (Float(end.x) * scale, -Float(end.y) * scale)
        let bendX = max((x0 - 2 * x1 + x2).magnitude, (x1 - 2 * x2 + x3).magnitude)
        let bendY = max((y0 - 2 * y1 + y2).magnitude, (y1 - 2 * y2 + y3).magnitude)
        let count = steps(max(bendX, bendY) * 0.75)
        for index in 1..<max(count, 1) {
            let t = Float(index) / Float(count)
            let u = 1 - t
            let a = u * u * u
            let b = 3 * u * u * t
            let c = 3 * u * t * t
            let d = t * t * t
            emit(a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3)
        }
        emit(x3, y3)
    }

    /// Ends the contour under way; the position that repeats its first is dropped, and a contour without area with it.
    mutating func close() {
        let start = partEnds.last ?? 0
        var end = coordinates.count / 2
        while end > start + 1, coordinates[2 * end - 2] == coordinates[2 * start], coordinates[2 * end - 1] == coordinates[2 * start + 1] { end -= 1 }
        if end - start < 3 { end = start }
        coordinates.removeLast(coordinates.count - 2 * end)
        if end > start { partEnds.append(end) }
    }

    /// The whole pixels the contours lie in; nil when there are none.
    var pixelBox: (left: Int, top: Int, width: Int, height: Int)? {
        guard !coordinates.isEmpty else { return nil }
        var (minX, minY, maxX, maxY) = (coordinates[0], coordinates[1], coordinates[0], coordinates[1])
        for index in stride(from: 0, to: coordinates.count, by: 2) {
            minX = min(minX, coordinates[index])
            maxX = max(maxX, coordinates[index])
            minY = min(minY, coordinates[index + 1])
            maxY = max(maxY, coordinates[index + 1])
        }
        let left = Int(minX.rounded(.down))
        let top = Int(minY.rounded(.down))
        return (left, top, Int(maxX.rounded(.up)) - left, Int(maxY.rounded(.up)) - top)
    }

    func movedRight(by distance: Float) -> CurveFlattener {
        guard distance != 0 else { return self }
        var moved = self
        for index in stride(from: 0, to: coordinates.count, by: 2) { moved.coordinates[index] += distance }
        return moved
    }

    /// Chords for a curve that departs from its straight line by `sagitta` pixels.
    private func steps(_ sagitta: Float) -> Int {
        max(1, Int((sagitta / tolerance).squareRoot().rounded(.up)))
    }

    private mutating func emit(_ toX: Float, _ toY: Float) {
        coordinates.append(toX)
        coordinates.append(toY)
        x = toX
        y = toY
    }
}
