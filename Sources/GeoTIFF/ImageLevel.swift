/// One resolution of an image, read block by block.
public final class ImageLevel {
    private let pixels: PixelBlocks
    var mask: MaskBlocks?

    init(_ pixels: PixelBlocks) { self.pixels = pixels }

    public var width: Int { pixels.width }
    public var height: Int { pixels.height }
    public var blockWidth: Int { pixels.blockWidth }
    public var blockHeight: Int { pixels.blockHeight }
    public var blockColumns: Int { pixels.columns }
    public var blockRows: Int { pixels.rows }

    /// Premultiplied words of a block, `blockWidth` a row, as many rows as it has in the image; `nil` where it holds no image.
    ///
    /// - Throws: `damaged` naming the block.
    public func block(column: Int, row: Int) throws(GeoTIFFError) -> [UInt32]? {
        guard var words = try pixels.words(column: column, row: row) else { return nil }
        if let mask {
            guard let seen = try mask.isImage(column: column, row: row) else { return nil }
            for i in words.indices where !seen[i] { words[i] = 0 }
        }
        return words
    }

    /// Whether the level shows the same as an image of this size: an overview is smaller by one factor both ways.
    func isReduction(of size: (width: Double, height: Double)) -> Bool {
        let (across, down) = (size.width / Double(width), size.height / Double(height))
        // Overviews are rounded up or down to whole pixels.
        return across >= 1 && down >= 1 && abs(size.width / down - Double(width)) <= 1.5 * max(1, across / down)
    }
}
