internal import CTIFF

/// A mask inside the file: one bit a pixel, or eight, nothing but zero being image.
final class MaskBlocks {
    let width: Int
    let height: Int
    let blockWidth: Int
    let blockHeight: Int
    private let columns: Int
    private let bits: Int
    private let isTiled: Bool
    private let directory: TIFFDirectory

    /// - Throws: `unsupported`, `damaged`.
    init(_ directory: TIFFDirectory) throws(GeoTIFFError) {
        self.directory = directory
        bits = directory.short(TIFFTAG_BITSPERSAMPLE) ?? 1
        isTiled = unsafe TIFFIsTiled(directory.handle) != 0
        width = directory.long(TIFFTAG_IMAGEWIDTH) ?? 0
        height = directory.long(TIFFTAG_IMAGELENGTH) ?? 0
        blockWidth = isTiled ? directory.long(TIFFTAG_TILEWIDTH) ?? 0 : width
        blockHeight = isTiled ? directory.long(TIFFTAG_TILELENGTH) ?? 0 : min(directory.long(TIFFTAG_ROWSPERSTRIP) ?? height, height)
        guard width > 0, height > 0, blockWidth > 0, blockHeight > 0, blockWidth <= 1 << 26, blockHeight <= 1 << 26 else {
            throw .damaged(directory.path, zh: "掩膜尺寸不合理", en: "the size of the mask is not plausible")
        }
        guard bits == 1 || bits == 8, directory.short(TIFFTAG_SAMPLESPERPIXEL) ?? 1 == 1 else {
            throw .unsupported(directory.path, zh: "掩膜每像素 \(bits) 位", en: "the mask has \(bits) bits a pixel", options: "-mask none")
        }
        columns = (width + blockWidth - 1) / blockWidth
    }

    /// One flag a pixel of the block; `nil` for a block that the file leaves out.
    func isImage(column: Int, row: Int) throws(GeoTIFFError) -> [Bool]? {
        let handle = unsafe directory.handle
        let number = UInt32(row * columns + column)
        if unsafe TIFFGetStrileByteCount(handle, number) == 0 { return nil }
        let rowLength = bits == 1 ? (blockWidth + 7) / 8 : blockWidth
        let rows = min(blockHeight, height - row * blockHeight)
        let whole = unsafe Int(isTiled ? TIFFTileSize64(handle) : TIFFStripSize64(handle))
        guard whole >= rowLength * rows, whole <= TIFFDirectory.allocationLimit else {
            throw .damaged(directory.path, zh: "掩膜数据块的大小不符", en: "the size of a block of the mask does not agree")
        }
        var bytes = [UInt8](repeating: 0, count: whole)
        _ = directory.takeMessage()
        let read = unsafe bytes.withUnsafeMutableBytes { memory in
            unsafe isTiled
                ? TIFFReadEncodedTile(handle, number, memory.baseAddress, tmsize_t(whole))
                : TIFFReadEncodedStrip(handle, number, memory.baseAddress, tmsize_t(whole))
        }
        guard read >= rowLength * rows else {
            let reason = directory.takeMessage()
            throw .damaged(directory.path, zh: "掩膜的第 \(number) 个数据块无法解码（\(reason)）", en: "block \(number) of the mask cannot be decoded (\(reason))")
        }
        var flags = [Bool](repeating: false, count: blockWidth * rows)
        for y in 0..<rows {
            for x in 0..<blockWidth {
                let byte = bytes[y * rowLength + (bits == 1 ? x >> 3 : x)]
                flags[y * blockWidth + x] = bits == 1 ? byte >> (7 - UInt8(x & 7)) & 1 != 0 : byte != 0
            }
        }
        return flags
    }
}
