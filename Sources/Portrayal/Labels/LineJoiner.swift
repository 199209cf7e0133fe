/// Joins line parts that touch at their ends, so that a road cut into sections is labelled as one.
///
/// The result depends on the set of parts, not on their order.
struct LineJoiner {
    private var parts: [[Int32]] = []

    /// - Parameter part: x, y pairs, two positions or more.
    mutating func add(_ part: [Int32]) {
        guard part.count >= 4 else { return }
        // One direction for all sections, so that equal ends meet whichever way they were drawn.
        let n = part.count
        let isForward = (part[0], part[1]) <= (part[n - 2], part[n - 1])
        parts.append(isForward ? part : Self.reversed(part))
    }

    private static func reversed(_ part: [Int32]) -> [Int32] {
        var out: [Int32] = []
        out.reserveCapacity(part.count)
        for i in stride(from: part.count - 2, through: 0, by: -2) {
            out.append(part[i])
            out.append(part[i + 1])
        }
        return out
    }

    private struct Node: Hashable {
        var x: Int32
        var y: Int32
    }

    /// Chains through ends where exactly two parts meet; junctions of three and more stay ends.
    func joined() -> [[Int32]] {
        var sorted = parts
        sorted.sort { $0.lexicographicallyPrecedes($1) }
        if sorted.count < 2 { return sorted }
        var ends: [Node: [Int]] = [:]
        for (i, part) in sorted.enumerated() {
            ends[Node(x: part[0], y: part[1]), default: []].append(i)
            ends[Node(x: part[part.count - 2], y: part[part.count - 1]), default: []].append(i)
        }
        var used = [Bool](repeating: false, count: sorted.count)
        var out: [[Int32]] = []
        for i in sorted.indices where !used[i] {
            used[i] = true
            var chain = sorted[i]
            for _ in 0..<2 {
                var isGrowing = true
                while isGrowing {
                    isGrowing = false
                    let tail = Node(x: chain[chain.count - 2], y: chain[chain.count - 1])
                    guard let meeting = ends[tail], meeting.count == 2, let next = meeting.first(where: { !used[$0] })
                    else { break }
                    used[next] = true
                    var part = sorted[next]
                    if Node(x: part[0], y: part[1]) != tail { part = Self.reversed(part) }
                    chain += part.dropFirst(2)
                    isGrowing = true
                }
                chain = Self.reversed(chain)
            }
            out.append(chain)
        }
        return out
    }
}
