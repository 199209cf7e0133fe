public import Reprojection
public import SimpleFeatures

/// Differences as the features of a layer, to be drawn or handed on: the fields of the later version, and what changed.
///
/// Positions are longitudes and latitudes, as GeoJSON has them.
public struct DifferenceLayer: ~Copyable {
    /// `_change` says `added`, `removed` or `changed`; `_changed_fields` names fields, separated by commas.
    public let schema: FeatureSchema
    private let operation: CoordinateOperation?

    private static let members = FeatureSchema(fields: [
        Field(name: "_change", kind: .text, title: "变更"), Field(name: "_changed_fields", kind: .text, title: "变更字段"),
        Field(name: "_geometry_changed", kind: .boolean, title: "图形变更"),
    ])

    /// - Parameters:
    ///   - shown: the fields that differences are given in.
    ///   - crs: of their positions; `nil` for a table without geometry.
    public init(shown: FeatureSchema, crs: CRS?, policy: DatumPolicy) throws(ReprojectionError) {
        let own = Set(Self.members.fields.map(\.name))
        schema = FeatureSchema(fields: Self.members.fields + shown.fields.map { field in
            var field = field
            if own.contains(field.name) { field.name += "_" }
            return field
        })
        if let crs { operation = try CoordinateOperation(from: crs, to: .crs84, policy: policy) } else { operation = nil }
    }

    public func feature(_ difference: FeatureDifference) -> Feature {
        var feature = difference.feature
        feature.values = Self.values(difference) + feature.values
        switch operation {
        case nil: feature.geometry = nil
        case .some(let operation): feature.geometry = feature.geometry.flatMap { operation.transform($0) }
        }
        return feature
    }

    private static func values(_ difference: FeatureDifference) -> [PropertyValue] {
        switch difference {
        case .added: [.text("added"), .null, .null]
        case .removed: [.text("removed"), .null, .null]
        case .changed(_, let parts):
            [
                .text("changed"), parts.fields.isEmpty ? .null : .text(parts.fields.joined(separator: ",")),
                .boolean(parts.geometry),
            ]
        }
    }
}
