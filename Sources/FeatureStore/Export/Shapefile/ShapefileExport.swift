internal import Reprojection
import Glibc
import SimpleFeatures
import Wording

/// A zip of shapefiles, one for every kind of geometry that comes along, with a table that tells the short names of fields
/// from the long ones.
///
/// Features without geometry are null shapes in a layer of one kind; where there are several kinds, or none, they are rows of
/// a table by itself, which programs open without shapes. A collection is parted by kind.
final class ShapefileExport: FileExport {
    private final class Part {
        let stem: String
        let shapes: ShapeFiles?
        let table: DBFSpool

        init(stem: String, path: String, kind: ShapeKind?, schema: FeatureSchema, encoding: ExportEncoding) throws(WriterError) {
            self.stem = stem
            shapes = try kind.map { kind throws(WriterError) in try ShapeFiles(stem: path, kind: kind) }
            table = try DBFSpool(stem: path, schema: schema, encoding: encoding)
        }
    }

    /// What programs read of one file at most: offsets of four bytes.
    private static let fileBytes = 0x7FFF_FFFF

    private let layer: ExportLayer
    private let encoding: ExportEncoding
    private let directory: String
    private let projection: String
    private var parts: [ShapeKind?: Part] = [:]
    private(set) var tally = ExportTally()

    init(_ layer: ExportLayer, encoding: ExportEncoding, directory: String) throws {
        self.layer = layer
        self.encoding = encoding
        self.directory = directory
        projection = try layer.crs.esriWellKnownText()
        if let kind = soleKind { _ = try part(kind) } else if layer.geometry == .none { _ = try part(nil) }
    }

    /// The kind that every feature of the layer has; `nil` where there may be several, or none.
    private var soleKind: ShapeKind? {
        guard case .only(let kind) = layer.geometry else { return nil }
        switch kind {
        case .point: return .point
        case .multiPoint: return .multiPoint
        case .lineString, .multiLineString: return .line
        case .polygon, .multiPolygon: return .area
        case .geometryCollection: return nil
        }
    }

    private func part(_ kind: ShapeKind?) throws(WriterError) -> Part {
        if let known = parts[kind] { return known }
        let name = kind.map { "\($0)" } ?? "table"
        let stem = kind == soleKind && (kind != nil || layer.geometry == .none) ? layer.id : "\(layer.id)_\(name.lowercased())"
        let made = try Part(stem: stem, path: directory + "/" + name, kind: kind, schema: layer.schema, encoding: encoding)
        parts[kind] = made
        return made
    }

    func append(_ features: [Feature]) throws {
        for feature in features {
            tally.features += 1
            for (kind, geometry) in try shapes(of: feature.geometry) {
                let part = try part(kind)
                try part.shapes?.append(geometry)
                try part.table.append(feature.values, &tally)
            }
        }
        for part in parts.values {
            guard (part.shapes?.byteCount ?? 0) < Self.fileBytes, part.table.count * part.table.recordBytes < Self.fileBytes else {
                throw ExportError(
                    .tooLarge,
                    .init(
                        zh: "\(layer.title) 超过 Shapefile 单个文件 2 GB 的上限；请缩小范围，或改用 GeoPackage",
                        en: "\(layer.title) is more than the 2 GB that a file of a shapefile holds; ask for a smaller area, or for a GeoPackage"))
            }
        }
    }

    private func shapes(of geometry: Geometry?) throws -> [(ShapeKind?, Geometry?)] {
        switch geometry {
        case nil: return [(soleKind, nil)]
        case .point?: return soleKind == .multiPoint ? [(.multiPoint, geometry)] : [(.point, geometry)]
        case .multiPoint?: return [(.multiPoint, geometry)]
        case .lineString?, .multiLineString?: return [(.line, geometry)]
        case .polygon?, .multiPolygon?: return [(.area, geometry)]
        case .geometryCollection(let parts)?:
            let found = parts.shapesByKind()
            return found.isEmpty ? [(soleKind, nil)] : found.map { ($0, $1) }
        }
    }

