import FeatureStore
import SimpleFeatures

/// The one record of a request, read as a file's records are.
final class SentFeatureReader: FeatureReader {
    let schema: FeatureSchema
    private var record: ReadRecord?

    init(_ record: ReadRecord, schema: FeatureSchema) {
        self.record = record
        self.schema = schema
    }

    /// Positions have been carried to the layer's CRS, which the edit names.
    var declaredCRS: DeclaredCRS { .none }
    var format: SourceFormat { .geoJSON }
    var sourceName: String { "HTTP" }
    var expectedCount: Int? { 1 }
    var totalBytes: Int64? { nil }
    var bytesRead: Int64 { 0 }

    func next() throws(ReaderError) -> ReadRecord? {
        defer { record = nil }
        return record
    }
}
