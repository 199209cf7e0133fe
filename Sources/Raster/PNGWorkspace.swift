internal import Compression

/// Memory that encoding reuses from picture to picture; a worker keeps one.
public struct PNGWorkspace: ~Copyable {
    /// The picture's rows with their filter bytes at the beginning, `rowBytes` of them.
    var rows: [UInt8] = []
    private var rowBytes = 0
    /// The packed rows at the beginning, whatever was there before after them.
    private(set) var packed: [UInt8] = []
    private var compressor: Compressor?
    private var level = 0

    public init() {}

    /// Packs `rows`; libdeflate's level is kept within 1 ... 12.
    ///
    /// - Returns: how many bytes of `packed` that took.
    mutating func packRows(level asked: Int) -> Int {
        let level = max(1, min(asked, 12))
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
