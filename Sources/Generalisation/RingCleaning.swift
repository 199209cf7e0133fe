/// Takes out of rings what quantising leaves behind: repeated positions, positions on a straight run, spikes.
public enum RingCleaning {
    /// Appends one cleaned ring, wound as asked, to `output`.
    ///
    /// - Returns: twice the ring's area in square units, always positive; `nil` when nothing was appended because
    ///   fewer than three positions or no area remained.
    @inlinable
    public static func append(_ ring: [GridPosition], isHole: Bool, to output: inout FlatRings) -> Int64? {
        append(ring, 0..<ring.count, isHole: isHole, to: &output)
    }

    /// Appends ring `r` of `rings`, cleaned and wound as asked; returns as the other.
    ///
    /// - Parameter box: what a clean ring was cut to, if it was. Positions inside it on a straight run then stay: a cut
    ///   end, being rounded, may lie straight behind one that the neighbouring box, cutting elsewhere, keeps.
    public static func append(
        ring r: Int, of rings: FlatRings, isHole: Bool, cutTo box: ClipBox? = nil, to output: inout FlatRings
    ) -> Int64? {
        append(rings.positions, rings.range(r), isHole: isHole, cutTo: box, to: &output)
    }

    @inlinable
    static func append(
        _ ring: [GridPosition], _ range: Range<Int>, isHole: Bool, cutTo box: ClipBox? = nil, to output: inout FlatRings
    ) -> Int64? {
        let start = output.positions.count
        output.positions.append(contentsOf: ring[range])
        let end = settle(&output.positions, from: start, cutTo: box)
        output.positions.removeLast(output.positions.count - end)
        close(&output.positions, from: start, cutTo: box)
        let count = output.positions.count - start
        guard count >= 3 else {
            output.positions.removeLast(count)
            return nil
        }
        var area: Int64 = 0
        let first = output.positions[start]
        for i in (start + 1)..<(start + count - 1) {
            area &+= GridPosition.turn(first, output.positions[i], output.positions[i + 1])
        }
        guard area != 0 else {
            output.positions.removeLast(count)
            return nil
        }
        if (area < 0) != isHole { output.positions[start...].reverse() }
        output.ends.append(start + count)
        return area.magnitude > UInt64(Int64.max) ? Int64.max : Int64(area.magnitude)
    }

    /// Whether the ring is the same without `b`, which follows `a` and comes before `c`.
    @inlinable
    static func isSuperfluous(_ a: GridPosition, _ b: GridPosition, _ c: GridPosition, _ box: ClipBox?) -> Bool {
        guard GridPosition.turn(a, b, c) == 0 else { return false }
        guard let box, !box.isOnBorder(b) else { return true }
        return !LineClipper.runsStraight(a, b, c)
    }

    /// Moves the positions from `start` on together, each first taking off all that it makes superfluous.
    ///
    /// - Returns: where they end now. Nothing is removed here: that would cost a check of ownership a position.
    @inlinable
    static func settle(_ positions: inout [GridPosition], from start: Int, cutTo box: ClipBox?) -> Int {
        var room = positions.mutableSpan
        var end = start
        for i in start..<room.count {
            let p = room[i]
            while end > start + 1, room[end - 1] != p, isSuperfluous(room[end - 2], room[end - 1], p, box) { end -= 1 }
            if end > start, room[end - 1] == p { continue }
            room[end] = p
            end += 1
        }
        return end
    }

    /// Does across the ring's seam what `settle` does along it.
    @inlinable
    static func close(_ stack: inout [GridPosition], from start: Int, cutTo box: ClipBox?) {
        var first = start
        while stack.count - first >= 3 {
            let n = stack.count
            if stack[n - 1] == stack[first] || isSuperfluous(stack[n - 2], stack[n - 1], stack[first], box) {
                stack.removeLast()
            } else if isSuperfluous(stack[n - 1], stack[first], stack[first + 1], box) {
                first += 1
            } else {
                break
            }
        }
        if first > start { stack.removeSubrange(start..<first) }
    }
}
