/// A picture being painted, with the buffers that painting needs; a worker keeps one and resets it for each job.
///
/// Painting is two steps: `add...` accumulates the coverage of shapes, `paint` lays colour through it and empties it.
/// `fill`, `stroke`, ... do both for one slice. All shapes of one accumulation are one shape: where they overlap the
/// paint is laid once, and where they share an edge there is no seam. Up to 16 000 windings may lie over one another.
///
/// The same calls give the same pixels on every machine, and a shape moved by whole pixels gives the same pixels moved,
/// whatever part of it the canvas shows.
public struct Canvas: ~Copyable, Sendable {
    /// The longest side in pixels.
    public static let sideLimit = 8192

    /// Nothing is added two columns beyond an edge, but it is added there.
    private static let spareCells = 1

    var frame: CanvasFrame
    /// Premultiplied words as in `Pixmap`.
    var pixels: [UInt32]
    private var cells: [Int32]
    private var touched: [UInt64]
    private var rows = TouchedRows()
    /// What `cells` and `touched` are laid out for while there is coverage in them.
    private var window: CoverageWindow
    var strokeScratch = StrokeScratch()
    private var clip: ClipArea?
    /// Pixels painted with a hard edge: 1; empty before the first such paint.
    private var filled: [UInt8] = []
    /// Whether what is asked for is kept instead of painted.
    public internal(set) var isRecording = false
    var recorder = DisplayRecorder(width: 1, height: 1)

    /// Rows with accumulated coverage; empty when `top > bottom`.
    private struct TouchedRows {
        var top = Int.max
        var bottom = -1
    }

    /// A transparent canvas, 1...`sideLimit` pixels a side.
    public init(width: Int, height: Int) {
        Self.check(width, height)
        frame = CanvasFrame(width: width, height: height)
        window = CoverageWindow(whole: frame)
        pixels = [UInt32](repeating: 0, count: width * height)
        cells = [Int32](repeating: 0, count: frame.stride * height + Self.spareCells)
        touched = [UInt64](repeating: 0, count: frame.maskWords * height)
    }

    /// The layout that coverage is added in just now.
    var coverageFrame: CanvasFrame { window.frame }

    public var width: Int { frame.width }
    public var height: Int { frame.height }

    private static func check(_ width: Int, _ height: Int) {
        precondition(
            (1...sideLimit).contains(width) && (1...sideLimit).contains(height),
            "a canvas is 1...\(sideLimit) pixels a side")
    }

    /// Makes it transparent and of this size; memory is only allocated when it grows.
    public mutating func reset(width: Int, height: Int) {
        Self.check(width, height)
        if isRecording {
            isRecording = false
            recorder = DisplayRecorder(width: 1, height: 1)
        }
        discardCoverage()
        clip = nil
        frame = CanvasFrame(width: width, height: height)
        window = CoverageWindow(whole: frame)
        let count = width * height
        if pixels.count != count {
            pixels.removeAll(keepingCapacity: true)
            pixels.append(contentsOf: repeatElement(0, count: count))
        } else {
            clear(.clear)
        }
        // Coverage buffers are zero between paints, in whatever layout.
        let cellCount = frame.stride * height + Self.spareCells
        if cells.count < cellCount { cells = [Int32](repeating: 0, count: cellCount) }
        let maskCount = frame.maskWords * height
        if touched.count < maskCount { touched = [UInt64](repeating: 0, count: maskCount) }
    }

