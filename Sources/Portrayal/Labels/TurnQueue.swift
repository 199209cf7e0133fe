/// Owners whose turn to choose is to come, each once, the one that precedes all others first: a binary heap.
struct TurnQueue {
    private var heap: [(rank: SymbolRank, owner: Int32)] = []
    /// By owner the rank that it waits with; an entry of the heap with another rank is a leftover.
    private var waiting: [Int32: SymbolRank] = [:]

    mutating func insert(_ owner: Int32, _ rank: SymbolRank) {
        guard waiting[owner] != rank else { return }
        waiting[owner] = rank
        heap.append((rank, owner))
        var child = heap.count - 1
        while child > 0, heap[child].rank < heap[(child - 1) / 2].rank {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func remove(_ owner: Int32) { waiting[owner] = nil }

    mutating func popFirst() -> Int32? {
        while let (rank, owner) = popRoot() {
            if waiting[owner] == rank {
                waiting[owner] = nil
                return owner
            }
        }
        return nil
    }

    private mutating func popRoot() -> (rank: SymbolRank, owner: Int32)? {
        guard let root = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return root }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].rank < heap[least].rank {
                least = child
            }
            if least == parent { return root }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
