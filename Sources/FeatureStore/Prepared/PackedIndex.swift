/// A box in stored units, closed on all sides.
@frozen
@usableFromInline
struct StoredBox: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline var minX: Int32
    @usableFromInline var minY: Int32
    @usableFromInline var maxX: Int32
    @usableFromInline var maxY: Int32

    @inlinable
    init(minX: Int32, minY: Int32, maxX: Int32, maxY: Int32) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    static let empty = StoredBox(minX: .max, minY: .max, maxX: .min, maxY: .min)

    var isEmpty: Bool { minX > maxX || minY > maxY }

    mutating func formUnion(_ other: StoredBox) {
        minX = min(minX, other.minX)
        minY = min(minY, other.minY)
        maxX = max(maxX, other.maxX)
        maxY = max(maxY, other.maxY)
    }

    mutating func formUnion(x: Int32, y: Int32) {
        formUnion(StoredBox(minX: x, minY: y, maxX: x, maxY: y))
    }

    @inline(__always)
    func intersects(_ other: StoredBox) -> Bool {
        minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY
    }

    @inline(__always)
    func contains(_ other: StoredBox) -> Bool {
        other.minX >= minX && other.maxX <= maxX && other.minY >= minY && other.maxY <= maxY
    }
}

/// A static R-tree over boxes in Hilbert order: 16 boxes a node, all levels in one array from the leaves to the root.
enum PackedIndex {
    static let nodeSize = 16

    /// How many boxes each level holds; the first is `count`, the last 1 (nothing for no boxes).
    static func levelCounts(_ count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var counts = [count]
        while counts[counts.count - 1] > 1 { counts.append((counts[counts.count - 1] + nodeSize - 1) / nodeSize) }
        return counts
    }

    /// The boxes of all levels over the given leaves.
    static func build(_ leaves: [StoredBox]) -> [StoredBox] {
        var boxes = leaves
        var start = 0
        for count in levelCounts(leaves.count).dropLast() {
            for first in stride(from: start, to: start + count, by: nodeSize) {
                var box = StoredBox.empty
                for i in first..<min(first + nodeSize, start + count) { box.formUnion(boxes[i]) }
                boxes.append(box)
            }
            start += count
        }
        return boxes
    }

    /// Replaces `hits` by the leaves that meet `query`, ascending. `other` is room for the walk.
    static func search(
        _ boxes: UnsafeBufferPointer<StoredBox>, levels: [Int], query: StoredBox, hits: inout [UInt32],
        other: inout [UInt32]
    ) {
        hits.removeAll(keepingCapacity: true)
        guard !levels.isEmpty, !query.isEmpty else { return }
        var start = boxes.count - 1
        if unsafe boxes[start].intersects(query) { hits.append(0) }
        for level in stride(from: levels.count - 2, through: 0, by: -1) {
            swap(&hits, &other)
            hits.removeAll(keepingCapacity: true)
            start -= levels[level]
            for node in other {
                let first = Int(node) * nodeSize
                for i in first..<min(first + nodeSize, levels[level])
                where unsafe boxes[start + i].intersects(query) { hits.append(UInt32(truncatingIfNeeded: i)) }
            }
        }
    }

    /// Whether any leaf meets `query`: ends at the first one.
    static func hasHit(_ boxes: UnsafeBufferPointer<StoredBox>, levels: [Int], query: StoredBox) -> Bool {
        guard !levels.isEmpty, !query.isEmpty else { return false }
        // Nodes still to be looked at, each with its level; the deepest come first.
        var waiting = [(level: levels.count - 1, node: 0)]
        var starts = [Int](repeating: 0, count: levels.count)
        for level in levels.indices.dropFirst() { starts[level] = starts[level - 1] + levels[level - 1] }
        while let (level, node) = waiting.popLast() {
            guard unsafe boxes[starts[level] + node].intersects(query) else { continue }
            if level == 0 { return true }
            let first = node * nodeSize
            for child in first..<min(first + nodeSize, levels[level - 1]) { waiting.append((level - 1, child)) }
        }
        return false
    }
}