    /// Replaces every pixel.
    public mutating func clear(_ colour: Colour) {
        precondition(!isRecording, "a recording has no pixels to replace")
        let word = colour.premultiplied
        unsafe pixels.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: word) }
    }

    /// Keeps what `paint` lays from now on inside an area; `nil` lets it lie anywhere. Glyphs and pictures are not cut.
    public mutating func clip(to area: ClipArea?) {
        if isRecording, area != clip { recorder.add(.clip(area)) }
        clip = area
    }

    /// The columns of a row that may be painted.
    func clipColumns(_ row: Int) -> Range<Int> { clip?.columns(row) ?? 0..<frame.width }

    /// What has been painted so far.
    public func pixmap() -> Pixmap {
        precondition(!isRecording, "a recording has no pixels")
        return Pixmap(width: frame.width, height: frame.height, pixels: pixels)
    }

    /// Lets an encoder read the painted words in place, `width * height` of them.
    public borrowing func withPixels<Result>(_ body: (Span<UInt32>) throws -> Result) rethrows -> Result {
        try body(pixels.span)
    }

    /// Gathers the coverage of a shape that is painted by itself in a window of its own; false when none of it is on the
    /// canvas.
    mutating func opensWindow(_ bounds: PathBounds) -> Bool {
        guard let own = CoverageWindow(bounds, of: frame) else { return false }
        if isRecording { return true }
        // What was added before may lie anywhere.
        if rows.top > rows.bottom { window = own }
        return true
    }

    /// Lends the accumulator to code that adds edges; positions are those of the window, whose corner is handed on in
    /// 24.8 pixels.
    mutating func accumulate(_ body: (inout CoverageAccumulator, _ left: Int, _ top: Int) -> Void) {
        unsafe Self.accumulate(&cells, &touched, window, &rows, body)
    }

    private static func accumulate(
        _ cells: UnsafeMutablePointer<Int32>, _ touched: UnsafeMutablePointer<UInt64>, _ window: CoverageWindow,
        _ rows: inout TouchedRows, _ body: (inout CoverageAccumulator, Int, Int) -> Void
    ) {
        var accumulator = unsafe CoverageAccumulator(
            cells: cells, touched: touched, frame: window.frame, top: rows.top, bottom: rows.bottom)
        body(&accumulator, window.x &<< 8, window.y &<< 8)
        rows.top = accumulator.top
        rows.bottom = accumulator.bottom
    }

    /// Lays paint through the coverage added since the last paint, and forgets that coverage.
    ///
    /// `opacity` 0...1 multiplies the paint's own alpha.
    public mutating func paint(_ paint: Paint, rule: FillRule = .nonZero, opacity: Float = 1, edge: FillEdge = .smooth) {
        if isRecording { return recorder.paint(paint, rule: rule, opacity: opacity) }
        let window = self.window
        self.window = CoverageWindow(whole: frame)
        guard rows.top <= rows.bottom else { return }
        let touchedRows = rows.top...rows.bottom
        rows = TouchedRows()
        let byte = PixelArithmetic.byte(opacity)
        if case .colour(let colour) = paint, edge == .smooth, clip == nil {
            let source = PixelArithmetic.scale(colour.premultiplied, by: byte)
            unsafe Self.lay(source, &cells, &touched, &pixels, width, window, rule, touchedRows)
            return
        }
        let (width, clip) = (self.width, self.clip)
        switch edge {
        case .smooth:
            unsafe Self.paint(&cells, &touched, &pixels, nil, width, window, rule, touchedRows, clip, paint, byte)
        case .hard:
            if filled.count != frame.width * frame.height { forgetFilled() }
            unsafe Self.paint(&cells, &touched, &pixels, &filled, width, window, rule, touchedRows, clip, paint, byte)
        }
    }

    private static func lay(
        _ source: UInt32, _ cells: UnsafeMutablePointer<Int32>, _ touched: UnsafeMutablePointer<UInt64>,
        _ pixels: UnsafeMutablePointer<UInt32>, _ width: Int, _ window: CoverageWindow, _ rule: FillRule,
        _ rows: ClosedRange<Int>
    ) {
        let sweep = unsafe CoverageSweep(cells: cells, touched: touched, window: window, rule: rule)
        unsafe sweep.lay(source, rows: rows, on: pixels, width: width)
    }

    private static func paint(
        _ cells: UnsafeMutablePointer<Int32>, _ touched: UnsafeMutablePointer<UInt64>,
        _ pixels: UnsafeMutablePointer<UInt32>, _ filled: UnsafeMutablePointer<UInt8>?, _ width: Int,
        _ window: CoverageWindow, _ rule: FillRule, _ rows: ClosedRange<Int>, _ clip: ClipArea?, _ paint: Paint,
        _ opacity: UInt32
    ) {
        let sweep = unsafe CoverageSweep(cells: cells, touched: touched, window: window, rule: rule)
        let coverage = unsafe SweptCoverage(sweep: sweep, rows: rows, clip: clip, filled: filled, width: width)
        unsafe paint.lay(opacity: opacity, on: pixels, width: width, through: coverage)
    }

    /// Paints hairlines that fade to either side, as MapLibre's clients draw the outlines of fills.
    ///
    /// - Parameters:
    ///   - reach: pixels to either side that may be marked: 0.5 for the edge of a fill, 1 for a line of its own.
    ///   - sparesFilled: whether pixels that were painted with a hard edge since `forgetFilled` are left alone.
    public mutating func paintOutline(
        _ slice: PathSlice, closed: Bool = true, paint: Paint, opacity: Float = 1, reach: Float = 1, sparesFilled: Bool
    ) {
        if isRecording {
            recorder.add(.stroke(slice, isClosed: closed, Stroke(width: 2 * reach)))
            return recorder.paint(paint, rule: .nonZero, opacity: opacity)
        }
        var outline = SoftOutline(width: frame.width, height: frame.height, reach: reach)
        let (dx, dy) = (Float(slice.offsetX), Float(slice.offsetY))
        unsafe slice.forEachPart { xy, count in unsafe outline.add(xy, count, dx, dy, closed: closed) }
        if sparesFilled, filled.count == outline.alphas.count { outline.spare(filled) }
        let coverage = OutlineCoverage(outline: outline, clip: clip)
        let (byte, width) = (PixelArithmetic.byte(opacity), frame.width)
        unsafe Self.lay(paint, byte, &pixels, width, coverage)
    }

    private static func lay(
        _ paint: Paint, _ opacity: UInt32, _ pixels: UnsafeMutablePointer<UInt32>, _ width: Int, _ coverage: OutlineCoverage
    ) {
        unsafe paint.lay(opacity: opacity, on: pixels, width: width, through: coverage)
    }

    /// From now on no pixel counts as painted with a hard edge.
    public mutating func forgetFilled() {
        if isRecording { return }
        filled = [UInt8](repeating: 0, count: frame.width * frame.height)
    }

    /// Forgets coverage that was added and not painted.
    public mutating func discardCoverage() {
        if rows.top <= rows.bottom { paint(.colour(.clear)) }
    }
}
