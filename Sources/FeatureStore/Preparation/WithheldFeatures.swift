import SimpleFeatures

/// Tells the features that rules of the catalogue withhold from every tile and every answer.
struct WithheldFeatures: Sendable {
    private let rules: [(column: Int, values: Set<PropertyValue>)]

    /// - Parameter schema: of the features to be told apart.
    init(layer: CatalogueLayer, schema: FeatureSchema) {
        rules = layer.withheld.compactMap { rule in
            schema.index(of: rule.field).map { ($0, Set(rule.values.map(\.value))) }
        }
    }

    func contains(_ feature: Feature) -> Bool {
        rules.contains { $0.values.contains(feature.values[$0.column]) }
    }
}
