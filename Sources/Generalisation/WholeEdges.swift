/// Leaves out of lines and rings what a box does not need, without touching what it shows.
///
/// Every edge that reaches the box stays whole, and so do its two neighbours, because the outline of a stroked edge ends
/// in the joins with them: what is drawn inside the box does not depend on where the box is, to the last bit.
public struct WholeEdges: Sendable {
    public let box: ClipBox
    /// Of every position the sides of the box that it lies beyond, as `ClipBox.outcode` has them.
    private var codes: [UInt8] = []
    private var kept: [GridPosition] = []
    /// The codes of `kept`, with `isNeeded` for the ends of edges that stay.
    private var keptCodes: [UInt8] = []

    private static let isNeeded: UInt8 = 16

    public init(box: ClipBox) {
        self.box = box
    }

    /// Appends the parts of a line that reach the box, in its direction, each with one edge more at either end.
    public mutating func keep(line: [GridPosition], into output: inout FlatRings) {
        guard line.count > 1 else { return }
        readCodes(line.span)
        let edges = line.count - 1
        var start: Int?
        for e in 0..<edges {
            let isKept = reaches(e) || (e > 0 && reaches(e - 1)) || (e + 1 < edges && reaches(e + 1))
            if isKept, start == nil { start = e }
            if !isKept, let first = start {
                output.append(line[first...e])
                start = nil
            }
        }
        if let first = start { output.append(line[first...]) }
    }

    /// Appends ring `r` of `rings` without the positions beyond one side of the box that no kept edge needs.
    ///
    /// The ring covers the same part of the box as before. What stands for the positions left out lies outside, so the
    /// ring's area says nothing, not even by its sign.
    public mutating func keep(ring r: Int, of rings: FlatRings, into output: inout FlatRings) {
        let ring = rings.positions.span.extracting(rings.range(r))
        guard ring.count > 2 else { return }
        readCodes(ring)
        kept.removeAll(keepingCapacity: true)
        keptCodes.removeAll(keepingCapacity: true)
        for i in 0..<ring.count {
            let code = codes[i]
            while isSuperfluousBefore(code) { removeLast() }
            kept.append(ring[i])
            keptCodes.append(code | (isNeeded(i) ? Self.isNeeded : 0))
        }
        while kept.count > 2, isSuperfluousBefore(keptCodes[0]) { removeLast() }
        guard kept.count > 2 else { return }
        output.append(kept)
    }

    private mutating func readCodes(_ positions: Span<GridPosition>) {
        codes.removeAll(keepingCapacity: true)
        codes.reserveCapacity(positions.count)
        for i in 0..<positions.count { codes.append(box.outcode(x: positions[i].x, y: positions[i].y)) }
    }

    /// Whether the edge of a line from position `e` may reach the box.
    @inline(__always)
    private func reaches(_ e: Int) -> Bool { codes[e] & codes[e + 1] == 0 }

    /// Whether one of the two ring edges on either side of a position may reach the box.
    @inline(__always)
    private func isNeeded(_ i: Int) -> Bool {
        if codes[i] == 0 { return true }
        let n = codes.count
        let (before, after) = (i == 0 ? n - 1 : i - 1, i + 1 == n ? 0 : i + 1)
        let (first, last) = (before == 0 ? n - 1 : before - 1, after + 1 == n ? 0 : after + 1)
        return codes[before] & codes[i] == 0 || codes[i] & codes[after] == 0 || codes[first] & codes[before] == 0
            || codes[after] & codes[last] == 0
    }

    /// Whether the last position kept can go because it, the one before and the one to come lie beyond one side.
    @inline(__always)
    private func isSuperfluousBefore(_ code: UInt8) -> Bool {
        let n = keptCodes.count
        return n > 1 && keptCodes[n - 1] & Self.isNeeded == 0
            && code & keptCodes[n - 1] & keptCodes[n - 2] & ~Self.isNeeded != 0
    }

    private mutating func removeLast() {
        kept.removeLast()
        keptCodes.removeLast()
    }
}
