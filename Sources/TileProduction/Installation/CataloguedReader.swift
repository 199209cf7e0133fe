import FeatureStore
import SimpleFeatures

/// Reads a shapefile for a catalogued layer, its field names restored.
///
/// DBF cuts names to ten bytes: `communityCode` arrives as `communityC`. A name that is exactly the first ten bytes
/// of one catalogued field, and no field's own name, is that field.
final class CataloguedReader: FeatureReader {
    private let reader: any FeatureReader
    let schema: FeatureSchema

    init(_ reader: any FeatureReader, layer: CatalogueLayer) {
        self.reader = reader
        schema = reader.format == .shapefile ? Self.restored(reader.schema, layer: layer) : reader.schema
    }

    private static let nameLength = 10

    private static func restored(_ schema: FeatureSchema, layer: CatalogueLayer) -> FeatureSchema {
        let catalogued = layer.fields.map(\.name)
        var schema = schema
        for (place, field) in schema.fields.enumerated() {
            guard field.name.utf8.count == nameLength, !catalogued.contains(field.name) else { continue }
            let whole = catalogued.filter { $0.utf8.prefix(nameLength).elementsEqual(field.name.utf8) }
            guard whole.count == 1, schema.index(of: whole[0]) == nil else { continue }
            schema.fields[place].name = whole[0]
        }
        return schema
    }

    var declaredCRS: DeclaredCRS { reader.declaredCRS }
    var format: SourceFormat { reader.format }
    var sourceName: String { reader.sourceName }
    var expectedCount: Int? { reader.expectedCount }
    var totalBytes: Int64? { reader.totalBytes }
    var bytesRead: Int64 { reader.bytesRead }

    func next() throws(ReaderError) -> ReadRecord? { try reader.next() }
}
