/// An upright rectangle in device pixels, y down.
struct PixelBox: Hashable, Sendable {
    var left: Float
    var top: Float
    var right: Float
    var bottom: Float

    func grown(by margin: Float) -> PixelBox {
        PixelBox(left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
    }

    func meets(_ other: PixelBox) -> Bool {
        left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }

    func lies(inWidth width: Int, height: Int) -> Bool {
        left >= 0 && top >= 0 && right <= Float(width) && bottom <= Float(height)
    }

    func union(_ other: PixelBox) -> PixelBox {
        PixelBox(
            left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
            bottom: max(bottom, other.bottom))
    }

    /// The upright box round this one turned about a point.
    func turned(degrees: Float, aboutX x: Float, y: Float) -> PixelBox {
        if degrees == 0 { return self }
        let turn = Rotation(degrees: degrees)
        var out: PixelBox?
        for (cx, cy) in [(left, top), (right, top), (left, bottom), (right, bottom)] {
            let p = turn.applied(cx - x, cy - y)
            let corner = PixelBox(left: p.x + x, top: p.y + y, right: p.x + x, bottom: p.y + y)
            out = out?.union(corner) ?? corner
        }
        return out ?? self
    }
}
