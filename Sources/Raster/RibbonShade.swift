/// What a ribbon is painted with.
public struct RibbonShade: Sendable {
    /// One colour, or many spread evenly from the line's start to its end.
    public var colours: [Colour]
    /// 0...1.
    public var opacity: Float
    /// Pixels from the middle to the outer edge, and to the edge of the gap inside; the fading included.
    public var outset: Float
    public var inset: Float
    /// Pixels over which edges fade.
    public var fade: Float
    public var dashes: RibbonDashes?
    /// In place of the colours.
    public var pattern: RibbonPattern?
    /// Pixels along the line at which the first and the last colour stand.
    public var colourSpan: ClosedRange<Float>

    public init(
        colours: [Colour], opacity: Float, outset: Float, inset: Float, fade: Float, dashes: RibbonDashes? = nil,
        pattern: RibbonPattern? = nil, colourSpan: ClosedRange<Float> = 0...1
    ) {
        precondition(!colours.isEmpty && fade > 0, "a ribbon has a colour and edges that fade")
        self.colours = colours
        self.opacity = opacity
        self.outset = outset
        self.inset = inset
        self.fade = fade
        self.dashes = dashes
        self.pattern = pattern
        self.colourSpan = colourSpan
    }

    /// Coverage 0...1 at a place of the ribbon: `end` and `side` as in its vertices, `along` in pixels.
    func coverage(end: Float, side: Float, along: Float) -> Float {
        let distance = (end * end + side * side).squareRoot() * outset
        let edge = min(distance - (inset - fade), outset - distance) / fade
        let cover = min(max(edge, 0), 1)
        guard cover > 0, let dashes else { return cover }
        return cover * dashes.coverage(along: along, side: side)
    }

    /// Premultiplied.
    func word(along: Float, side: Float) -> UInt32 { pattern?.word(along: along, side: side) ?? colour(along: along).premultiplied }

    private func colour(along: Float) -> Colour {
        guard colours.count > 1 else { return colours[0] }
        let share = (along - colourSpan.lowerBound) / (colourSpan.upperBound - colourSpan.lowerBound)
        let index = Int(min(max(share, 0), 1) * Float(colours.count - 1) + 0.5)
        return colours[index]
    }
}

/// A pattern of dashes along a ribbon.
public struct RibbonDashes: Sendable, Hashable {
    /// Where each dash begins and ends, in pixels, ascending; the first may begin before 0.
    private let dashes: [ClosedRange<Float>]
    private let period: Float
    private let halfWidth: Float
    private let isRound: Bool

    /// - Parameters:
    ///   - lengths: pixels of dash, gap, dash, …; where their count is odd the last dash runs into the first.
    ///   - halfWidth: pixels, the radius of round ends.
    /// - Returns: `nil` where there are no gaps.
    public init?(lengths: [Float], halfWidth: Float, isRound: Bool) {
        period = lengths.reduce(0, +)
        guard period > 0 else { return nil }
        var dashes: [ClosedRange<Float>] = []
        var at: Float = 0
        for (i, length) in lengths.enumerated() {
            if i.isMultiple(of: 2), isRound || length > 0 {
                if let last = dashes.last, last.upperBound == at {
                    dashes[dashes.count - 1] = last.lowerBound...(at + length)
                } else {
                    dashes.append(at...(at + length))
                }
            }
            at += length
        }
        if let last = dashes.last, let first = dashes.first, last.upperBound >= period, first.lowerBound <= 0 {
            if dashes.count == 1 { return nil }
            dashes[0] = (last.lowerBound - period)...first.upperBound
            dashes.removeLast()
        }
        self.dashes = dashes
        self.halfWidth = halfWidth
        self.isRound = isRound
    }

    /// 0 in a gap to 1 in a dash, fading over a pixel to either side.
    func coverage(along: Float, side: Float) -> Float {
        let place = along - (along / period).rounded(.down) * period
        var inside = -Float.infinity
        for dash in dashes {
            for shift in [0, period, -period] {
                let x = place + shift
                inside = max(inside, min(x - dash.lowerBound, dash.upperBound - x))
            }
        }
        if isRound {
            let across = side * halfWidth
            if inside < 0 {
                inside = halfWidth - (inside * inside + across * across).squareRoot()
            } else {
                let edge = halfWidth - abs(across)
                inside = (inside * inside + edge * edge).squareRoot()
            }
        }
        let t = min(max((inside + 1) / 2, 0), 1)
        return t * t * (3 - 2 * t)
    }
}