    func finish() throws -> String {
        let path = directory + "/export.zip"
        let archive = try ZipWriter(path: path)
        if parts.isEmpty { _ = try part(nil) }
        var size = 0
        for part in parts.values.sorted(by: { $0.stem < $1.stem }) {
            let stem = part.table.stem
            try part.table.finish()
            try part.shapes?.finish()
            for file in try ShapefileWriter.sideFiles(
                stem: stem, encoding: encoding.rawValue, projection: part.shapes == nil ? nil : projection) { try file.finish() }
            for ending in part.shapes == nil ? ["dbf", "cpg"] : ["shp", "shx", "dbf", "prj", "cpg"] {
                size += try SourceBytes(path: "\(stem).\(ending)").count
                guard size < ZipWriter.archiveBytes else {
                    throw ExportError(
                        .tooLarge,
                        .init(
                            zh: "\(layer.title) 超过 zip 文件 4 GB 的上限；请缩小范围，或改用 GeoPackage",
                            en: "\(layer.title) is more than the 4 GB that a zip file holds; ask for a smaller area, or for a GeoPackage"))
                }
                try archive.add("\(part.stem).\(ending)", file: "\(stem).\(ending)")
                unsafe unlink("\(stem).\(ending)")
            }
        }
        try archive.add("\(layer.id)_fields.txt", bytes: fieldTable())
        try archive.finish()
        return path
    }

    /// Which field is which, for people: UTF-8 with a byte order mark and lines as Windows ends them.
    private func fieldTable() -> [UInt8] {
        let short = parts.values.first?.table.fieldNames ?? []
        var lines = [
            "\(layer.title) (\(layer.id))", "坐标系 CRS: \(layer.crs.id) \(layer.crs.name)",
            "字符编码 Encoding: \(encoding.rawValue)", "要素 Features: \(tally.features)",
        ]
        if tally.unencodable > 0 { lines.append("编码所缺、以 ? 代替的字符 Characters that the encoding lacks, written as ?: \(tally.unencodable)") }
        if tally.shortened > 0 { lines.append("截短的值 Values cut to 254 bytes: \(tally.shortened)") }
        lines += ["", "Shapefile 字段名至多 10 字节，故与原名对照如下 Field names have 10 bytes at most; these are the fields' own names:", "字段 Field\t原名 Name\t说明 Title\t类型 Type"]
        for (name, field) in zip(short, layer.schema.fields) {
            lines.append([name, field.name, field.title ?? "", field.kind.rawValue].map(Self.plain).joined(separator: "\t"))
        }
        return [0xEF, 0xBB, 0xBF] + Array(lines.map { $0 + "\r\n" }.joined().utf8)
    }

    private static func plain(_ text: String) -> String { text.filter { $0 != "\t" && !$0.isNewline } }
}

extension [Geometry] {
    /// The parts of a collection, gathered into one geometry a kind.
    fileprivate func shapesByKind() -> [(ShapeKind, Geometry)] {
        var points: [Coordinate] = []
        var lines: [[Coordinate]] = []
        var areas: [Polygon] = []
        func gather(_ geometry: Geometry) {
            switch geometry {
            case .point(let c): points.append(c)
            case .multiPoint(let more): points += more
            case .lineString(let path): lines.append(path)
            case .multiLineString(let more): lines += more
            case .polygon(let polygon): areas.append(polygon)
            case .multiPolygon(let more): areas += more
            case .geometryCollection(let parts): parts.forEach(gather)
            }
        }
        forEach(gather)
        var found: [(ShapeKind, Geometry)] = []
        if let first = points.first { found.append(points.count == 1 ? (.point, .point(first)) : (.multiPoint, .multiPoint(points))) }
        if !lines.isEmpty { found.append((.line, .multiLineString(lines))) }
        if !areas.isEmpty { found.append((.area, .multiPolygon(areas))) }
        return found
    }
}
