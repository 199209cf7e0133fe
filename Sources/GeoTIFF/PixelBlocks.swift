internal import CTIFF
import Glibc
import Wording

/// The pixels of one directory, block by block: a block is a tile, or a strip as wide as the image.
final class PixelBlocks {
    let width: Int
    let height: Int
    let blockWidth: Int
    let blockHeight: Int
    let columns: Int
    let rows: Int
    private let directory: TIFFDirectory
    private let layout: PixelLayout
    private let isTiled: Bool

    /// A block of more pixels is refused: it would have to be held as a whole.
    private static let mostPixelsInBlock = 64 << 20
    private static let mostBlocks = 1 << 26
    private static let longestSide = 1 << 26

    /// - Throws: `unsupported`, `damaged`.
    init(_ directory: TIFFDirectory, layout: PixelLayout) throws(GeoTIFFError) {
        let path = directory.path
        guard let width = directory.long(TIFFTAG_IMAGEWIDTH), let height = directory.long(TIFFTAG_IMAGELENGTH), width > 0, height > 0,
            width <= Self.longestSide, height <= Self.longestSide
        else { throw .damaged(path, zh: "图像尺寸不合理", en: "the size of the image is not plausible") }
        let isTiled = unsafe TIFFIsTiled(directory.handle) != 0
        let blockWidth = isTiled ? directory.long(TIFFTAG_TILEWIDTH) ?? 0 : width
        let blockHeight = isTiled ? directory.long(TIFFTAG_TILELENGTH) ?? 0 : min(directory.long(TIFFTAG_ROWSPERSTRIP) ?? height, height)
        guard blockWidth > 0, blockHeight > 0, blockWidth <= Self.longestSide, blockHeight <= Self.longestSide else {
            throw .damaged(path, zh: "分块尺寸不合理", en: "the size of the blocks is not plausible")
        }
        guard blockWidth <= Self.mostPixelsInBlock / blockHeight else {
            throw .unsupported(
                path, zh: "一个数据块有 \(blockWidth) x \(blockHeight) 像素，无法分块读取",
                en: "one block has \(blockWidth) x \(blockHeight) pixels and cannot be read in parts", options: "")
        }
        self.width = width
        self.height = height
        self.blockWidth = blockWidth
        self.blockHeight = blockHeight
        self.isTiled = isTiled
        self.directory = directory
        self.layout = layout
        columns = (width + blockWidth - 1) / blockWidth
        rows = (height + blockHeight - 1) / blockHeight
        try checkBlocks()
        if directory.short(TIFFTAG_COMPRESSION).map({ Int32($0) }) == COMPRESSION_JPEG {
            // Its own decoder turns YCbCr into RGB.
            _ = unsafe workmap_tiff_set_number(directory.handle, UInt32(TIFFTAG_JPEGCOLORMODE), UInt32(JPEGCOLORMODE_RGB))
        }
    }

    /// That every block lies inside the file: a file that was cut short is better known before an hour of work.
    private func checkBlocks() throws(GeoTIFFError) {
        let path = directory.path
        let handle = unsafe directory.handle
        let planes = layout.isPlanar ? layout.samples : 1
        guard columns <= Self.mostBlocks / rows / planes else {
            throw .damaged(path, zh: "数据块数量不合理（\(columns) x \(rows)）", en: "the number of blocks (\(columns) x \(rows)) is not plausible")
        }
        let expected = columns * rows * planes
        let stated = unsafe isTiled ? Int(TIFFNumberOfTiles(handle)) : Int(TIFFNumberOfStrips(handle))
        guard stated >= expected else {
            throw .damaged(path, zh: "应有 \(expected) 个数据块，只有 \(stated) 个", en: "there should be \(expected) blocks, and there are \(stated)")
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .damaged(path, zh: "文件无法读取", en: "the file cannot be examined") }
        let length = UInt64(status.st_size)
        for number in 0..<UInt32(expected) {
            let (offset, count) = unsafe (TIFFGetStrileOffset(handle, number), TIFFGetStrileByteCount(handle, number))
            let (end, overflows) = offset.addingReportingOverflow(count)
            // Tiles may be left out; strips that are not there mean that the image is shorter than it says.
            guard isTiled || count > 0 else {
                throw .damaged(path, zh: "缺少第 \(number) 个数据块", en: "block \(number) is missing")
            }
            guard !overflows, end <= length else {
                throw .damaged(
                    path, zh: "第 \(number) 个数据块应在 \(offset) 字节处、长 \(count) 字节，超出文件的 \(length) 字节",
                    en: "block \(number) should be \(count) bytes at byte \(offset), beyond the file's \(length) bytes")
            }
        }
    }

    /// Premultiplied words of a block, `blockWidth` a row, as many rows as it has in the image; `nil` for a block that the file leaves out.
    ///
    /// - Throws: `damaged` naming the block.
    func words(column: Int, row: Int) throws(GeoTIFFError) -> [UInt32]? {
        precondition(column >= 0 && column < columns && row >= 0 && row < rows, "a block lies in its image")
        let number = row * columns + column
        let height = min(blockHeight, height - row * blockHeight)
        let count = blockWidth * height
        guard layout.isPlanar else {
            guard let bytes = try bytes(of: number, count: count * layout.samples) else { return nil }
            return layout.words(bytes, count: count, stride: layout.samples)
        }
        var mixed = [UInt8](repeating: 0, count: count * layout.samplesRead)
        for sample in 0..<layout.samplesRead {
            guard let plane = try bytes(of: sample * columns * rows + number, count: count) else { return nil }
            for i in 0..<count { mixed[i * layout.samplesRead + sample] = plane[i] }
        }
        return layout.words(mixed, count: count, stride: layout.samplesRead)
    }

    /// The decoded bytes of a block; `nil` for one that the file leaves out.
    private func bytes(of number: Int, count: Int) throws(GeoTIFFError) -> [UInt8]? {
        let handle = unsafe directory.handle
        if unsafe TIFFGetStrileByteCount(handle, UInt32(number)) == 0 { return nil }
        let whole = unsafe Int(isTiled ? TIFFTileSize64(handle) : TIFFStripSize64(handle))
        guard whole >= count, whole <= TIFFDirectory.allocationLimit else {
            throw .damaged(
                directory.path, zh: "第 \(number) 个数据块的大小（\(whole) 字节）与图像不符",
                en: "the size of block \(number) (\(whole) bytes) does not agree with the image")
        }
        var bytes = [UInt8](repeating: 0, count: whole)
        _ = directory.takeMessage()
        let read = unsafe bytes.withUnsafeMutableBytes { memory in
            unsafe isTiled
                ? TIFFReadEncodedTile(handle, UInt32(number), memory.baseAddress, tmsize_t(whole))
                : TIFFReadEncodedStrip(handle, UInt32(number), memory.baseAddress, tmsize_t(whole))
        }
        guard read >= count else {
            let reason = directory.takeMessage()
            throw .damaged(
                directory.path, zh: "第 \(number) 个数据块无法解码（\(reason)）", en: "block \(number) cannot be decoded (\(reason))")
        }
        return bytes
    }
}
