/// The head of a dBASE III+ table.
enum DBFHeader {
    /// One field as the table lays it out.
    struct Column {
        /// `N`, `C`, `D` or `L`.
        var type: UInt8
        /// Bytes, 254 at most.
        var width: Int
        var decimals: UInt8
    }

    /// Where the number of records stands, four bytes.
    static let countOffset = 4

    /// The date is always the first of January 2026, so that equal data give equal files.
    ///
    /// - Parameter isGBK: names the language driver of code page 936; none stands for UTF-8.
    static func bytes(of columns: [Column], names: [DBFNames.Name], recordCount: Int, isGBK: Bool) -> [UInt8] {
        var header: [UInt8] = [3, 126, 1, 1]
        ShapeText.append(Int32(recordCount), to: &header)
        for size in [33 + columns.count * 32, recordBytes(columns)] { header += [UInt8(truncatingIfNeeded: size), UInt8(truncatingIfNeeded: size >> 8)] }
        header += [UInt8](repeating: 0, count: 17)
        header += [isGBK ? 0x4D : 0, 0, 0]
        for (column, name) in zip(columns, names) {
            header += name.bytes + [UInt8](repeating: 0, count: 11 - name.bytes.count)
            header += [column.type, 0, 0, 0, 0, UInt8(column.width), column.decimals] + [UInt8](repeating: 0, count: 14)
        }
        return header + [0x0D]
    }

    /// What a record takes, its mark of deletion included.
    static func recordBytes(_ columns: [Column]) -> Int { 1 + columns.reduce(0) { $0 + $1.width } }
}
