public import Tiling

/// The answers of a query in Esri's protocol buffer (`f=pbf`): `esriPBuffer.FeatureCollectionPBuffer`, version 1.0.
///
/// Source: github.com/Esri/arcgis-pbf, `FeatureCollection.proto`. Coordinates are `sint32` there; those of grids that a client chose
/// finer than 32 bits reach are written as `sint64`, which ArcGIS' own clients read.
public enum EsriProtocolBuffer {
    public static let mediaType = "application/x-protobuf"

    private static let version = "1.0"

    enum Collection { static let (version, queryResult) = (1, 2) }
    enum QueryResult { static let (features, count, ids) = (1, 2, 3) }
    enum IdsResult { static let (fieldName, ids) = (1, 3) }

    public static func count(_ count: Int) -> [UInt8] {
        wrapped(QueryResult.count) { $0.unsigned(1, UInt64(max(0, count))) }
    }

    public static func ids(_ ids: [Int64]) -> [UInt8] {
        wrapped(QueryResult.ids) { result in
            result.text(IdsResult.fieldName, EsriFeatureWriter.idField)
            result.packed(unsigned: ids.lazy.map { UInt64(bitPattern: $0) }, IdsResult.ids)
        }
    }

    /// Rows of numbers without places: statistics and distinct values, from what the JSON answer says.
    ///
    /// - Parameter document: with `fields` and `features`.
    public static func table(_ document: JSONDocument) -> [UInt8] {
        let fields = elements(document["fields"])
        let names = fields.compactMap { text($0["name"]) }
        return wrapped(QueryResult.features) { result in
            result.text(FeatureResult.idField, "")
            for field in fields {
                result.message(FeatureResult.fields) {
                    $0.field(text(field["name"]) ?? "", alias: text(field["alias"]) ?? "", type: text(field["type"]) ?? "")
                }
            }
            for row in elements(document["features"]) {
                result.message(FeatureResult.features) { feature in
                    for name in names { feature.message(Feature.attributes) { $0.value(row["attributes"]?[name] ?? .null) } }
                }
            }
        }
    }

    private static func elements(_ document: JSONDocument?) -> [JSONDocument] {
        if case .array(let elements)? = document { elements } else { [] }
    }

    private static func text(_ document: JSONDocument?) -> String? {
        if case .string(let text)? = document { text } else { nil }
    }

    static func wrapped(_ result: Int, _ body: (inout ProtocolBuffer) -> Void) -> [UInt8] {
        var whole = ProtocolBuffer()
        whole.text(Collection.version, version)
        whole.message(Collection.queryResult) { $0.message(result, body) }
        return whole.bytes
    }

    enum FeatureResult {
        static let (idField, geometryType, spatialReference, exceededTransferLimit, transform, fields, features) = (1, 7, 8, 9, 12, 13, 15)
        /// `UniqueIdField`.
        static let uniqueIdField = 2
    }

    enum Feature { static let (attributes, geometry) = (1, 2) }
    enum Geometry { static let (type, lengths, coords) = (1, 2, 3) }
    enum Value { static let (text, real, int32, uint32, sint64) = (1, 3, 4, 5, 8) }
}
