/// Keeps what a canvas is asked to paint.
struct DisplayRecorder: Sendable {
    var list: DisplayList
    /// Added since the last paint.
    private var shapes: [DisplayList.Shape] = []

    init(width: Int, height: Int) { list = DisplayList(width: width, height: height) }

    mutating func add(_ shape: DisplayList.Shape) { shapes.append(shape) }

    mutating func paint(_ paint: Paint, rule: FillRule, opacity: Float) {
        defer { shapes = [] }
        guard !shapes.isEmpty, opacity > 0 else { return }
        if case .colour(let colour) = paint, colour.alpha == 0 { return }
        list.items.append(.paint(shapes, paint, rule: rule, opacity: min(opacity, 1)))
    }

    mutating func add(_ item: DisplayList.Item) { list.items.append(item) }

    mutating func add(_ image: Pixmap, left: Int, top: Int, opacity: Float) {
        guard image.width > 0, image.height > 0 else { return }
        let placement = ImagePlacement(
            x: Float(left), y: Float(top), across: (1, 0), down: (0, 1), left: 0, top: 0, right: Float(image.width),
            bottom: Float(image.height))
        list.items.append(.image(image, at: placement, sampling: .nearest, opacity: opacity))
    }
}

extension Canvas {
    /// From now on nothing is painted: what is asked for is kept as a list, for a picture of up to `DisplayList.sideLimit`
    /// pixels a side.
    public mutating func beginRecording(width: Int, height: Int) {
        reset(width: 1, height: 1)
        isRecording = true
        recorder = DisplayRecorder(width: width, height: height)
        frame = CanvasFrame(width: width, height: height)
    }

    /// What was recorded; the canvas paints again, on one pixel until it is reset.
    public mutating func endRecording() -> DisplayList {
        precondition(isRecording, "a recording ends that has begun")
        let list = recorder.list
        reset(width: 1, height: 1)
        return list
    }

    /// Records what only pixels can show, as a picture of the part of the canvas between these places, in pixels.
    mutating func recordPicture(
        left: Float, top: Float, right: Float, bottom: Float, _ paint: (_ canvas: inout Canvas, _ left: Int, _ top: Int) -> Void
    ) {
        let x = Int(min(max(left.rounded(.down), 0), Float(width)))
        let y = Int(min(max(top.rounded(.down), 0), Float(height)))
        let endX = min(Int(min(max(right.rounded(.up), 0), Float(width))), x + Self.sideLimit)
        let endY = min(Int(min(max(bottom.rounded(.up), 0), Float(height))), y + Self.sideLimit)
        guard endX > x, endY > y else { return }
        var part = Canvas(width: endX - x, height: endY - y)
        paint(&part, x, y)
        recorder.add(part.pixmap(), left: x, top: y, opacity: 1)
    }

    /// Adds another list, cut to its own size, to the one that is being recorded.
    public mutating func add(_ list: DisplayList, left: Int, top: Int) {
        precondition(isRecording, "lists are put together while recording; a canvas that paints draws them")
        recorder.add(.list(list, left: left, top: top))
    }
}
