extension Canvas {
    /// Draws lines as ribbons, triangle by triangle.
    ///
    /// - Parameter closed: whether each part returns to its first position.
    public mutating func drawRibbon(_ slice: PathSlice, closed: Bool, form: RibbonForm, shade: RibbonShade) {
        guard form.reach > 0, form.reach.isFinite else { return }
        if isRecording {
            let stroke = Stroke(width: 2 * shade.outset, cap: form.cap, join: form.join, miterLimit: form.miterLimit)
            recorder.add(.stroke(slice, isClosed: closed, stroke))
            return recorder.paint(.colour(shade.colours[0]), rule: .nonZero, opacity: shade.opacity)
        }
        var builder = RibbonBuilder(form: form)
        let (dx, dy) = (Float(slice.offsetX), Float(slice.offsetY))
        unsafe slice.forEachPart { xy, count in
            let points = (0..<count).map { i in
                unsafe SIMD2((Float(xy[2 * i]) + dx) / 256, (Float(xy[2 * i + 1]) + dy) / 256)
            }
            builder.add(points, closed: closed)
        }
        for triangle in builder.ribbon.triangles { fill(triangle, of: builder.ribbon, shade) }
    }

    private mutating func fill(_ triangle: (Int, Int, Int), of ribbon: Ribbon, _ shade: RibbonShade) {
        let v = [ribbon.vertices[triangle.0], ribbon.vertices[triangle.1], ribbon.vertices[triangle.2]]
        guard let area = RibbonTriangle(v) else { return }
        let (columns, rows) = area.pixels(width: width, height: height)
        let width = self.width
        for row in rows {
            for column in columns.clamped(to: clipColumns(row)) {
                guard let share = area.shares(column, row) else { continue }
                let place = v[0].weighted(share.x, v[1], share.y, v[2], share.z)
                let cover = shade.coverage(end: place.end, side: place.side, along: place.along)
                if cover <= 0 { continue }
                let source = shade.word(along: place.along, side: place.side)
                let word = PixelArithmetic.scale(source, by: PixelArithmetic.byte(cover * shade.opacity))
                let at = row &* width &+ column
                pixels[at] = PixelArithmetic.over(word, pixels[at])
            }
        }
    }
}

extension Ribbon.Vertex {
    fileprivate func weighted(_ a: Float, _ b: Self, _ c: Float, _ d: Self, _ e: Float) -> Self {
        Self(
            x: 0, y: 0, end: end * a + b.end * c + d.end * e, side: side * a + b.side * c + d.side * e,
            along: along * a + b.along * c + d.along * e)
    }
}

/// A triangle on the grid of 1/256 pixel: a pixel belongs to it when its middle lies inside, or on a left or top edge.
struct RibbonTriangle {
    private let x: [Int]
    private let y: [Int]
    private let doubleArea: Int

    /// Farther off a picture nothing is drawn.
    private static let limit: Float = 4_000_000

    /// `nil` for a triangle without area.
    init?(_ v: [Ribbon.Vertex]) {
        guard v.allSatisfy({ abs($0.x) < Self.limit && abs($0.y) < Self.limit }) else { return nil }
        let x = v.map { Int(($0.x * 256).rounded()) }
        let y = v.map { Int(($0.y * 256).rounded()) }
        let area = (x[1] - x[0]) * (y[2] - y[0]) - (y[1] - y[0]) * (x[2] - x[0])
        guard area != 0 else { return nil }
        self.x = x
        self.y = y
        doubleArea = area
    }

    func pixels(width: Int, height: Int) -> (columns: Range<Int>, rows: Range<Int>) {
        func range(_ v: [Int], _ limit: Int) -> Range<Int> {
            let first = min(max((min(v[0], v[1], v[2]) - 128 + 255) >> 8, 0), limit)
            let end = min(max((max(v[0], v[1], v[2]) - 128) >> 8 + 1, 0), limit)
            return first..<max(first, end)
        }
        return (range(x, width), range(y, height))
    }

    /// How much each corner counts at a pixel's middle; `nil` outside.
    func shares(_ column: Int, _ row: Int) -> SIMD3<Float>? {
        let (px, py) = (column << 8 + 128, row << 8 + 128)
        var weights: (Int, Int, Int) = (0, 0, 0)
        for i in 0..<3 {
            let (a, b) = ((i + 1) % 3, (i + 2) % 3)
            var w = (x[b] - x[a]) * (py - y[a]) - (y[b] - y[a]) * (px - x[a])
            var (dx, dy) = (x[b] - x[a], y[b] - y[a])
            if doubleArea < 0 { (w, dx, dy) = (-w, -dx, -dy) }
            // Clockwise on screen: an edge that runs up is a left one, one that runs right along a row a top one.
            let isOwn = dy < 0 || dy == 0 && dx > 0
            if w < 0 || w == 0 && !isOwn { return nil }
            if i == 0 { weights.0 = w } else if i == 1 { weights.1 = w } else { weights.2 = w }
        }
        let whole = Float(abs(doubleArea))
        return SIMD3(Float(weights.0) / whole, Float(weights.1) / whole, Float(weights.2) / whole)
    }
}
