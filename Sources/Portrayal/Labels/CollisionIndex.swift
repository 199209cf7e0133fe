/// The boxes taken by labels and icons of one window, on a grid of cells.
struct CollisionIndex {
    private static let cell: Float = 48
    private let columns: Int
    private let rows: Int
    private var boxes: [PixelBox] = []
    private var cells: [[Int32]]

    init(width: Int, height: Int) {
        columns = max(1, Int(Float(width) / Self.cell) + 1)
        rows = max(1, Int(Float(height) / Self.cell) + 1)
        cells = [[Int32]](repeating: [], count: columns * rows)
    }

    private func span(_ low: Float, _ high: Float, _ count: Int) -> ClosedRange<Int> {
        let a = min(max(Int((low / Self.cell).rounded(.down)), 0), count - 1)
        let b = min(max(Int((high / Self.cell).rounded(.down)), a), count - 1)
        return a...b
    }

    func isFree(_ box: PixelBox) -> Bool {
        for row in span(box.top, box.bottom, rows) {
            for column in span(box.left, box.right, columns) {
                for index in cells[row * columns + column] where boxes[Int(index)].meets(box) { return false }
            }
        }
        return true
    }

    func areFree(_ boxes: [PixelBox]) -> Bool { boxes.allSatisfy(isFree) }

    mutating func take(_ box: PixelBox) {
        let index = Int32(boxes.count)
        boxes.append(box)
        for row in span(box.top, box.bottom, rows) {
            for column in span(box.left, box.right, columns) { cells[row * columns + column].append(index) }
        }
    }
}
