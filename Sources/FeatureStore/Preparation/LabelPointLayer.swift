import Generalisation
public import Reprojection
import SimpleFeatures

/// One point a named polygon, as a prepared layer of its own: a polygon that lies in many tiles still has one label.
public enum LabelPointLayer {
    /// What the label points of a layer are called in tiles.
    public static func name(of layer: String) -> String { "\(layer).label" }

    /// The field, in square metres on the map plane of the source CRS, that large polygons are preferred by.
    public static let areaField = "area"

    /// The definition that tiles of the points follow: the layer's levels, fields and choice of features, and the largest in
    /// each cell.
    public static func definition(of layer: CatalogueLayer) -> CatalogueLayer {
        let thinning = DensityRule(cellInPixels: 32, limit: 1, priority: areaField)
        // A polygon that a level leaves out by what it is has no label there, either.
        let rules = layer.tiles.rules.map { rule in
            LevelRule(
                levels: rule.levels, where: rule.where?.filter { layer.tiles.fields.contains($0.key) }, density: thinning)
        }
        return CatalogueLayer(
            id: name(of: layer.id), title: layer.title, group: "label", geometry: "Point", order: layer.order,
            tiles: TilePlan(
                levels: layer.tiles.levels, fields: layer.tiles.fields + [areaField],
                rules: rules + [LevelRule(levels: layer.tiles.levels, density: thinning)]))
    }

    /// Whether a layer wants label points and has polygons whose fields tiles may show.
    public static func isCalledFor(_ layer: CatalogueLayer, _ record: LayerRecord) -> Bool {
        guard layer.tiles.labelPoints, layer.isServedByFeature, record.crs != nil, !layer.tiles.fields.isEmpty else { return false }
        switch record.geometry {
        case .none: return false
        case .mixed: return true
        case .only(let kind): return kind == .polygon || kind == .multiPolygon || kind == .geometryCollection
        }
    }

    /// Reads the layer and writes the points of its polygons; where tiles carry names, of those that have one.
    ///
    /// - Parameters:
    ///   - ids: of the features to read; `nil` for all, as they are when they are read.
    ///   - state: of the layer to read; `nil` for what is served.
    @concurrent
    public static func prepare(
        _ layer: LayerRecord, definition owner: CatalogueLayer, registry: any FeatureRegistry, served: ServedCRSs,
        policy: DatumPolicy, ids: Set<Int64>? = nil, state: LayerState? = nil, path: String
    ) async throws {
        let definition = definition(of: owner)
        let name = owner.nameField.flatMap { owner.tiles.fields.contains($0) ? layer.schema.index(of: $0) : nil }
        let kept = definition.tiles.fields.filter { $0 != areaField && layer.schema.index(of: $0) != nil }
        let columns = kept.compactMap(layer.schema.index(of:))
        let schema = FeatureSchema(
            fields: columns.map { layer.schema.fields[$0] } + [Field(name: areaField, kind: .integer)])
        let source = layer.crs ?? .cgcs2000
        var preparation = try LayerPreparation(
            layer: definition, schema: schema, source: source, served: served, policy: policy, path: path)
        let withheld = owner.withheld.compactMap { rule in
            layer.schema.index(of: rule.field).map { (column: $0, values: Set(rule.values.map(\.value))) }
        }
        try await registry.forEachPage(of: layer, fields: .withoutSensitive, ids: ids, heedsVersion: ids != nil, state: state) { page in
            var points: [Feature] = []
            for feature in page {
                guard !(name.map { feature.values[$0].isBlank } ?? false), let geometry = feature.geometry,
                    !withheld.contains(where: { $0.values.contains(feature.values[$0.column]) }),
                    let (place, area) = place(in: geometry, isGeographic: source.isGeographic)
                else { continue }
                points.append(
                    Feature(
                        id: feature.id, geometry: .point(place),
                        values: columns.map { feature.values[$0] } + [.integer(area)]))
            }
            try preparation.append(points)
        }
        _ = try preparation.finish()
    }

    /// The inmost point of the geometry's polygons and their area; `nil` where it has none.
    static func place(in geometry: Geometry, isGeographic: Bool) -> (point: Coordinate, squareMetres: Int64)? {
        let rings = geometry.polygonRings
        let box = geometry.envelope
        guard !rings.isEmpty, !box.isEmpty else { return nil }
        // Degrees of longitude are shorter than those of latitude; both become metres near enough for a label.
        let scaleY = isGeographic ? Self.metresPerDegree : 1
        let scaleX = isGeographic ? Self.metresPerDegree * cosineOfDegrees(box.centre.y) : 1
        let scaled = rings.map { ring in
            ring.map { (x: ($0.x - box.minX) * scaleX, y: ($0.y - box.minY) * scaleY) }
        }
        let side = max((box.maxX - box.minX) * scaleX, (box.maxY - box.minY) * scaleY)
        guard let pole = PoleOfInaccessibility(rings: scaled).point(precision: max(side / 200, 0.05)) else { return nil }
        let area = scaled.reduce(0.0) { $0 + doubleArea($1) } / 2
        let point = Coordinate(x: pole.x / scaleX + box.minX, y: pole.y / scaleY + box.minY)
        return (point, Int64(abs(area).rounded()))
    }

    /// Of the mean meridian: 10 001 965.7 m a quarter.
    private static let metresPerDegree = 111_132.95

    /// By its series: enough for the shape of a polygon, and the same on every machine.
    private static func cosineOfDegrees(_ degrees: Double) -> Double {
        let r = degrees * .pi / 180
        let s = r * r
        return max(0.05, 1 - s / 2 * (1 - s / 12 * (1 - s / 30 * (1 - s / 56))))
    }

    private static func doubleArea(_ ring: [(x: Double, y: Double)]) -> Double {
        var sum = 0.0
        for i in ring.indices {
            let next = ring[i + 1 == ring.count ? 0 : i + 1]
            sum += ring[i].x * next.y - next.x * ring[i].y
        }
        return sum
    }
}

extension Geometry {
    /// Exteriors counterclockwise and holes clockwise, whatever way they were given, so that their areas add up.
    fileprivate var polygonRings: [[Coordinate]] {
        switch self {
        case .polygon(let polygon): return Self.wound(polygon)
        case .multiPolygon(let polygons): return polygons.flatMap(Self.wound)
        case .geometryCollection(let parts):
            return parts.flatMap { part -> [[Coordinate]] in
                // Collections in collections draw as areas too, but a label is found on the first level only.
                if case .geometryCollection = part { return [] }
                return part.polygonRings
            }
        default: return []
        }
    }

    private static func wound(_ polygon: Polygon) -> [[Coordinate]] {
        polygon.rings.enumerated().map { place, ring in
            var area = 0.0
            for i in ring.indices {
                let next = ring[i + 1 == ring.count ? 0 : i + 1]
                area += (ring[i].x - ring[0].x) * (next.y - ring[0].y) - (next.x - ring[0].x) * (ring[i].y - ring[0].y)
            }
            return (area > 0) == (place == 0) ? ring : ring.reversed()
        }
    }
}

extension PropertyValue {
    /// Whether there is nothing to write on the map.
    fileprivate var isBlank: Bool {
        switch self {
        case .null: true
        case .text(let text): text.allSatisfy(\.isWhitespace)
        default: false
        }
    }
}
