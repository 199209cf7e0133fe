public import SimpleFeatures

/// Writes one layer as a shapefile: `.shp`, `.shx`, `.dbf`, `.cpg` and, where the CRS is given, `.prj`.
///
/// The files appear when `finish` returns. Null geometries are null shapes; rings are wound as the format asks.
public final class ShapefileWriter {
    public enum Encoding: String, Sendable {
        case utf8 = "UTF-8"
        case gbk = "GBK"
    }

    private let shapes: FileSink
    private let index: FileSink
    private let table: DBFWriter
    private let sideFiles: [FileSink]
    private let dimension: GeometryDimension
    private var envelope = Envelope.empty
    private var count = 0

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
        self.dimension = dimension
        shapes = try FileSink(path: path)
        index = try FileSink(path: stem + ".shx")
        table = try DBFWriter(path: stem + ".dbf", schema: schema, encoding: encoding, textWidths: textWidths)
        let codePage = try FileSink(path: stem + ".cpg")
        try codePage.append(Array(encoding.rawValue.utf8))
        var sideFiles = [codePage]
        if let projection {
            let file = try FileSink(path: stem + ".prj")
            try file.append(Array(projection.utf8))
            sideFiles.append(file)
        }
        self.sideFiles = sideFiles
        try shapes.append([UInt8](repeating: 0, count: 100))
        try index.append([UInt8](repeating: 0, count: 100))
    }

    public func append(_ feature: Feature) throws(WriterError) {
        let content: [UInt8]
        if let geometry = feature.geometry {
            guard let shape = ShapeText.content(geometry, dimension) else {
                throw WriterError(
                    code: .valueUnsuitable,
                    message: "\(shapes.path): record \(count + 1) is a \(geometry.kind.name), which a shapefile of \(dimension)s does not hold")
            }
            content = shape
            envelope.formUnion(geometry.envelope)
        } else {
            content = [0, 0, 0, 0]
        }
        try table.append(feature.values)
        count += 1
        var entry: [UInt8] = []
        ShapeText.appendBig(Int32(shapes.count / 2), to: &entry)
        ShapeText.appendBig(Int32(content.count / 2), to: &entry)
        try index.append(entry)
        var header: [UInt8] = []
        ShapeText.appendBig(Int32(count), to: &header)
        ShapeText.appendBig(Int32(content.count / 2), to: &header)
        try shapes.append(header)
        try shapes.append(content)
    }

    public func finish() throws(WriterError) {
        for file in [shapes, index] {
            try file.overwrite(at: 0, ShapeText.fileHeader(byteCount: file.count, ShapeText.type(dimension), envelope))
        }
        try table.finish()
        for file in sideFiles + [index, shapes] { try file.finish() }
    }
}
