/// The sizes that coverage buffers are laid out by.
struct CanvasFrame: Equatable {
    /// Columns that one bit of the touched mask stands for.
    static let block = 8

    let width: Int
    let height: Int
    /// Coverage cells a row: one more than the width, since a cell hands coverage to its right neighbour, in blocks.
    let stride: Int
    /// Words of the touched mask a row.
    let maskWords: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        let blocks = width / Self.block + 1
        stride = blocks * Self.block
        maskWords = (blocks + 63) / 64
    }
}

/// The part of a canvas that coverage is accumulated for.
///
/// A shape that is painted by itself gets a window of its own size: its cells lie close together, at the same place as
/// those of the shape before, and stay in the processor's cache. What a window shows does not depend on where it is cut.
struct CoverageWindow: Equatable {
    /// Its left top corner in pixels of the canvas.
    let x: Int
    let y: Int
    let frame: CanvasFrame

    init(whole frame: CanvasFrame) {
        x = 0
        y = 0
        self.frame = frame
    }

    /// The part of a canvas that a shape inside the bounds may touch; nil when there is none.
    init?(_ bounds: PathBounds, of canvas: CanvasFrame) {
        let x = max(bounds.left >> 8, 0) / CanvasFrame.block * CanvasFrame.block
        let y = max(bounds.top >> 8, 0)
        let endX = min((bounds.right >> 8) + 1, canvas.width)
        let endY = min((bounds.bottom >> 8) + 1, canvas.height)
        guard endX > x, endY > y else { return nil }
        self.x = x
        self.y = y
        // Whole blocks where the canvas has them.
        frame = CanvasFrame(
            width: min((endX - x + CanvasFrame.block - 1) / CanvasFrame.block * CanvasFrame.block, canvas.width - x),
            height: endY - y)
    }
}
