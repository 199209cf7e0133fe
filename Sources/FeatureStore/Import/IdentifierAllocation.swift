/// Gives every feature of a layer an id of its own: the source's where it has one that is free.
struct IdentifierAllocation {
    /// Runs of ids that came in ascending order; a million consecutive ones are one run.
    private var runs: [ClosedRange<Int64>] = []
    /// The ids that came out of order.
    private var strays: Set<Int64> = []
    private var highest: Int64 = 0

    /// The feature's id: `wished` when it is above 0 and free, otherwise the next above every one so far.
    mutating func allocate(_ wished: Int64) -> Int64 {
        if wished > highest {
            take(ascending: wished)
            return wished
        }
        if wished > 0, !isInRun(wished), strays.insert(wished).inserted { return wished }
        // Nothing lies above the highest number; below it, a free one is found in the end.
        if highest == .max { return allocateBelow() }
        let id = highest + 1
        take(ascending: id)
        return id
    }

    private mutating func take(ascending id: Int64) {
        highest = id
        if let last = runs.last, last.upperBound + 1 == id {
            runs[runs.count - 1] = last.lowerBound...id
        } else {
            runs.append(id...id)
        }
    }

    private mutating func allocateBelow() -> Int64 {
        var id: Int64 = 1
        while isInRun(id) || !strays.insert(id).inserted { id += 1 }
        return id
    }

    private func isInRun(_ id: Int64) -> Bool {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].upperBound < id { low = middle + 1 } else { high = middle }
        }
        return low < runs.count && runs[low].contains(id)
    }
}
