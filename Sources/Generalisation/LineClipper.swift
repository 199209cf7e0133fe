/// Cuts lines to a box, into as many parts as reach it.
public struct LineClipper: Sendable {
    public let box: ClipBox

    public init(box: ClipBox) {
        self.box = box
    }

    /// Appends the parts of `line` in the closed box, in its direction; parts of a single position are left out.
    ///
    /// Every position inside stays. A line that has none on a straight run still has none, but where a cut end, being
    /// rounded, lies straight behind one: the neighbouring box, cutting elsewhere, has that one too.
    public func clip(_ line: [GridPosition], into output: inout FlatRings) {
        var start = output.positions.count
        guard line.count > 1 else { return }
        for i in 1..<line.count {
            let piece = box.cut(line[i - 1], line[i])
            let isContinued = output.positions.count > start
            guard let piece else {
                if isContinued { Self.finish(&output, from: &start) }
                continue
            }
            if isContinued, output.positions[output.positions.count - 1] != piece.from {
                Self.finish(&output, from: &start)
            }
            if output.positions.count == start { output.positions.append(piece.from) }
            if output.positions[output.positions.count - 1] != piece.to { output.positions.append(piece.to) }
            // A cut end: the line goes on outside.
            if piece.to != line[i] { Self.finish(&output, from: &start) }
        }
        Self.finish(&output, from: &start)
    }

    /// Takes out repeated positions and positions on a straight run, in place.
    ///
    /// Done to the whole line before it is cut, the edges that two windows share are the same edges.
    public static func straighten(_ line: inout [GridPosition]) {
        var count = 0
        for i in line.indices {
            let p = line[i]
            if count > 0 && line[count - 1] == p { continue }
            if count > 1 && runsStraight(line[count - 2], line[count - 1], p) { count -= 1 }
            line[count] = p
            count += 1
        }
        line.removeSubrange(count...)
    }

    /// Whether a line goes on through `b` without a turn.
    @inlinable
    static func runsStraight(_ a: GridPosition, _ b: GridPosition, _ p: GridPosition) -> Bool {
        let along = (Int64(b.x) - Int64(a.x)) * (Int64(p.x) - Int64(b.x))
            + (Int64(b.y) - Int64(a.y)) * (Int64(p.y) - Int64(b.y))
        return along > 0 && GridPosition.turn(a, b, p) == 0
    }

    private static func finish(_ output: inout FlatRings, from start: inout Int) {
        let count = output.positions.count - start
        if count == 1 { output.positions.removeLast() }
        if count > 1 { output.ends.append(output.positions.count) }
        start = output.positions.count
    }
}
