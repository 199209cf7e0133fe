/// The boxes taken by labels and icons, on a grid of cells.
struct CollisionIndex {
    private struct Entry {
        var box: Int32
        /// The next entry of the same cell; -1 for none.
        var next: Int32
    }

    private static let leastCellInPixels: Float = 48
    /// Larger canvases have larger cells: a label plan spans a whole city.
    private static let cellLimit: Float = 4_000_000

    private let cell: Float
    private let columns: Int
    private let rows: Int
    private var boxes: [PixelBox] = []
    private var entries: [Entry] = []
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

    func isFree(_ box: PixelBox) -> Bool {
        for row in span(box.top, box.bottom, rows) {
            for column in span(box.left, box.right, columns) {
                var place = newest[row * columns + column]
                while place >= 0 {
                    let entry = entries[Int(place)]
                    if boxes[Int(entry.box)].meets(box) { return false }
                    place = entry.next
                }
            }
        }
        return true
    }

    func areFree(_ boxes: [PixelBox]) -> Bool { boxes.allSatisfy(isFree) }

    mutating func take(_ box: PixelBox) {
        let index = Int32(boxes.count)
        boxes.append(box)
        for row in span(box.top, box.bottom, rows) {
            for column in span(box.left, box.right, columns) {
                let place = row * columns + column
                entries.append(Entry(box: index, next: newest[place]))
                newest[place] = Int32(entries.count - 1)
            }
        }
    }
}
