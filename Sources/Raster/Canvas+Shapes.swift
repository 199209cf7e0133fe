extension Canvas {
    /// Adds closed outlines to the accumulated coverage.
    public mutating func addFill(_ slice: PathSlice) {
        if isRecording { return recorder.add(.fill(slice)) }
        let dx = Int(slice.offsetX)
        let dy = Int(slice.offsetY)
        accumulate { accumulator, left, top in
            unsafe slice.forEachPart { xy, count in
                unsafe Self.addOutline(xy, count, dx &- left, dy &- top, &accumulator)
            }
        }
    }

    private static func addOutline(
        _ xy: UnsafePointer<Int32>, _ count: Int, _ dx: Int, _ dy: Int, _ accumulator: inout CoverageAccumulator
    ) {
        guard count >= 3 else { return }
        var x = unsafe Int(xy[2 &* count &- 2]) &+ dx
        var y = unsafe Int(xy[2 &* count &- 1]) &+ dy
        for i in 0..<count {
            let nextX = unsafe Int(xy[2 &* i]) &+ dx
            let nextY = unsafe Int(xy[2 &* i &+ 1]) &+ dy
            accumulator.addEdge(x, y, nextX, nextY)
            x = nextX
            y = nextY
        }
    }

    /// Fills outlines; with `.nonZero` all parts of the slice together are one shape, so what overlaps is painted once.
    public mutating func fill(_ slice: PathSlice, rule: FillRule = .nonZero, paint: Paint, opacity: Float = 1) {
        if let bounds = slice.bounds(), opensWindow(bounds) { addFill(slice) }
        self.paint(paint, rule: rule, opacity: opacity)
    }

    /// Adds the outline of a drawn line to the accumulated coverage; paint it with `.nonZero`.
    ///
    /// With `closed` each part returns to its first position and is joined there.
    public mutating func addStroke(_ slice: PathSlice, closed: Bool, stroke: Stroke) {
        guard stroke.width > 0, stroke.width.isFinite else { return }
        if isRecording { return recorder.add(.stroke(slice, isClosed: closed, stroke)) }
        var scratch = StrokeScratch()
        swap(&scratch, &strokeScratch)
        let dx = Int(slice.offsetX)
        let dy = Int(slice.offsetY)
        let dasher = Dasher(stroke: stroke)
        let frame = self.coverageFrame
        accumulate { accumulator, left, top in
            var stroker = Stroker(stroke: stroke, frame: frame, scratch: scratch, accumulator: accumulator)
            scratch = StrokeScratch()
            unsafe slice.forEachPart { xy, count in
                unsafe stroker.read(xy, count, dx &- left, dy &- top)
                if let dasher {
                    stroker.addDashes(dasher, closed: closed)
                } else {
                    stroker.addLine(closed: closed)
                }
            }
            scratch = stroker.scratch
            accumulator = stroker.accumulator
        }
        swap(&scratch, &strokeScratch)
    }

    /// Draws lines; overlapping parts of one slice are painted once.
    public mutating func stroke(
        _ slice: PathSlice, closed: Bool = false, stroke: Stroke, paint: Paint, opacity: Float = 1
    ) {
        let reach = Stroker.reach(stroke)
        if let bounds = slice.bounds(), opensWindow(bounds.widened(by: reach)) {
            addStroke(slice, closed: closed, stroke: stroke)
        }
        self.paint(paint, rule: .nonZero, opacity: opacity)
    }

    /// Adds a disc to the accumulated coverage: centre in 24.8 pixels, radius in pixels.
    public mutating func addCircle(centreX: Int32, centreY: Int32, radius: Float) {
        addCircle(centreX: centreX, centreY: centreY, radius: radius, reversed: false)
    }

    /// - Parameter reversed: whether it takes away from what it lies in.
    mutating func addCircle(centreX: Int32, centreY: Int32, radius: Float, reversed: Bool) {
        guard radius > 0, radius.isFinite else { return }
        if isRecording { return recorder.add(.disc(x: centreX, y: centreY, radius: radius, isReversed: reversed)) }
        accumulate { accumulator, left, top in
            Arc.addCircle(
                Int(centreX) - left, Int(centreY) - top, Double(radius) * 256, reversed: reversed, into: &accumulator)
        }
    }

    /// Fills a disc: centre in 24.8 pixels, radius in pixels.
    public mutating func fillCircle(
        centreX: Int32, centreY: Int32, radius: Float, paint: Paint, opacity: Float = 1
    ) {
        if opensWindow(PathBounds(x: Int(centreX), y: Int(centreY)).widened(by: Arc.reach(radius))) {
            addCircle(centreX: centreX, centreY: centreY, radius: radius)
        }
        self.paint(paint, rule: .nonZero, opacity: opacity)
    }

    /// Draws a ring of `width` pixels, half of it on either side of the circle of `radius` pixels.
    public mutating func strokeCircle(
        centreX: Int32, centreY: Int32, radius: Float, width: Float, paint: Paint, opacity: Float = 1
    ) {
        guard width > 0, radius.isFinite, width.isFinite else { return }
        let bounds = PathBounds(x: Int(centreX), y: Int(centreY))
        guard opensWindow(bounds.widened(by: Arc.reach(radius + width / 2))) else { return }
        addCircle(centreX: centreX, centreY: centreY, radius: radius + width / 2)
        let inner = radius - width / 2
        if inner > 0 { addCircle(centreX: centreX, centreY: centreY, radius: inner, reversed: true) }
        self.paint(paint, rule: .nonZero, opacity: opacity)
    }
}
