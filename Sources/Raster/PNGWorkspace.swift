internal import Compression

/// Memory that encoding reuses from picture to picture; a worker keeps one.
public struct PNGWorkspace: ~Copyable {
    /// The picture's rows with their filter bytes at the beginning, `rowBytes` of them.
    var rows: [UInt8] = []
    var census = ColourCensus()
    var choice = MedianCut()
    private var rowBytes = 0
    /// The packed rows at the beginning, whatever was there before after them.
    private(set) var packed: [UInt8] = []
    private var rowCompressor: RowCompressor?
    private var compressor: Compressor?
    private var level = 0

    /// Pixels of a row that `RowCompressor` takes for sure.
    private static let widestInRows = 8192

    public init() {}

    /// Packs `rows`: at level 1 by what suits pictures of maps, where a pixel takes whole bytes; else by libdeflate, whose
    /// level is kept within 1 ... 12.
    ///
    /// - Returns: how many bytes of `packed` that took.
    mutating func packRows(_ header: PNGHeader, level asked: Int) -> Int {
        let level = max(1, min(asked, 12))
        let bits = header.colourType == .palette ? header.depth : header.colourType == .rgb ? 24 : 32
        if level == 1, bits >= 8, header.width <= Self.widestInRows {
            if rowCompressor == nil { rowCompressor = RowCompressor() }
            return rowCompressor?.compress(
                rows, rowBytes: 1 + header.width * bits / 8, height: header.height, pixelBytes: bits / 8, into: &packed) ?? 0
        }
        if self.level != level {
            compressor = Compressor(level: level)
            self.level = level
        }
        return compressor?.compress(rows.prefix(rowBytes), format: .zlib, into: &packed) ?? 0
    }

    /// Makes room for `count` bytes in `rows` and a few that may be written beyond them; none is looked at before it is
    /// written.
    mutating func sizeRows(_ count: Int) {
        rowBytes = count
        let missing = count + 8 - rows.count
        if missing > 0 { rows.append(contentsOf: repeatElement(0, count: missing)) }
    }
}
