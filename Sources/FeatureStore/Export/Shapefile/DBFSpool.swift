internal import Wording
import Glibc
import SimpleFeatures

/// Builds the attribute table of a shapefile whose widths nobody knows beforehand.
///
/// Cells wait in a scratch file, a length and the bytes each, while the widest of every field is remembered; then the table is
/// written with fields as wide as need be. A table of 254 bytes a text would be tens of times larger.
final class DBFSpool {
    /// The table's path without its ending.
    let stem: String
    private let path: String
    private let spool: FileSink
    private let encoder: TextEncoder
    private let encoding: ExportEncoding
    private let names: [DBFNames.Name]
    private let kinds: [FieldKind]
    private var columns: [DBFHeader.Column]
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
        kinds = schema.fields.map(\.kind)
        columns = kinds.map { Self.column($0) }
    }

    private static func column(_ kind: FieldKind) -> DBFHeader.Column {
        switch kind {
        case .boolean: DBFHeader.Column(type: UInt8(ascii: "L"), width: 1, decimals: 0)
        case .integer: DBFHeader.Column(type: UInt8(ascii: "N"), width: 1, decimals: 0)
        // Readers take a field with places after the point for a real one; 24 bytes hold every double.
        case .real: DBFHeader.Column(type: UInt8(ascii: "N"), width: 24, decimals: 15)
        case .date: DBFHeader.Column(type: UInt8(ascii: "D"), width: 8, decimals: 0)
        case .dateTime, .text: DBFHeader.Column(type: UInt8(ascii: "C"), width: 1, decimals: 0)
        }
    }

    /// The names that the fields have in the table.
    var fieldNames: [String] { names.map(\.text) }

    /// The bytes that a record takes so far.
    var recordBytes: Int { DBFHeader.recordBytes(columns) }

    func append(_ values: [PropertyValue], _ tally: inout ExportTally) throws(WriterError) {
        precondition(values.count == columns.count, "a feature needs one value a field of the schema")
        count += 1
        var row: [UInt8] = []
        for (index, value) in values.enumerated() {
            let cell = cell(value, kinds[index], columns[index].width, &tally)
            columns[index].width = max(columns[index].width, cell.count)
            row.append(UInt8(cell.count))
            row += cell
        }
        try spool.append(row)
    }

    private func cell(_ value: PropertyValue, _ kind: FieldKind, _ width: Int, _ tally: inout ExportTally) -> [UInt8] {
        switch value {
        case .null: return []
        case .boolean(let flag): return [UInt8(ascii: flag ? "T" : "F")]
        case .integer(let n): return Array("\(n)".utf8)
        case .real(let n): return n.isFinite ? Array("\(n)".utf8.prefix(kind == .real ? width : Self.textBytes)) : []
        case .text(let text):
            guard kind == .date else { return encoded(text, &tally) }
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
        try table.append(DBFHeader.bytes(of: columns, names: names, recordCount: count, isGBK: encoding == .gbk))
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
}
