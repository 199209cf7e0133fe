public import SimpleFeatures
import Wording

/// Reads a shapefile: shapes from `.shp`, values from `.dbf`, the CRS from `.prj`, the encoding from `.cpg`.
///
/// Texts are read in the encoding that the operator gives, else `.cpg`, else the table's language driver, else
/// UTF-8 if all of them are, else GB18030. X is taken as east whatever the CRS says.
public final class ShapefileReader: FeatureReader {
    /// The files of one shapefile; only the shapes are indispensable.
    struct Parts {
        var shapes: SourceBytes
        var table: SourceBytes?
        var projection: SourceBytes?
        var codePage: SourceBytes?
    }

    public let schema: FeatureSchema
    public let declaredCRS: DeclaredCRS
    public let sourceName: String
    /// The encoding that texts are read in; `nil` without a table.
    public let encoding: String?
    public var format: SourceFormat { .shapefile }
    public let expectedCount: Int?
    public var totalBytes: Int64? { Int64(shapes.count) }
    public var bytesRead: Int64 { Int64(position) }

    private let shapes: SourceBytes
    private let table: DBFTable?
    private var parser: ShapeParser
    private let limits: ReaderLimits
    private var position = 100
    private var row = 0

    /// - Parameter path: of the `.shp`, `.dbf` or any other file of the set.
    public convenience init(path: String, options: ReaderOptions = ReaderOptions()) throws(ReaderError) {
        let stem = ShapefileReader.stem(path)
        func part(_ ending: String) throws(ReaderError) -> SourceBytes? {
            for candidate in ["\(stem).\(ending)", "\(stem).\(ending.uppercased())"] where SourceBytes.exists(candidate) {
                return try SourceBytes(path: candidate)
            }
            return nil
        }
        guard let shapes = try part("shp") else {
            throw ReaderError(code: .partMissing, message: "\(stem).shp is missing; a shapefile is .shp, .dbf, .shx and .prj together")
        }
        try self.init(
            parts: Parts(shapes: shapes, table: part("dbf"), projection: part("prj"), codePage: part("cpg")), options: options)
    }

    init(parts: Parts, options: ReaderOptions) throws(ReaderError) {
        shapes = parts.shapes
        sourceName = parts.shapes.name
        limits = options.limits
        parser = ShapeParser(positionLimit: options.limits.positions)
        try ShapefileReader.check(parts.shapes)
        let projection = parts.projection?.trimmedText ?? ""
        declaredCRS = projection.isEmpty ? .none : .wkt(projection)
        if let source = parts.table {
            let named = parts.codePage?.trimmedText ?? ""
            let table = try DBFTable(source: source, declaredEncoding: options.encoding ?? (named.isEmpty ? nil : named))
            schema = table.schema
            encoding = table.encoding
            expectedCount = table.rowCount
            self.table = table
        } else {
            schema = FeatureSchema(fields: [])
            encoding = nil
            expectedCount = nil
            table = nil
        }
    }

    public func next() throws(ReaderError) -> ReadRecord? {
        guard let content = try nextContent() else { return leftoverRow() }
        row += 1
        let location = SourceLocation(.row(row), byteOffset: Int64(content.lowerBound - 8))
        guard content.count <= limits.recordBytes else {
            return reject(
                location, "record-too-long",
                .init(
                    zh: "图形 \(content.count) 字节，超过允许的 \(limits.recordBytes) 字节。",
                    en: "The shape has \(content.count) bytes, more than the \(limits.recordBytes) allowed."))
        }
        if let table, row <= table.rowCount, table.isDeleted(row - 1) {
            return reject(
                location, "record-deleted", .init(zh: "属性表标记此记录为已删除。", en: "The attribute table marks the record as deleted."))
        }
        do throws(ShapeFault) {
            let geometry = try shapes.withBytes { (bytes) throws(ShapeFault) in try parser.geometry(bytes, content) }
            var notices: [Diagnostic] = []
            if parser.hasDroppedOrdinates { notices.append(.dimensionDropped) }
            if parser.hasLooseHole { notices.append(.looseHole) }
            if geometry == nil { notices.append(.geometryMissing) }
            let feature = Feature(id: 0, geometry: geometry, values: values(&notices))
            return ReadRecord(location: location, outcome: .feature(feature), notices: notices)
        } catch {
            return reject(location, error.key, error.reason)
        }
    }

