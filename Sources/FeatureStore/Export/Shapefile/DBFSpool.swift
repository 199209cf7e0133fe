internal import Wording
import Glibc
import SimpleFeatures

/// Builds the attribute table of a shapefile whose widths nobody knows beforehand.
///
/// Cells wait in a scratch file, a length and the bytes each, while the widest of every field is remembered; then the table is
/// written with fields as wide as need be. A table of 254 bytes a text would be tens of times larger.
final class DBFSpool {
    private struct Column {
        let kind: FieldKind
        /// `N`, `C`, `D` or `L` (dBASE III+).
        let type: UInt8
        let decimals: UInt8
        var width: Int
    }

    /// The table's path without its ending.
    let stem: String
    private let path: String
    private let spool: FileSink
    private let encoder: TextEncoder
    private let encoding: ExportEncoding
    private let names: [DBFNames.Name]
    private var columns: [Column]
    private(set) var count = 0

    /// What a text field of the format holds at most.
    static let textBytes = 254

    /// - Parameter stem: of the `.dbf`; the scratch file stands beside it.
    init(stem: String, schema: FeatureSchema, encoding: ExportEncoding) throws(WriterError) {
        self.stem = stem
        path = stem + ".dbf"
        self.encoding = encoding
        spool = try FileSink(path: path + ".spool")
        encoder = try TextEncoder(name: encoding.rawValue)
        names = DBFNames.names(of: schema.fields.map(\.name), encoder)
        columns = schema.fields.map { Self.column($0.kind) }
    }

    private static func column(_ kind: FieldKind) -> Column {
        switch kind {
        case .boolean: Column(kind: kind, type: UInt8(ascii: "L"), decimals: 0, width: 1)
        case .integer: Column(kind: kind, type: UInt8(ascii: "N"), decimals: 0, width: 1)
        // Readers take a field with places after the point for a real one; 24 bytes hold every double.
        case .real: Column(kind: kind, type: UInt8(ascii: "N"), decimals: 15, width: 24)
        case .date: Column(kind: kind, type: UInt8(ascii: "D"), decimals: 0, width: 8)
        case .dateTime, .text: Column(kind: kind, type: UInt8(ascii: "C"), decimals: 0, width: 1)
        }
    }

    /// The names that the fields have in the table.
    var fieldNames: [String] { names.map(\.text) }

    /// The bytes that a record takes so far.
    var recordBytes: Int { 1 + columns.reduce(0) { $0 + $1.width } }

    func append(_ values: [PropertyValue], _ tally: inout ExportTally) throws(WriterError) {
        precondition(values.count == columns.count, "a feature needs one value a field of the schema")
        count += 1
        var row: [UInt8] = []
        for (index, value) in values.enumerated() {
            let cell = cell(value, columns[index], &tally)
            columns[index].width = max(columns[index].width, cell.count)
            row.append(UInt8(cell.count))
            row += cell
        }
        try spool.append(row)
    }

    private func cell(_ value: PropertyValue, _ column: Column, _ tally: inout ExportTally) -> [UInt8] {
        switch value {
        case .null: return []
        case .boolean(let flag): return [UInt8(ascii: flag ? "T" : "F")]
        case .integer(let n): return Array("\(n)".utf8)
        case .real(let n): return n.isFinite ? Array("\(n)".utf8.prefix(column.kind == .real ? column.width : Self.textBytes)) : []
        case .text(let text):
            guard column.kind == .date else { return encoded(text, &tally) }
            let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
            guard digits.count == 8, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
                tally.shortened += 1
                return []
            }
            return digits
        }
    }

    /// Characters that the encoding lacks become question marks; what is too long ends between two characters.
    private func encoded(_ text: String, _ tally: inout ExportTally) -> [UInt8] {
        if let bytes = encoder.encode(text), bytes.count <= Self.textBytes { return bytes }
        var bytes: [UInt8] = []
        for character in text {
            var piece = encoder.encode(String(character))
            if piece == nil {
                tally.unencodable += 1
                piece = [UInt8(ascii: "?")]
            }
            guard bytes.count + (piece?.count ?? 0) <= Self.textBytes else {
                tally.shortened += 1
                break
            }
            bytes += piece ?? []
        }
        return bytes
    }

    /// A record's length has two bytes in the header.
    private static let recordLimit = 65_535

    /// Writes the table and removes the scratch file.
    ///
    /// - Throws: `tooLarge` where a record does not fit the format.
    func finish() throws {
        guard recordBytes <= Self.recordLimit else {
            throw ExportError(
                .tooLarge,
                .init(
                    zh: "各字段合计宽 \(recordBytes) 字节，而 Shapefile 的一条记录至多 \(Self.recordLimit) 字节；请改用 GeoPackage",
                    en: "the fields are \(recordBytes) bytes wide together, and a shapefile's record holds \(Self.recordLimit); take a GeoPackage"))
        }
        try spool.finish()
        defer { unsafe unlink(spool.path) }
        let table = try FileSink(path: path)
        try table.append(header())
        let cells = try SourceBytes(path: spool.path)
        try cells.withBytes { bytes throws(WriterError) in
            var at = 0
            for _ in 0..<count {
                var row: [UInt8] = [0x20]
                row.reserveCapacity(recordBytes)
                for column in columns {
                    let length = Int(bytes[at])
                    let padding = repeatElement(UInt8(0x20), count: column.width - length)
                    if column.type == UInt8(ascii: "N") { row += padding }
                    for i in 0..<length { row.append(bytes[at + 1 + i]) }
                    if column.type != UInt8(ascii: "N") { row += padding }
                    at += 1 + length
                }
                try table.append(row)
            }
        }
        try table.append([0x1A])
        try table.finish()
    }

    private func header() -> [UInt8] {
        // dBASE III+; the date of the format's files here is always the first of January 2026, so that equal data give equal files.
        var header: [UInt8] = [3, 126, 1, 1]
        ShapeText.append(Int32(count), to: &header)
        for size in [33 + columns.count * 32, recordBytes] { header += [UInt8(truncatingIfNeeded: size), UInt8(truncatingIfNeeded: size >> 8)] }
        header += [UInt8](repeating: 0, count: 17)
        // The language driver of code page 936; none stands for UTF-8.
        header += [encoding == .gbk ? 0x4D : 0, 0, 0]
        for (column, name) in zip(columns, names) {
            header += name.bytes + [UInt8](repeating: 0, count: 11 - name.bytes.count)
            header += [column.type, 0, 0, 0, 0, UInt8(column.width), column.decimals] + [UInt8](repeating: 0, count: 14)
        }
        return header + [0x0D]
    }
}
