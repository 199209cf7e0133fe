/// Chooses where the lines of a label end, so that they come out about equally long.
///
/// Of all ways to break, the one of least raggedness: the sum of the squared departures of the lines from the average width, a last line that is too long
/// counting double and one too short half, as MapLibre's clients do. Where a break may stand follows Chinese practice (GB/T 15834).
struct LineBreaking {
    private let scalars: [Unicode.Scalar]
    /// Pen position before each scalar, and after the last.
    private var positions: [Float]

    init(_ scalars: [Unicode.Scalar], advancesInEm: [Float]) {
        self.scalars = scalars
        positions = [0]
        positions.reserveCapacity(advancesInEm.count + 1)
        for advance in advancesInEm { positions.append(positions[positions.count - 1] + advance) }
    }

    /// Index after the last scalar of each line, the text's end included.
    func ends(maxWidthInEm: Float) -> [Int] {
        let total = positions[positions.count - 1]
        guard total > maxWidthInEm else { return [scalars.count] }
        let average = total / (total / maxWidthInEm).rounded(.up)
        var candidates = [0]
        var lastInk: Unicode.Scalar?
        for index in 1..<scalars.count {
            if !scalars[index - 1].properties.isWhitespace { lastInk = scalars[index - 1] }
            // The spaces before a break are dropped, so what stands before them would end the line.
            if lastInk?.endsNoLine == true { continue }
            if LineBreaking.mayBreak(after: scalars[index - 1], before: scalars[index]) { candidates.append(index) }
        }
        candidates.append(scalars.count)
        var badness = [Float](repeating: .infinity, count: candidates.count)
        var previous = [Int](repeating: 0, count: candidates.count)
        badness[0] = 0
        for end in 1..<candidates.count {
            for start in stride(from: end - 1, through: 0, by: -1) {
                let width = lineWidth(candidates[start], candidates[end])
                var ragged = (width - average) * (width - average)
                if end == candidates.count - 1 { ragged *= width < average ? 0.5 : 2 }
                // Lines that start earlier are longer still.
                if width > average, ragged > badness[end] { break }
                if badness[start] + ragged <= badness[end] {
                    badness[end] = badness[start] + ragged
                    previous[end] = start
                }
            }
        }
        var ends: [Int] = []
        var end = candidates.count - 1
        while end > 0 {
            ends.append(candidates[end])
            end = previous[end]
        }
        return ends.reversed()
    }

    static func trimmed(_ line: ArraySlice<Unicode.Scalar>) -> String {
        var line = line
        while let first = line.first, first.properties.isWhitespace { line.removeFirst() }
        while let last = line.last, last.properties.isWhitespace { line.removeLast() }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: line)
        return String(text)
    }

    /// True where a line may end between two neighbours.
    static func mayBreak(after last: Unicode.Scalar, before next: Unicode.Scalar) -> Bool {
        if next.properties.isWhitespace || next.drawsNothing || next.startsNoLine || last.endsNoLine { return false }
        switch next.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return false
        default: break
        }
        return last.properties.isWhitespace && !last.isGlue || last.isIdeographic || last == DistanceText.object || last.allowsBreakAfter
            || next.isIdeographic && last.closesChinese
    }

    private func lineWidth(_ start: Int, _ end: Int) -> Float {
        var end = end
        while end > start, scalars[end - 1].properties.isWhitespace { end -= 1 }
        return positions[end] - positions[start]
    }
}
