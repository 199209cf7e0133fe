/// Boxes with the number of who owns them, on a grid of cells.
struct CollisionIndex {
    private struct Entry {
        var box: PixelBox
        var owner: Int32
        /// The next entry of the same cell; -1 for none.
        var next: Int32
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

    init(width: Int, height: Int) {
        cell = max(Self.leastCellInPixels, (Float(width) * Float(height) / Self.cellLimit).squareRoot())
        columns = max(1, Int(Float(width) / cell) + 1)
        rows = max(1, Int(Float(height) / cell) + 1)
        newest = [Int32](repeating: -1, count: columns * rows)
    }

    private func span(_ low: Float, _ high: Float, _ count: Int) -> ClosedRange<Int> {
        let a = min(max(Int((low / cell).rounded(.down)), 0), count - 1)
        let b = min(max(Int((high / cell).rounded(.down)), a), count - 1)
        return a...b
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
        for row in span(box.top, box.bottom, rows) {
            for column in span(box.left, box.right, columns) {
                let place = row * columns + column
                let entry = Entry(box: box, owner: owner, next: newest[place])
                if let reused = free.popLast() {
                    entries[Int(reused)] = entry
                    newest[place] = reused
                } else {
                    entries.append(entry)
                    newest[place] = Int32(entries.count - 1)
                }
            }
        }
    }

    /// Gives back what `take` took with the same box and owner.
    mutating func release(_ box: PixelBox, by owner: Int32) {
        for row in span(box.top, box.bottom, rows) {
            for column in span(box.left, box.right, columns) { unlink(box, owner, cell: row * columns + column) }
        }
    }

    private mutating func unlink(_ box: PixelBox, _ owner: Int32, cell: Int) {
        var before: Int32 = -1
        var place = newest[cell]
        while place >= 0 {
            let entry = entries[Int(place)]
            if entry.owner == owner, entry.box == box {
                if before < 0 { newest[cell] = entry.next } else { entries[Int(before)].next = entry.next }
                free.append(place)
                return
            }
            before = place
            place = entry.next
        }
    }
}
