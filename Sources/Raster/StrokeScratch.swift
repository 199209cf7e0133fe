/// A position of a line with what the stroker knows of the segment that leaves it.
struct StrokePoint {
    /// 24.8 pixels on the canvas.
    var x: Int
    var y: Int
    /// Half the width to the left of the segment as seen along it (y down), in 1/256 pixel.
    var normalX = 0.0
    var normalY = 0.0
}

/// Memory that strokes reuse.
struct StrokeScratch: Sendable {
    /// The part as it came, without repeated positions.
    var source: [StrokePoint] = []
    /// The piece being outlined: the whole part, or one dash of it.
    var line: [StrokePoint] = []
}
