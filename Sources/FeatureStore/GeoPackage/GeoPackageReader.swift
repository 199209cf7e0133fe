internal import SQLite
public import SimpleFeatures
internal import Wording

/// Reads one table or view of a GeoPackage in the order of its rows.
///
/// Rows are fetched a few hundred at a time, each time after the last key, so that no statement stays open.
public final class GeoPackageReader: FeatureReader {
    public let schema: FeatureSchema
    public let declaredCRS: DeclaredCRS
    public let format = SourceFormat.geoPackage
    public let sourceName: String
    public let expectedCount: Int?
    public let totalBytes: Int64?

    private let path: String
    private let connection: Connection
    private let table: GeoPackageTable
    private let limits: ReaderLimits
    private let sql: String
    private var waiting: [ReadRecord] = []
    private var nextWaiting = 0
    private var rowsFetched = 0
    private var lastKey = Int64.min
    private var isAtEnd = false

    private static let rowsAtOnce = 256

    init(path: String, entry: GeoPackageFile.Entry, limits: ReaderLimits) throws {
        let connection = try GeoPackageFile.connect(path: path)
        let table = try GeoPackageTable(entry, path: path, in: connection)
        let pages = try connection.integer("PRAGMA page_count") ?? 0
        totalBytes = pages * (try connection.integer("PRAGMA page_size") ?? 0)
        self.path = path
        self.limits = limits
        self.table = table
        self.connection = connection
        schema = table.schema
        declaredCRS = table.declaredCRS
        expectedCount = table.count
        sourceName = path.split(separator: "/").last.map { "\($0) (\(table.name))" } ?? table.name
        let columns = [table.key ?? "NULL", table.geometry ?? "NULL"].map { $0 == "NULL" ? $0 : quotedIdentifier($0) }
            + table.columns.map(quotedIdentifier)
        let key = table.key.map(quotedIdentifier)
        sql = "SELECT \(columns.joined(separator: ", ")) FROM \(quotedIdentifier(table.name)) "
            + (key.map { "WHERE \($0) > ? ORDER BY \($0) LIMIT ?" } ?? "LIMIT ?2 OFFSET ?1")
    }

    public var bytesRead: Int64 {
        guard let total = totalBytes, table.count > 0 else { return totalBytes ?? 0 }
        let given = rowsFetched - (waiting.count - nextWaiting)
        return Int64(Double(total) * Double(given) / Double(table.count))
    }

    public func next() throws(ReaderError) -> ReadRecord? {
        if nextWaiting == waiting.count {
            if isAtEnd { return nil }
            try ReaderError.wording(path) { try fetch() }
            if waiting.isEmpty { return nil }
        }
        defer { nextWaiting += 1 }
        return waiting[nextWaiting]
    }

    private func fetch() throws {
        waiting.removeAll(keepingCapacity: true)
        nextWaiting = 0
        try connection.withStatement(sql) { row in
            try row.bind(table.key == nil ? Int64(rowsFetched) : lastKey, at: 1)
            try row.bind(Int64(Self.rowsAtOnce), at: 2)
            while try row.step() {
                rowsFetched += 1
                waiting.append(record(row))
            }
        }
        isAtEnd = waiting.count < Self.rowsAtOnce
    }

    private func record(_ row: borrowing Statement) -> ReadRecord {
        let location = SourceLocation(.row(rowsFetched))
        var notices: [Diagnostic] = []
        var id: Int64 = 0
        if table.key != nil {
            lastKey = row.integer(at: 0)
            id = max(lastKey, 0)
        }
        if rowsFetched == 1 { notices = table.unreadable.map(Diagnostic.binaryColumn) }
        var values: [PropertyValue] = []
        values.reserveCapacity(table.columns.count)
        for (index, field) in schema.fields.enumerated() {
            values.append(value(row, column: index + 2, field: field, notices: &notices))
        }
        do throws(GeometryFault) {
            let geometry = table.geometry == nil ? nil : try geometry(row, notices: &notices)
            return ReadRecord(
                location: location, outcome: .feature(Feature(id: id, geometry: geometry, values: values)), notices: notices)
        } catch {
            return ReadRecord(location: location, outcome: .rejected([error.diagnostic]))
        }
    }

    private struct GeometryFault: Error {
        var diagnostic: Diagnostic
    }

