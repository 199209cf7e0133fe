/// Joins lines of one text end to end, in the order in which they come and without turning any round.
struct LineMerging {
    struct Entry {
        var line: [SIMD2<Double>]
        var feature: Int
    }
    private struct End: Hashable {
        var text: String
        var place: SIMD2<Double>
    }
    private(set) var entries: [Entry?] = []
    /// Entries by where they begin and by where they end.
    private var starts: [End: Int] = [:]
    private var ends: [End: Int] = [:]

    mutating func add(_ line: [SIMD2<Double>], text: String, feature: Int) {
        guard let first = line.first, let last = line.last, !text.isEmpty else {
            entries.append(Entry(line: line, feature: feature))
            return
        }
        let (start, end) = (End(text: text, place: first), End(text: text, place: last))
        let (before, after) = (ends[start], starts[end])
        if let before, let after, before != after {
            let joined = (entries[before]?.line ?? []) + line.dropFirst() + (entries[after]?.line ?? []).dropFirst()
            let far = End(text: text, place: joined[joined.count - 1])
            entries[before]?.line = joined
            entries[after] = nil
            ends[start] = nil
            starts[end] = nil
            ends[far] = before
        } else if let before {
            entries[before]?.line += line.dropFirst()
            ends[start] = nil
            ends[end] = before
        } else if let after {
            let joined = line + (entries[after]?.line ?? []).dropFirst()
            entries[after]?.line = joined
            starts[end] = nil
            starts[start] = after
        } else {
            starts[start] = entries.count
            ends[end] = entries.count
            entries.append(Entry(line: line, feature: feature))
        }
    }
}
