/// The sizes that the canvas's buffers are laid out by.
struct CanvasFrame: Equatable {
    /// Columns that one bit of the touched mask stands for.
    static let block = 16

    let width: Int
    let height: Int
    /// Coverage cells a row: one more than the width, since a cell hands coverage to its right neighbour, in blocks.
    let stride: Int
    /// Words of the touched mask a row.
    let maskWords: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        let blocks = (width + 1 + Self.block - 1) / Self.block
        stride = blocks * Self.block
        maskWords = (blocks + 63) / 64
    }
}
