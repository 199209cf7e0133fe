public import SimpleFeatures
public import Tiling

/// Features in Esri's protocol buffer.
public struct EsriFeatureBuffer: Sendable {
    private let schema: FeatureSchema
    private let geometryType: EsriGeometryType?
    private let crs: CRSIdentifier
    private let transform: EsriTransform

    /// - Parameters:
    ///   - schema: of the values of each feature, with titles for aliases.
    ///   - geometryType: of the layer; `nil` for features without geometry.
    public init(schema: FeatureSchema, geometryType: EsriGeometryType?, crs: CRSIdentifier, transform: EsriTransform) {
        self.schema = schema
        self.geometryType = geometryType
        self.crs = crs
        self.transform = transform
    }

    /// - Precondition: each feature has one value a field of the schema.
    public func bytes(_ features: [SimpleFeatures.Feature], exceedsLimit: Bool) -> [UInt8] {
        typealias Result = EsriProtocolBuffer.FeatureResult
        return EsriProtocolBuffer.wrapped(EsriProtocolBuffer.QueryResult.features) { result in
            result.text(Result.idField, EsriFeatureWriter.idField)
            result.message(Result.uniqueIdField) {
                $0.text(1, EsriFeatureWriter.idField)
                $0.flag(2, true)
            }
            if let geometryType {
                result.unsigned(Result.geometryType, geometryType.number)
                result.message(Result.spatialReference) { reference in
                    for (place, wkid) in EsriSpatialReference.numbers(crs).enumerated() { reference.unsigned(place + 1, UInt64(wkid)) }
                }
            }
            if exceedsLimit { result.flag(Result.exceededTransferLimit, true) }
            if geometryType != nil { result.message(Result.transform) { append(transform, to: &$0) } }
            for field in EsriField.all(of: schema) {
                result.message(Result.fields) { $0.field(field.name, alias: field.alias, type: field.type) }
            }
            for feature in features { result.message(Result.features) { append(feature, to: &$0) } }
        }
    }

    private func append(_ transform: EsriTransform, to message: inout ProtocolBuffer) {
        message.unsigned(1, transform.origin == .upperLeft ? 0 : 1)
        message.message(2) {
            $0.real(1, transform.scale)
            $0.real(2, transform.scale)
        }
        message.message(3) {
            $0.real(1, transform.translate.x)
            $0.real(2, transform.translate.y)
        }
    }

    private func append(_ feature: SimpleFeatures.Feature, to message: inout ProtocolBuffer) {
        message.message(EsriProtocolBuffer.Feature.attributes) { $0.value(id: feature.id) }
        for (field, value) in zip(schema.fields, feature.values) {
            message.message(EsriProtocolBuffer.Feature.attributes) { $0.value(value, field.kind) }
        }
        guard let geometryType, let geometry = feature.geometry, geometry.hasOnlyFinitePositions, let parts = EsriFeatureWriter.parts(of: geometry) else { return }
        guard let steps = transform.quantised(parts) else { return }
        message.message(EsriProtocolBuffer.Feature.geometry) { shape in
            shape.unsigned(EsriProtocolBuffer.Geometry.type, (EsriGeometryType(parts) ?? geometryType).number)
            if case .point = parts {} else { shape.packed(unsigned: steps.lazy.map { UInt64($0.count) }, EsriProtocolBuffer.Geometry.lengths) }
            shape.packed(signed: steps.lazy.joined().lazy.flatMap { [$0.x, $0.y] }, EsriProtocolBuffer.Geometry.coords)
        }
    }
}

extension EsriGeometryType {
    /// In `FeatureCollectionPBuffer.GeometryType`.
    var number: UInt64 {
        switch self {
        case .point: 0
        case .multipoint: 1
        case .polyline: 2
        case .polygon: 3
        }
    }

    init?(_ parts: EsriFeatureWriter.Parts) {
        switch parts {
        case .point: self = .point
        case .points: self = .multipoint
        case .paths: self = .polyline
        case .rings: self = .polygon
        }
    }
}
