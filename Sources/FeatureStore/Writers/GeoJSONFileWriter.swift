public import SimpleFeatures

/// Writes features to a GeoJSON file, which appears when `finish` returns.
public final class GeoJSONFileWriter {
    public enum Form: Sendable {
        /// One FeatureCollection, a feature a line.
        case collection
        /// Newline-delimited features.
        case sequence
    }

    private let sink: FileSink
    private let form: Form
    private var writer: GeoJSONWriter
    private var count = 0

    /// - Parameter crs: named in a `crs` member of a collection, as GeoJSON had before RFC 7946; `nil` for CRS84.
    public init(
        path: String, schema: FeatureSchema, form: Form = .collection, crs: String? = nil,
        precision: GeoJSONWriter.Precision = .decimals(7)
    ) throws(WriterError) {
        sink = try FileSink(path: path)
        self.form = form
        writer = GeoJSONWriter(schema: schema, precision: precision)
        if case .collection = form {
            writer.append("{\"type\":\"FeatureCollection\",\n")
            if let crs {
                writer.append("\"crs\":{\"type\":\"name\",\"properties\":{\"name\":")
                writer.append(.text(crs))
                writer.append("}},\n")
            }
            writer.append("\"features\":[\n")
        }
    }

    public func append(_ feature: Feature) throws(WriterError) {
        if case .collection = form, count > 0 { writer.append(",\n") }
        writer.append(feature)
        if case .sequence = form { writer.append("\n") }
        count += 1
        if writer.bytes.count > 1 << 16 { try pass() }
    }

    public func finish() throws(WriterError) {
        if case .collection = form { writer.append("\n]}\n") }
        try pass()
        try sink.finish()
    }

    private func pass() throws(WriterError) {
        try sink.append(writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
    }
}
