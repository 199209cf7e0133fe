import SimpleFeatures

/// Writes the attribute table of a shapefile.
final class DBFWriter {
    private struct Column {
        var type: UInt8
        var width: Int
        var decimals: UInt8
        var name: String
    }

    private let sink: FileSink
    private let encoder: TextEncoder
    private let columns: [Column]
    private var count = 0

    init(
        path: String, schema: FeatureSchema, encoding: ShapefileWriter.Encoding, textWidths: [String: Int]
    ) throws(WriterError) {
        sink = try FileSink(path: path)
        encoder = try TextEncoder(name: encoding.rawValue)
        columns = schema.fields.map { DBFWriter.column($0, textWidths[$0.name] ?? 80) }
        var header: [UInt8] = [3, 126, 1, 1, 0, 0, 0, 0]
        DBFWriter.append16(33 + columns.count * 32, to: &header)
        DBFWriter.append16(1 + columns.reduce(0) { $0 + $1.width }, to: &header)
        header.append(contentsOf: [UInt8](repeating: 0, count: 17))
        header.append(contentsOf: [encoding == .gbk ? 0x4D : 0, 0, 0])
        let names = DBFNames.names(of: columns.map(\.name), encoder)
        for (column, name) in zip(columns, names) { header.append(contentsOf: descriptor(column, name.bytes)) }
        header.append(0x0D)
        try sink.append(header)
    }

    func append(_ values: [PropertyValue]) throws(WriterError) {
        precondition(values.count == columns.count, "a feature needs one value a field of the schema")
        count += 1
        var row: [UInt8] = [0x20]
        for (column, value) in zip(columns, values) {
            let cell = try cell(value, column)
            let padding = [UInt8](repeating: 0x20, count: column.width - cell.count)
            row.append(contentsOf: column.type == 0x4E ? padding + cell : cell + padding)
        }
        try sink.append(row)
    }

    func finish() throws(WriterError) {
        try sink.append([0x1A])
        var number: [UInt8] = []
        ShapeText.append(Int32(count), to: &number)
        try sink.overwrite(at: 4, number)
        try sink.finish()
    }

    private func cell(_ value: PropertyValue, _ column: Column) throws(WriterError) -> [UInt8] {
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
                message: "\(sink.path): record \(count), field \(column.name): \"\(text.prefix(40))\" does not fit \(column.width) bytes of \(encoder.name); widen the field or write UTF-8")
        }
        return bytes
    }

    /// Written as the format's 32 bytes a field.
    private func descriptor(_ column: Column, _ name: [UInt8]) -> [UInt8] {
        var bytes = name + [UInt8](repeating: 0, count: 11 - name.count)
        bytes.append(contentsOf: [column.type, 0, 0, 0, 0, UInt8(column.width), column.decimals])
        bytes.append(contentsOf: [UInt8](repeating: 0, count: 14))
        return bytes
    }

    private static func column(_ field: Field, _ textWidth: Int) -> Column {
        precondition((1...254).contains(textWidth), "a text field is 1 to 254 bytes wide")
        switch field.kind {
        case .boolean: return Column(type: 0x4C, width: 1, decimals: 0, name: field.name)
        case .integer: return Column(type: 0x4E, width: 18, decimals: 0, name: field.name)
        case .real: return Column(type: 0x4E, width: 24, decimals: 15, name: field.name)
        case .date: return Column(type: 0x44, width: 8, decimals: 0, name: field.name)
        case .dateTime: return Column(type: 0x43, width: 20, decimals: 0, name: field.name)
        case .text: return Column(type: 0x43, width: textWidth, decimals: 0, name: field.name)
        }
    }

    private static func append16(_ n: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: n))
        bytes.append(UInt8(truncatingIfNeeded: n >> 8))
    }
}
