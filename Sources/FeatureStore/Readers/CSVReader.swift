public import SimpleFeatures
import Wording

/// Reads a table of comma, semicolon or tab separated values whose first row names the columns.
///
/// Every column becomes a field, the coordinates' too; only a column of well-known text becomes the geometry
/// instead. A first pass over the file settles the kinds: numbers that would lose digits stay text.
public final class CSVReader: FeatureReader {
    public let schema: FeatureSchema
    public let sourceName: String
    /// The encoding that texts are read in.
    public var encoding: String { decoder.name }
    public let expectedCount: Int?
    public var declaredCRS: DeclaredCRS { .none }
    public var format: SourceFormat { .csv }
    public var totalBytes: Int64? { Int64(source.count) }
    public var bytesRead: Int64 { Int64(rows.position) }

    private let source: SourceBytes
    private let decoder: TextDecoder
    private let columns: CSVColumns
    private let columnCount: Int
    private let kinds: [FieldKind]
    private var rows: CSVRowCursor
    private var cells: [CSVRowCursor.Cell] = []

    public convenience init(path: String, options: ReaderOptions = ReaderOptions()) throws(ReaderError) {
        try self.init(source: SourceBytes(path: path), options: options)
    }

    init(source given: SourceBytes, options: ReaderOptions) throws(ReaderError) {
        let isWide = given.wideEncoding != nil
        let source = isWide ? try given.transcodedToUTF8(encoding: nil, limits: options.limits) : given
        let start = source.lengthOfByteOrderMark
        let delimiter = source.withBytes { bytes in CSVReader.delimiter(bytes, from: start, limit: options.limits.recordBytes) }
        var rows = CSVRowCursor(position: start, delimiter: delimiter, limits: options.limits)
        let (kinds, count) = try source.withBytes { (bytes) throws(ReaderError) in try CSVReader.infer(bytes, rows, source.name) }
        let isUTF8 = start > 0 || source.withBytes { bytes in TextDecoder.judge(bytes).isUTF8 }
        let decoder = try TextDecoder(name: (isWide ? nil : options.encoding) ?? (isUTF8 ? "UTF-8" : "GB18030"))
        let names = try source.withBytes { (bytes) throws(ReaderError) in try CSVReader.header(bytes, &rows, decoder, source.name) }
        let columns = try CSVColumns.recognise(names, options, source: source.name)
        var fields = zip(names, kinds).map { Field(name: $0, kind: $1.kind) }
        if let text = columns.text { fields.remove(at: text) }
        schema = FeatureSchema(fields: fields)
        self.kinds = fields.map(\.kind)
        expectedCount = count
        sourceName = source.name
        columnCount = names.count
        self.source = source
        self.decoder = decoder
        self.columns = columns
        self.rows = rows
    }

    public func next() throws(ReaderError) -> ReadRecord? {
        source.withBytes { bytes in
            let start = rows.position
            guard let row = rows.next(bytes, into: &cells) else { return nil }
            let location = SourceLocation(.line(rows.line), byteOffset: Int64(start))
            switch row {
            case .cells: return record(bytes, location)
            case .tooLong:
                return reject(location, Diagnostic(
                    key: "line-too-long",
                    reason: .init(zh: "此行超过 \(rows.limit) 字节。", en: "The row has more than \(rows.limit) bytes."),
                    suggestion: .init(zh: "请查找未闭合的引号。", en: "Look for a quote that is not closed.")))
            case .brokenQuote:
                return reject(location, Diagnostic(
                    key: "quote-unclosed",
                    reason: .init(zh: "带引号的单元格未闭合，或闭合引号之后还有文字。", en: "A quoted cell is not closed, or text follows its closing quote."),
                    suggestion: .init(zh: "单元格内的引号请写两遍。", en: "Write a quote inside a cell twice.")))
            }
        }
    }

    private func record(_ bytes: Span<UInt8>, _ location: SourceLocation) -> ReadRecord {
        var notices: [Diagnostic] = []
        if cells.count > columnCount, cells[columnCount...].contains(where: { !$0.range.isEmpty }) {
            return reject(location, Diagnostic(
                key: "columns-surplus",
                reason: .init(zh: "此行有 \(cells.count) 个单元格，表头有 \(columnCount) 个。", en: "The row has \(cells.count) cells, the header \(columnCount)."),
                suggestion: .init(zh: "含分隔符的单元格请加引号。", en: "Put cells that hold the delimiter into quotes.")))
        }
        if cells.count < columnCount {
            notices.append(Diagnostic(
                key: "columns-missing",
                reason: .init(zh: "此行有 \(cells.count) 个单元格，表头有 \(columnCount) 个；其余留空。", en: "The row has \(cells.count) cells, the header \(columnCount); the rest is empty."),
                suggestion: .init(zh: "请补全此行。", en: "Complete the row.")))
        }
        do throws(CellFault) {
            let geometry = try geometry(bytes, &notices)
            var values: [PropertyValue] = []
            values.reserveCapacity(schema.fields.count)
            for index in 0..<columnCount where index != columns.text {
                values.append(index < cells.count ? value(cells[index], values.count, bytes, &notices) : .null)
            }
            return ReadRecord(
                location: location, outcome: .feature(Feature(id: 0, geometry: geometry, values: values)), notices: notices)
        } catch {
            return reject(location, error.diagnostic)
        }
    }

