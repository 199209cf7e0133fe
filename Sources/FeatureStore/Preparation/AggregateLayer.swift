public import Reprojection
import SimpleFeatures

/// The features of one layer counted into the polygons of another, as a prepared layer of its own.
public enum AggregateLayer {
    /// What the aggregate of a layer is called in tiles.
    public static func name(of layer: String) -> String { "\(layer).count" }

    /// What was counted.
    public struct Report: Hashable, Sendable {
        /// Features inside some polygon.
        public var counted: Int
        /// Features outside all of them or without a place.
        public var outside: Int
        /// Polygons left out because they hold fewer than the least count.
        public var suppressed: Int
    }

    /// Counts and writes.
    ///
    /// - Parameters:
    ///   - layer: the layer that is counted; its whole features stay in the registry.
    ///   - polygons: the layer counted into, with its definition.
    ///   - states: of the layer and of the polygons to read; `nil` for what is served.
    ///   - path: of the prepared file to write.
    @concurrent
    public static func prepare(
        _ layer: LayerRecord, by rule: AggregateRule, into polygons: (definition: CatalogueLayer, record: LayerRecord),
        registry: any FeatureRegistry, served: ServedCRSs, policy: DatumPolicy,
        states: (layer: LayerState?, polygons: LayerState?) = (nil, nil), path: String
    ) async throws -> Report {
        var owners: [Feature] = []
        try await registry.forEachPage(of: polygons.record, fields: .withoutSensitive, state: states.polygons) { owners += $0 }
        let counts = try await count(layer, in: states.layer, into: owners, of: polygons.record, registry: registry, policy: policy)

        let kept = polygons.definition.tiles.fields.filter { polygons.record.schema.index(of: $0) != nil }
        let columns = kept.compactMap(polygons.record.schema.index(of:))
        let schema = FeatureSchema(
            fields: columns.map { polygons.record.schema.fields[$0] } + [Field(name: "count", kind: .integer)])
        let definition = CatalogueLayer(
            id: name(of: layer.id), title: polygons.definition.title, group: "aggregate", geometry: "Polygon", order: 0,
            sharedBorders: true, tiles: TilePlan(levels: rule.levels, fields: kept + ["count"]))
        var preparation = try LayerPreparation(
            layer: definition, schema: schema, source: polygons.record.crs ?? .cgcs2000, served: served, policy: policy,
            path: path)
        var suppressed = 0
        for (place, owner) in owners.enumerated() {
            guard counts.perPolygon[place] >= rule.minimumCount else {
                suppressed += counts.perPolygon[place] > 0 ? 1 : 0
                continue
            }
            let values = columns.map { owner.values[$0] } + [.integer(Int64(counts.perPolygon[place]))]
            try preparation.append([Feature(id: owner.id, geometry: owner.geometry, values: values)])
        }
        _ = try preparation.finish()
        return Report(
            counted: counts.perPolygon.reduce(0, +), outside: counts.outside, suppressed: suppressed)
    }

    private static func count(
        _ layer: LayerRecord, in state: LayerState?, into owners: [Feature], of polygons: LayerRecord, registry: any FeatureRegistry,
        policy: DatumPolicy
    ) async throws -> (perPolygon: [Int], outside: Int) {
        let index = PolygonIndex(owners.map(\.geometry))
        let source = layer.crs ?? .cgcs2000
        let target = polygons.crs ?? .cgcs2000
        let operation = try CoordinateOperation(from: source, to: target, policy: policy)
        var perPolygon = [Int](repeating: 0, count: owners.count)
        var outside = 0
        try await registry.forEachPage(of: layer, fields: .some([]), state: state) { page in
            // An area counts where the middle of its box lies.
            var places = page.compactMap { $0.geometry?.envelope.centre }
            outside += page.count - places.count
            _ = operation.transform(&places)
            for place in places {
                if let owner = index.owner(of: place) { perPolygon[owner] += 1 } else { outside += 1 }
            }
        }
        return (perPolygon, outside)
    }
}
