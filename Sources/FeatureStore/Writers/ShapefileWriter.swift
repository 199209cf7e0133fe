public import SimpleFeatures

/// Writes one layer as a shapefile: `.shp`, `.shx`, `.dbf`, `.cpg` and, where the CRS is given, `.prj`.
///
/// The files appear when `finish` returns. Null geometries are null shapes; rings are wound as the format asks.
public final class ShapefileWriter {
    public enum Encoding: String, Sendable {
        case utf8 = "UTF-8"
        case gbk = "GBK"
    }

    private let shapes: ShapeFiles
    private let table: DBFWriter
    private let sideFiles: [FileSink]

    /// - Parameters:
    ///   - path: of the `.shp`; the other files stand beside it.
    ///   - dimension: what every geometry must be: points, lines or areas.
    ///   - projection: the well-known text for `.prj`, in ESRI's dialect for the widest use; `nil` for no such file.
    ///   - textWidths: bytes kept for a text field by its name, 80 where none is given, 254 at most.
    public init(
        path: String, schema: FeatureSchema, dimension: GeometryDimension, projection: String? = nil,
        encoding: Encoding = .utf8, textWidths: [String: Int] = [:]
    ) throws(WriterError) {
        precondition(path.hasSuffix(".shp"), "a shapefile's path ends in .shp")
        let stem = String(path.dropLast(4))
        shapes = try ShapeFiles(stem: stem, kind: ShapeKind(dimension))
        table = try DBFWriter(path: stem + ".dbf", schema: schema, encoding: encoding, textWidths: textWidths)
        sideFiles = try Self.sideFiles(stem: stem, encoding: encoding.rawValue, projection: projection)
    }

    /// The small files that say how the others are read.
    static func sideFiles(stem: String, encoding: String, projection: String?) throws(WriterError) -> [FileSink] {
        let codePage = try FileSink(path: stem + ".cpg")
        try codePage.append(Array(encoding.utf8))
        guard let projection else { return [codePage] }
        let file = try FileSink(path: stem + ".prj")
        try file.append(Array(projection.utf8))
        return [codePage, file]
    }

    public func append(_ feature: Feature) throws(WriterError) {
        try shapes.append(feature.geometry)
        try table.append(feature.values)
    }

    public func finish() throws(WriterError) {
        try table.finish()
        for file in sideFiles { try file.finish() }
        try shapes.finish()
    }
}