    /// The values of the current row, nulls where the table ends early.
    private func values(_ notices: inout [Diagnostic]) -> [PropertyValue] {
        guard let table else { return [] }
        if row <= table.rowCount { return table.values(row - 1, notices: &notices) }
        notices.append(
            Diagnostic(
                key: "attributes-missing",
                reason: .init(zh: "属性表止于第 \(table.rowCount) 条记录。", en: "The attribute table ends at record \(table.rowCount)."),
                suggestion: .init(zh: "各文件版本不一，请重新导出 shapefile。", en: "Export the shapefile again, its files belong to different versions.")))
        return [PropertyValue](repeating: .null, count: table.columns.count)
    }

    /// The next record's content in the shapes, `nil` at their end.
    private func nextContent() throws(ReaderError) -> Range<Int>? {
        guard position < shapes.count else { return nil }
        let remaining = shapes.count - position
        // Fewer bytes than a header behind the last record are padding.
        if remaining < 8 {
            position = shapes.count
            return nil
        }
        let words = shapes.withBytes { bytes in Int(bytes.uint32(at: position + 4).byteSwapped) }
        let start = position + 8
        guard words * 2 <= shapes.count - start else {
            let at = position
            position = shapes.count
            throw ReaderError(
                code: .contentDamaged,
                message: "\(sourceName): record \(row + 1) at byte \(at) claims \(words * 2) bytes, \(shapes.count - start) are left; the file is cut short or damaged, export it again")
        }
        position = start + words * 2
        return start..<position
    }

    /// Rows of the table behind the last shape are counted, not passed over.
    private func leftoverRow() -> ReadRecord? {
        guard let table, row < table.rowCount else { return nil }
        row += 1
        return reject(SourceLocation(.row(row)), "shape-missing",
            .init(zh: "属性表有此记录，图形却已到尾。", en: "The attribute table has this record, the shapes end before it."))
    }

    private func reject(_ location: SourceLocation, _ key: String, _ reason: LocalisedText) -> ReadRecord {
        ReadRecord(
            location: location,
            outcome: .rejected([
                Diagnostic(key: key, reason: reason, suggestion: .init(zh: "请在生成 shapefile 处修复此记录并重新导出。", en: "Repair the record where the shapefile was made, and export it again."))
            ]))
    }

    private static func check(_ shapes: SourceBytes) throws(ReaderError) {
        let isShapes = shapes.withBytes { bytes in bytes.count >= 100 && bytes.uint32(at: 0).byteSwapped == 9994 }
        guard isShapes else {
            throw ReaderError(code: .contentDamaged, message: "\(shapes.name): does not begin as a shapefile does; export it again")
        }
    }

    private static func stem(_ path: String) -> String {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return path }
        return String(path.dropLast(name.distance(from: dot, to: name.endIndex)))
    }
}

extension Diagnostic {
    static let looseHole = Diagnostic(
        key: "hole-outside-exterior",
        reason: .init(zh: "按洞绕向的环不在任何外环内，已单独成面。", en: "A ring wound as a hole lies in no exterior; it was made a polygon of its own."),
        suggestion: .init(zh: "请在生成 shapefile 处检查该面。", en: "Check the polygon where the shapefile was made."))
}

extension SourceBytes {
    /// The whole as text without white space around it, for the small side files of a shapefile.
    var trimmedText: String {
        withBytes { bytes in
            var start = lengthOfByteOrderMark
            var end = bytes.count
            while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
            while start < end, bytes[start] <= 0x20 { start += 1 }
            return unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0[start..<end], as: UTF8.self) }
        }
    }
}
