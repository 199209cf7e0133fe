/// Boxes with the number of who owns them, on a grid of cells.
struct CollisionIndex {
    private struct Entry {
        var box: PixelBox
        var owner: Int32
        var cell: Int32
        /// The neighbours in the same cell; -1 for none.
        var next: Int32
        var previous: Int32 = -1
        /// Another entry of the same owner; -1 for none.
        var sibling: Int32
    }

    private static let leastCellInPixels: Float = 48
    /// Larger canvases have larger cells: a label plan spans a whole city.
    private static let cellLimit: Float = 4_000_000

    private let cell: Float
    private let columns: Int
    private let rows: Int
    private var entries: [Entry] = []
    /// Entries that were given back.
    private var free: [Int32] = []
    /// By cell: its newest entry; -1 for none.
    private var newest: [Int32]
    /// By owner: one of its entries; -1 for none. However many lie in a cell, an owner finds its own.
    private var ofOwner: [Int32] = []

    init(width: Int, height: Int) {
        cell = max(Self.leastCellInPixels, (Float(width) * Float(height) / Self.cellLimit).squareRoot())
        columns = max(1, Int(Float(width) / cell) + 1)
        rows = max(1, Int(Float(height) / cell) + 1)
        newest = [Int32](repeating: -1, count: columns * rows)
    }

    private func span(_ low: Float, _ high: Float, _ count: Int) -> ClosedRange<Int> {
        let a = place(low, count)
        return a...max(a, place(high, count))
    }

    /// The row or column of a position, those outside held to the edge.
    private func place(_ position: Float, _ count: Int) -> Int {
        let place = position / cell
        guard place > 0 else { return 0 }
        return place < Float(count) ? min(Int(place), count - 1) : count - 1
    }

    func isFree(_ box: PixelBox) -> Bool { isFree(box) { _ in true } }

    func areFree(_ boxes: [PixelBox]) -> Bool { boxes.allSatisfy(isFree) }

    /// - Parameter counts: which owners' boxes stand in the way.
    @inline(__always)
    func isFree(_ box: PixelBox, where counts: (Int32) -> Bool) -> Bool {
        for row in span(box.top, box.bottom, rows) {
            for column in span(box.left, box.right, columns) {
                var place = newest[row * columns + column]
                while place >= 0 {
                    let entry = entries[Int(place)]
                    if entry.box.meets(box), counts(entry.owner) { return false }
                    place = entry.next
                }
            }
        }
        return true
    }

    /// Calls with the owner of every box that meets this one, some more than once.
    func forEachOwner(meeting box: PixelBox, _ body: (Int32) -> Void) {
        for row in span(box.top, box.bottom, rows) {
            for column in span(box.left, box.right, columns) {
                var place = newest[row * columns + column]
                while place >= 0 {
                    let entry = entries[Int(place)]
                    if entry.box.meets(box) { body(entry.owner) }
                    place = entry.next
                }
            }
        }
    }

    mutating func take(_ box: PixelBox, by owner: Int32 = 0) {
        let number = Int(owner)
        if number >= ofOwner.count { ofOwner += repeatElement(-1, count: number + 1 - ofOwner.count) }
        for row in span(box.top, box.bottom, rows) {
            for column in span(box.left, box.right, columns) {
                let cell = row * columns + column
                let entry = Entry(box: box, owner: owner, cell: Int32(cell), next: newest[cell], sibling: ofOwner[number])
                let place: Int32
                if let reused = free.popLast() {
                    entries[Int(reused)] = entry
                    place = reused
                } else {
                    entries.append(entry)
                    place = Int32(entries.count - 1)
                }
                if entry.next >= 0 { entries[Int(entry.next)].previous = place }
                newest[cell] = place
                ofOwner[number] = place
            }
        }
    }

    /// Gives back what `take` took with the same box and owner.
    mutating func release(_ box: PixelBox, by owner: Int32) {
        guard Int(owner) < ofOwner.count else { return }
        var place = ofOwner[Int(owner)]
        var kept: Int32 = -1
        while place >= 0 {
            let entry = entries[Int(place)]
            if entry.box == box {
                if kept < 0 { ofOwner[Int(owner)] = entry.sibling } else { entries[Int(kept)].sibling = entry.sibling }
                unlink(place)
            } else {
                kept = place
            }
            place = entry.sibling
        }
    }

    private mutating func unlink(_ place: Int32) {
        let entry = entries[Int(place)]
        if entry.next >= 0 { entries[Int(entry.next)].previous = entry.previous }
        if entry.previous >= 0 { entries[Int(entry.previous)].next = entry.next } else { newest[Int(entry.cell)] = entry.next }
        free.append(place)
    }
}
