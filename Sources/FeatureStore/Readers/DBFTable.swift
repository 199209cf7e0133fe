import SimpleFeatures
import Wording

/// The attribute table of a shapefile: dBase III, IV or FoxPro without memo files.
final class DBFTable {
    struct Column {
        var field: Field
        /// The letter that the file gives the type by.
        var type: UInt8
        /// Within a record, behind the deletion flag.
        var offset: Int
        var width: Int
    }

    let source: SourceBytes
    let columns: [Column]
    let rowCount: Int
    private let headerLength: Int
    private let recordLength: Int
    private let decoder: TextDecoder

    /// The encoding that texts are read in, as declared or detected.
    var encoding: String { decoder.name }

    /// - Parameter declared: by the operator or a `.cpg` file; `nil` to look at the table itself.
    init(source: SourceBytes, declaredEncoding declared: String?) throws(ReaderError) {
        let head = try source.withBytes { (bytes) throws(ReaderError) in try DBFTable.head(bytes, source.name) }
        let name = declared ?? source.withBytes { bytes in DBFTable.detectedEncoding(bytes, head) }
        decoder = try TextDecoder(name: name)
        self.source = source
        headerLength = head.headerLength
        recordLength = head.recordLength
        let body = max(0, source.count - head.headerLength)
        rowCount = head.recordLength == 0 ? 0 : min(head.rowCount, body / head.recordLength)
        let raw = source.withBytes { bytes in DBFTable.descriptors(bytes, head) }
        var columns: [Column] = []
        var taken: Set<String> = []
        for (index, descriptor) in raw.enumerated() {
            let text = DBFTable.name(descriptor.name, decoder)
            let name = DBFTable.unique(text.isEmpty ? "FIELD_\(index + 1)" : text, &taken)
            let kind = DBFTable.kind(descriptor.type, descriptor.width, descriptor.decimals)
            columns.append(
                Column(field: Field(name: name, kind: kind), type: descriptor.type, offset: descriptor.offset, width: descriptor.width))
        }
        self.columns = columns
    }

    var schema: FeatureSchema { FeatureSchema(fields: columns.map(\.field)) }

    /// Whether the row at `index` from 0 is marked as deleted.
    func isDeleted(_ index: Int) -> Bool {
        source.withBytes { bytes in bytes[headerLength + index * recordLength] == 0x2A }
    }

    /// The values of the row at `index` from 0, one a column; faults are appended to `notices`.
    func values(_ index: Int, notices: inout [Diagnostic]) -> [PropertyValue] {
        let start = headerLength + index * recordLength
        var values: [PropertyValue] = []
        values.reserveCapacity(columns.count)
        source.withBytes { bytes in
            for column in columns {
                let from = start + column.offset
                let cell = bytes.extracting(from..<(from + column.width))
                values.append(value(cell, column, &notices))
            }
        }
        return values
    }

    private func value(_ cell: Span<UInt8>, _ column: Column, _ notices: inout [Diagnostic]) -> PropertyValue {
        switch column.type {
        case 0x49 where column.width == 4, 0x2B where column.width == 4: return .integer(Int64(cell.int32(at: 0)))
        case 0x4F where column.width == 8: return cell.double(at: 0).isFinite ? .real(cell.double(at: 0)) : .null
        case 0x40 where column.width == 8, 0x54 where column.width == 8: return DBFTable.timestamp(cell)
        default: break
        }
        let trimmed = DBFTable.trimmed(cell, isText: column.type == 0x43)
        if trimmed.isEmpty { return .null }
        let content = cell.extracting(trimmed)
        switch column.type {
        case 0x4E, 0x46: return number(content, column, &notices)
        case 0x4C: return DBFTable.logical(content[0])
        case 0x44: return DBFTable.date(content)
        default: return text(content, column, &notices)
        }
    }

    private func text(_ content: Span<UInt8>, _ column: Column, _ notices: inout [Diagnostic]) -> PropertyValue {
        let decoded = decoder.decode(content)
        if !decoded.undecodable.isEmpty {
            notices.append(.undecodable(decoded.undecodable, field: column.field.name, text: decoded.text, encoding: encoding))
        }
        return .text(decoded.text)
    }

    private func number(_ content: Span<UInt8>, _ column: Column, _ notices: inout [Diagnostic]) -> PropertyValue {
        if column.field.kind == .text { return text(content, column, &notices) }
        if column.field.kind == .integer, let whole = TextForm.integer(0..<content.count, content) { return .integer(whole) }
        let spelt = unsafe content.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        if let real = Double(spelt), real.isFinite {
            if column.field.kind == .real { return .real(real) }
            if let whole = Int64(exactly: real) { return .integer(whole) }
        }
        // A row of asterisks is how dBase says that a number did not fit.
        notices.append(
            Diagnostic(
                key: "number-expected", field: column.field.name, value: spelt,
                reason: .init(zh: "此值不是该字段的数字，已留空。", en: "The value is not a number of this field and was left empty."),
                suggestion: .init(zh: "请改正此值，或在生成处加宽字段。", en: "Correct the value, or widen the field where it was written.")))
        return .null
    }
}