    private func geometry(_ row: borrowing Statement, notices: inout [Diagnostic]) throws(GeometryFault) -> Geometry? {
        guard let field = table.geometry, !row.isNull(at: 1) else { return nil }
        let result: Result<WKB.Decoded, GeometryFault> = unsafe row.withBlob(at: 1) { blob in
            guard blob.count <= limits.recordBytes else {
                return .failure(GeometryFault(diagnostic: .tooLarge(field: field, bytes: blob.count)))
            }
            do throws(WKBError) {
                return .success(try GeoPackageBinary.decode(unsafe blob.bytes).value)
            } catch {
                return .failure(GeometryFault(diagnostic: .geometry(error, field: field)))
            }
        }
        let decoded = try result.get()
        if decoded.hasDroppedOrdinates { notices.append(.dimensionDropped(field: field)) }
        // An empty geometry has no place: the feature is kept without one.
        return decoded.geometry.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func value(
        _ row: borrowing Statement, column: Int, field: Field, notices: inout [Diagnostic]
    ) -> PropertyValue {
        switch row.storageClass(at: column) {
        case .null: return .null
        case .integer: return field.kind == .boolean ? .boolean(row.integer(at: column) != 0) : .integer(row.integer(at: column))
        case .real: return .real(row.real(at: column))
        case .text:
            let text = unsafe row.withText(at: column) { bytes in unsafe String(validating: bytes, as: UTF8.self) }
            if let text { return .text(field.kind == .dateTime ? GeoPackageDateTime.read(text) : text) }
            let repaired = row.text(at: column)
            notices.append(.notUTF8(field: field.name, value: repaired))
            return .text(repaired)
        case .blob:
            notices.append(.binaryValue(field: field.name))
            return .null
        }
    }
}

extension Diagnostic {
    fileprivate static func binaryColumn(_ name: String) -> Diagnostic {
        Diagnostic(
            key: "binary-field-dropped", field: name,
            reason: .init(zh: "字段存放二进制数据，图层不保存。", en: "The field holds binary data, which no layer keeps."),
            suggestion: .init(zh: "一般无须处理；需要该字段时请改存为文本。", en: "Nothing need be done unless the field is wanted: then give its content as text."))
    }

    fileprivate static func binaryValue(field: String) -> Diagnostic {
        Diagnostic(
            key: "binary-value-dropped", field: field,
            reason: .init(zh: "此值为二进制，与列声明的类型不符。", en: "The value is binary where its column promises something else."),
            suggestion: .init(zh: "请按列声明的类型存放。", en: "Store the value in the column's declared type."))
    }

    fileprivate static func notUTF8(field: String, value: String) -> Diagnostic {
        Diagnostic(
            key: "text-not-in-encoding", field: field, value: value,
            reason: .init(zh: "文本不是 UTF-8，不合规的字节已替换。", en: "The text is not UTF-8; the bytes that are not were replaced."),
            suggestion: .init(zh: "请指明源数据编码，从源数据重新生成 GeoPackage。", en: "Write the GeoPackage again from its source, stating the source's encoding."))
    }

    fileprivate static func dimensionDropped(field: String) -> Diagnostic {
        Diagnostic(
            key: "dimension-dropped", field: field,
            reason: .init(zh: "地图为二维，高程或测量值已略去。", en: "Heights or measures were left out; the map is two-dimensional."),
            suggestion: .init(zh: "无须处理；要保留的高程请另存为字段。", en: "Nothing need be done; keep heights that matter in a field."))
    }

    fileprivate static func tooLarge(field: String, bytes: Int) -> Diagnostic {
        Diagnostic(
            key: "too-many-positions", field: field, value: "\(bytes) bytes",
            reason: .init(zh: "几何超过单条记录允许的大小。", en: "The geometry is larger than a record may be."),
            suggestion: .init(zh: "请将几何拆分为多个要素。", en: "Divide the geometry into several features."))
    }

    fileprivate static func geometry(_ error: WKBError, field: String) -> Diagnostic {
        let isUnsupported = error.code == .typeUnsupported || error.code == .headerUnknown
        return Diagnostic(
            key: isUnsupported ? "geometry-type-unsupported" : "geometry-damaged", field: field,
            reason: .init(zh: "字节 \(error.byteOffset) 处的几何\(isUnsupported ? "类型不支持" : "数据损坏")。", en: error.message),
            suggestion: isUnsupported
                ? .init(
                    zh: "请将曲线、曲面转换为线和面，例如用 ogr2ogr -nlt CONVERT_TO_LINEAR。",
                    en: "Convert curves and surfaces to lines and polygons, for example with ogr2ogr -nlt CONVERT_TO_LINEAR.")
                : .init(zh: "请从源数据重新写出该要素。", en: "Write the feature again from its source."))
    }
}

extension GeoPackageDateTime {
    /// Without the milliseconds when they are nought. A time without a zone, as other programs leave it, is UTC: the column has no
    /// other (OGC 12-128r17 table 1).
    static func read(_ text: String) -> String {
        if text.utf8.count == 24, text.hasSuffix(".000Z") { return text.dropLast(5) + "Z" }
        guard text.utf8.count == 19 || text.utf8.count == 23 else { return text }
        let bytes = Array(text.utf8)
        let isTime = bytes.enumerated().allSatisfy { place, byte in
            switch place {
            case 4, 7: byte == UInt8(ascii: "-")
            case 10: byte == UInt8(ascii: "T") || byte == UInt8(ascii: " ")
            case 13, 16: byte == UInt8(ascii: ":")
            case 19: byte == UInt8(ascii: ".")
            default: byte &- 0x30 <= 9
            }
        }
        return isTime ? read(text.prefix(10) + "T" + text.dropFirst(11) + "Z") : text
    }
}
