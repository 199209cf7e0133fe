import FeatureStore
import Reprojection
import SimpleFeatures
import TestSupport

/// Edits as people make them, and worse: of any layer, kind and size, the same ones for the same seed.
struct RandomEdits {
    private var random: SeededGenerator
    private let registry: any FeatureRegistry

    init(seed: UInt64, registry: any FeatureRegistry) {
        random = SeededGenerator(seed: seed)
        self.registry = registry
    }

    /// Commits `count` changes of one layer at once.
    ///
    /// - Returns: the ids.
    mutating func commit(_ layer: String, count: Int) async throws -> [Int64] {
        let record = try await registry.layer(layer)
        guard let record else { return [] }
        let ids = try await registry.identifiers(FeatureQuery(layer: layer))
        guard !ids.isEmpty else { return [] }
        var wanted: [Int64] = []
        for _ in 0..<count { wanted.append(ids[Int.random(in: ids.indices, using: &random)]) }
        var query = FeatureQuery(layer: layer, ids: wanted)
        query.fields = .all
        let features = try await registry.features(query)
        var changes: [FeatureChange] = []
        for feature in features { changes.append(change(feature, record)) }
        return try await registry.edit(layer, changes, version: record.version).identifiers
    }

    private mutating func change(_ feature: Feature, _ record: LayerRecord) -> FeatureChange {
        var feature = feature
        // Metres, or degrees of about as much.
        let metre = record.crs?.isGeographic == true ? 1e-5 : 1
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return .remove(feature.id)
        case 1:
            feature.id = 0
            feature.geometry = moved(feature.geometry, by: 300 * metre)
        case 2: feature.geometry = moved(feature.geometry, by: 0.0004 * metre)
        case 3, 4: feature.geometry = moved(feature.geometry, by: 3 * metre)
        case 5: feature.geometry = bent(feature.geometry, by: 2 * metre)
        default:
            let field = Int.random(in: feature.values.indices, using: &random)
            feature.values[field] = other(feature.values[field])
        }
        return .put(feature)
    }

    private mutating func moved(_ geometry: Geometry?, by distance: Double) -> Geometry? {
        let dx = Double.random(in: -distance...distance, using: &random)
        let dy = Double.random(in: -distance...distance, using: &random)
        return geometry?.mapCoordinates { Coordinate(x: $0.x + dx, y: $0.y + dy) }
    }

    /// Moves one vertex, of a ring its first and last position alike.
    private mutating func bent(_ geometry: Geometry?, by distance: Double) -> Geometry? {
        guard let geometry, let victim = geometry.someCoordinate else { return geometry }
        let dx = Double.random(in: -distance...distance, using: &random)
        return geometry.mapCoordinates { $0 == victim ? Coordinate(x: $0.x + dx, y: $0.y - dx) : $0 }
    }

    private mutating func other(_ value: PropertyValue) -> PropertyValue {
        switch value {
        case .null: .null
        case .boolean(let flag): .boolean(!flag)
        case .integer(let n): .integer(n + Int64.random(in: -1...2, using: &random))
        case .real(let r): .real(r * 1.25 + 1)
        case .text(let text): Bool.random(using: &random) ? .null : .text(text + "二")
        }
    }
}

extension Geometry {
    fileprivate func mapCoordinates(_ body: (Coordinate) -> Coordinate) -> Geometry {
        switch self {
        case .point(let c): .point(body(c))
        case .multiPoint(let c): .multiPoint(c.map(body))
        case .lineString(let c): .lineString(c.map(body))
        case .multiLineString(let lines): .multiLineString(lines.map { $0.map(body) })
        case .polygon(let p): .polygon(Polygon(rings: p.rings.map { $0.map(body) }))
        case .multiPolygon(let polygons): .multiPolygon(polygons.map { Polygon(rings: $0.rings.map { $0.map(body) }) })
        case .geometryCollection(let parts): .geometryCollection(parts.map { $0.mapCoordinates(body) })
        }
    }

    fileprivate var someCoordinate: Coordinate? {
        switch self {
        case .point(let c): c
        case .multiPoint(let c), .lineString(let c): c.count > 2 ? c[c.count / 2] : c.first
        case .multiLineString(let lines): lines.first?.last
        case .polygon(let p): p.rings.first?.first
        case .multiPolygon(let polygons): polygons.first?.rings.first?.first
        case .geometryCollection(let parts): parts.first?.someCoordinate
        }
    }
}