    private struct CellFault: Error {
        var diagnostic: Diagnostic
    }

    private func geometry(_ bytes: Span<UInt8>, _ notices: inout [Diagnostic]) throws(CellFault) -> Geometry? {
        guard columns.isPlaced else { return nil }
        if let text = columns.text { return try geometry(ofText: text, bytes, &notices) }
        guard let east = columns.east, let north = columns.north else { return nil }
        if isBlank(east, bytes) && isBlank(north, bytes) {
            notices.append(.geometryMissing)
            return nil
        }
        return .point(Coordinate(x: try ordinate(east, bytes), y: try ordinate(north, bytes)))
    }

    private func geometry(ofText column: Int, _ bytes: Span<UInt8>, _ notices: inout [Diagnostic]) throws(CellFault) -> Geometry? {
        guard !isBlank(column, bytes) else {
            notices.append(.geometryMissing)
            return nil
        }
        let range = cells[column].range
        guard range.count > 0 else { return nil }
        do throws(WKT.Fault) {
            let decoded = try WKT.decode(bytes.extracting(range))
            if decoded.hasDroppedOrdinates { notices.append(.dimensionDropped) }
            return decoded.geometry
        } catch {
            throw CellFault(diagnostic: Diagnostic(
                key: "wkt-syntax", field: "geometry", value: TextPlace.snippet(range.lowerBound, bytes),
                reason: .init(zh: "单元格第 \(error.byteOffset) 字节处不是 WKT。", en: "At byte \(error.byteOffset) of the cell: \(error.reason)."),
                suggestion: .init(zh: "几何请写成 WKT 文本。", en: "Write the geometry as well-known text.")))
        }
    }

    private func ordinate(_ column: Int, _ bytes: Span<UInt8>) throws(CellFault) -> Double {
        if column < cells.count {
            let range = CSVReader.trimmed(cells[column].range, bytes)
            var p = range.lowerBound
            if let value = DecimalText.double(bytes, at: &p, end: range.upperBound), p == range.upperBound, value.isFinite { return value }
        }
        let spelt = column < cells.count ? text(cells[column], bytes).text.trimmingSpaces : ""
        if let value = Double(spelt), value.isFinite { return value }
        let name = columnName(column)
        throw CellFault(diagnostic: Diagnostic(
            key: Double(spelt) == nil ? "number-expected" : "coordinate-not-finite", field: name, value: spelt,
            reason: .init(zh: "坐标不是数字。", en: "The coordinate is not a number."),
            suggestion: .init(zh: "请写不带单位的十进制数；没有位置时两个坐标都留空。", en: "Write decimal numbers without units; leave both coordinates empty where there is no place.")))
    }

    private func columnName(_ column: Int) -> String? {
        // Only without a text column do coordinates come from columns, so indices of fields and columns agree.
        column < schema.fields.count ? schema.fields[column].name : nil
    }

    private func isBlank(_ column: Int, _ bytes: Span<UInt8>) -> Bool {
        guard column < cells.count else { return true }
        for p in cells[column].range where bytes[p] > 0x20 { return false }
        return true
    }

    private func value(_ cell: CSVRowCursor.Cell, _ position: Int, _ bytes: Span<UInt8>, _ notices: inout [Diagnostic]) -> PropertyValue {
        if cell.range.isEmpty { return .null }
        let kind = kinds[position]
        switch kind {
        case .integer:
            if let whole = TextForm.integer(CSVReader.trimmed(cell.range, bytes), bytes) { return .integer(whole) }
        case .real:
            let range = CSVReader.trimmed(cell.range, bytes)
            var p = range.lowerBound
            if let real = DecimalText.double(bytes, at: &p, end: range.upperBound), p == range.upperBound { return .real(real) }
        default: break
        }
        if kind != .text, CSVReader.trimmed(cell.range, bytes).isEmpty { return .null }
        let decoded = text(cell, bytes)
        if !decoded.undecodable.isEmpty {
            notices.append(.undecodable(decoded.undecodable, field: schema.fields[position].name, text: decoded.text, encoding: encoding))
        }
        return .text(decoded.text)
    }

    private func text(_ cell: CSVRowCursor.Cell, _ bytes: Span<UInt8>) -> TextDecoder.Decoded {
        CSVReader.text(cell, bytes, decoder)
    }

    private func reject(_ location: SourceLocation, _ diagnostic: Diagnostic) -> ReadRecord {
        ReadRecord(location: location, outcome: .rejected([diagnostic]))
    }
}
