/// The vertices of a layer where more or fewer than two different edges meet: where shared borders begin and end.
///
/// Cutting rings there makes both neighbours of a border see the same arc, so that they simplify it alike.
/// Costs 25 bytes times the next power of two above 1.5 times the number of different vertices.
public struct VertexJunctions: Sendable {
    private var keys: [UInt64]
    private var firstNeighbours: [UInt64]
    private var secondNeighbours: [UInt64]
    /// Different neighbours seen, 3 standing for more; 0 marks a free slot.
    private var degrees: [UInt8]
    private var mask: Int
    private var used = 0

    public init(expectedVertexCount: Int) {
        var capacity = 16
        while capacity < expectedVertexCount + expectedVertexCount / 2 { capacity *= 2 }
        keys = [UInt64](repeating: 0, count: capacity)
        firstNeighbours = keys
        secondNeighbours = keys
        degrees = [UInt8](repeating: 0, count: capacity)
        mask = capacity - 1
    }

    /// Adds a run of vertices, flat x, y pairs in grid units; a ring comes without its repeated closing position.
    public mutating func add(_ path: Span<Int32>, isRing: Bool) {
        let n = path.count / 2
        guard n > 1 else { return }
        for i in 0..<(isRing ? n : n - 1) {
            let a = Self.key(path, i)
            let b = Self.key(path, i + 1 == n ? 0 : i + 1)
            guard a != b else { continue }
            link(a, to: b)
            link(b, to: a)
        }
    }

    /// Whether the vertex is an end or a meeting of three or more edges; false for a vertex never added.
    public func contains(x: Int32, y: Int32) -> Bool {
        let slot = self.slot(of: Self.key(x, y))
        return degrees[slot] != 0 && degrees[slot] != 2
    }

    private mutating func link(_ a: UInt64, to b: UInt64) {
        var slot = self.slot(of: a)
        if degrees[slot] == 0 {
            if used * 3 >= keys.count * 2 {
                grow()
                slot = self.slot(of: a)
            }
            used += 1
            keys[slot] = a
            firstNeighbours[slot] = b
            degrees[slot] = 1
        } else if firstNeighbours[slot] == b {
            return
        } else if degrees[slot] == 1 {
            secondNeighbours[slot] = b
            degrees[slot] = 2
        } else if secondNeighbours[slot] != b {
            degrees[slot] = 3
        }
    }

    private func slot(of key: UInt64) -> Int {
        var h = key &* 0x9E37_79B9_7F4A_7C15
        h ^= h &>> 32
        var slot = Int(truncatingIfNeeded: h) & mask
        while degrees[slot] != 0 && keys[slot] != key { slot = (slot &+ 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = self
        let capacity = old.keys.count * 2
        keys = [UInt64](repeating: 0, count: capacity)
        firstNeighbours = keys
        secondNeighbours = keys
        degrees = [UInt8](repeating: 0, count: capacity)
        mask = capacity - 1
        for i in old.keys.indices where old.degrees[i] != 0 {
            let slot = self.slot(of: old.keys[i])
            keys[slot] = old.keys[i]
            firstNeighbours[slot] = old.firstNeighbours[i]
            secondNeighbours[slot] = old.secondNeighbours[i]
            degrees[slot] = old.degrees[i]
        }
    }

    private static func key(_ path: Span<Int32>, _ i: Int) -> UInt64 { key(path[2 * i], path[2 * i + 1]) }

    private static func key(_ x: Int32, _ y: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: x)) << 32 | UInt64(UInt32(bitPattern: y))
    }
}
