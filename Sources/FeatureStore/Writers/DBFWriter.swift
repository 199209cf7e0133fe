import SimpleFeatures

/// Writes the attribute table of a shapefile.
final class DBFWriter {
    private let sink: FileSink
    private let encoder: TextEncoder
    private let fields: [String]
    private let columns: [DBFHeader.Column]
    private var count = 0

    init(
        path: String, schema: FeatureSchema, encoding: ShapefileWriter.Encoding, textWidths: [String: Int]
    ) throws(WriterError) {
        sink = try FileSink(path: path)
        encoder = try TextEncoder(name: encoding.rawValue)
        fields = schema.fields.map(\.name)
        columns = schema.fields.map { DBFWriter.column($0, textWidths[$0.name] ?? 80) }
        let names = DBFNames.names(of: fields, encoder)
        // How many records there are is known at the end.
        try sink.append(DBFHeader.bytes(of: columns, names: names, recordCount: 0, isGBK: encoding == .gbk))
    }

    func append(_ values: [PropertyValue]) throws(WriterError) {
        precondition(values.count == columns.count, "a feature needs one value a field of the schema")
        count += 1
        var row: [UInt8] = [0x20]
        for (index, column) in columns.enumerated() {
            let cell = try cell(values[index], column, fields[index])
            let padding = [UInt8](repeating: 0x20, count: column.width - cell.count)
            row.append(contentsOf: column.type == 0x4E ? padding + cell : cell + padding)
        }
        try sink.append(row)
    }

    func finish() throws(WriterError) {
        try sink.append([0x1A])
        var number: [UInt8] = []
        ShapeText.append(Int32(count), to: &number)
        try sink.overwrite(at: DBFHeader.countOffset, number)
        try sink.finish()
    }

    private func cell(_ value: PropertyValue, _ column: DBFHeader.Column, _ field: String) throws(WriterError) -> [UInt8] {
        let text: String
        switch value {
        case .null: return []
        case .boolean(let flag): text = flag ? "T" : "F"
        case .integer(let n): text = "\(n)"
        case .real(let n):
            guard n.isFinite else { return [] }
            text = "\(n)"
        case .text(let t): text = column.type == 0x44 ? t.filter { $0 != "-" } : t
        }
        guard let bytes = encoder.encode(text), bytes.count <= column.width else {
            throw WriterError(
                code: .valueUnsuitable,
                message: "\(sink.path): record \(count), field \(field): \"\(text.prefix(40))\" does not fit \(column.width) bytes of \(encoder.name); widen the field or write UTF-8")
        }
        return bytes
    }

    private static func column(_ field: Field, _ textWidth: Int) -> DBFHeader.Column {
        precondition((1...254).contains(textWidth), "a text field is 1 to 254 bytes wide")
        switch field.kind {
        case .boolean: return DBFHeader.Column(type: 0x4C, width: 1, decimals: 0)
        case .integer: return DBFHeader.Column(type: 0x4E, width: 18, decimals: 0)
        case .real: return DBFHeader.Column(type: 0x4E, width: 24, decimals: 15)
        case .date: return DBFHeader.Column(type: 0x44, width: 8, decimals: 0)
        case .dateTime: return DBFHeader.Column(type: 0x43, width: 20, decimals: 0)
        case .text: return DBFHeader.Column(type: 0x43, width: textWidth, decimals: 0)
        }
    }
}
