import ArcGISREST
import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures
import TileCache
import TileProduction
import Tiling
import Wording

/// The maps as ArcGIS sees them: a service a map and matrix set, `{map}` in Web Mercator and `{map}_c` in CGCS2000 degrees, with
/// numbers for their layers.
struct EsriMaps {
    let service: ServiceContext
    let desks: FeatureDesks

    /// A map in one matrix set.
    struct Served: Sendable {
        var name: String
        var map: LiveMap
        var set: TileMatrixSet
    }

    /// What the name of a service in CGCS2000 degrees ends in.
    static let degrees = "_c"
    /// Behind a map's id, the set that the service is in.
    private static let sets = [("", TileRoutes.webMercator), (degrees, "c")]

    /// All services, by name.
    func all() -> [Served] {
        let state = service.library.state
        return state.maps.values.sorted { ($0.definition.order, $0.definition.id) < ($1.definition.order, $1.definition.id) }.flatMap { map in
            Self.sets.compactMap { ending, id in
                guard map.definition.matrixSets.contains(id), let set = state.sets[id] else { return nil }
                return Served(name: map.definition.id + ending, map: map, set: set)
            }
        }
    }

    /// - Throws: `EsriError` 404.
    func served(_ name: String) throws(EsriError) -> Served {
        if let found = all().first(where: { $0.name == name }) { return found }
        let known = all().map(\.name).joined(separator: ", ")
        throw EsriError(404, .init(zh: "没有服务“\(name)”；有：\(known)", en: "there is no service '\(name)'; there is \(known)"))
    }

    // MARK: Layers

    /// A layer of the map under the number that requests call it by, as `ArcGISMap` counts.
    struct NumberedLayer: Sendable {
        var id: Int
        var layer: LiveLayer
    }

    /// What may be shown feature by feature, and imagery; the topmost first, as tables of contents list them.
    static func layers(of map: LiveMap) -> [NumberedLayer] {
        map.layers.enumerated().filter { _, layer in
            layer.record != nil && (layer.definition.isServedByFeature || layer.definition.isImagery)
        }.map { NumberedLayer(id: $0, layer: $1) }.reversed()
    }

    /// - Throws: `EsriError` 404.
    static func layer(_ number: String, of map: LiveMap) throws(EsriError) -> NumberedLayer {
        guard let id = Int(number), let found = layers(of: map).first(where: { $0.id == id }) else {
            let known = layers(of: map).map { "\($0.id) \($0.layer.definition.title.zh)" }.joined(separator: ", ")
            throw EsriError(404, .init(zh: "没有图层 \(number.prefix(40))；有：\(known)", en: "there is no layer \(number.prefix(40)); there is \(known)"))
        }
        return found
    }

    // MARK: Documents

    func mapService(_ served: Served, renderers: [String: EsriRenderer]) async throws -> EsriMapService {
        let definition = served.map.definition
        let tiles = EsriTileInfo(served.set, format: served.map.offers(.mixed(ratio: 1)) ? "MIXED" : "PNG32", lastLevel: TileLimits.highestRasterLevel)
        var layers: [EsriLayer] = []
        for numbered in Self.layers(of: served.map) { layers.append(try await layer(numbered, tiles, renderers)) }
        return EsriMapService(
            name: served.name, title: definition.title.zh, description: definition.title.en, copyright: definition.attribution ?? "", tiles: tiles,
            fullExtent: try await extent(of: served), initialExtent: try await carried(service.installation.city.box, to: served.set), layers: layers)
    }

    func vectorTiles(_ served: Served) async throws -> EsriVectorTileService {
        EsriVectorTileService(
            name: served.map.definition.title.zh, copyright: served.map.definition.attribution ?? "",
            tiles: EsriTileInfo(served.set, tileSize: EsriVectorTileService.tileSize, format: "pbf", lastLevel: TileLimits.highestVectorLevel), fullExtent: try await extent(of: served),
            initialExtent: try await carried(service.installation.city.box, to: served.set))
    }

    private func extent(of served: Served) async throws -> Envelope {
        try await carried(MapDocuments(service: service, baseURL: "").bounds(of: served.map), to: served.set)
    }

    /// A box of longitudes and latitudes in the set's CRS.
    private func carried(_ box: Envelope, to set: TileMatrixSet) async throws -> Envelope {
        try await desks.next.envelope(box, from: .cgcs2000, to: try CRS(set.crs))
    }

    private func layer(_ numbered: NumberedLayer, _ tiles: EsriTileInfo, _ renderers: [String: EsriRenderer]) async throws -> EsriLayer {
        let (definition, record) = (numbered.layer.definition, numbered.layer.record)
        let bounds = numbered.layer.geographicEnvelope
        let fields = (record?.schema.fields ?? []).filter(numbered.layer.isOpen).map { field in
            var field = field
            field.title = numbered.layer.title(of: field.name)
            return field
        }
        let levels = definition.tiles.levels
        return EsriLayer(
            id: numbered.id, name: definition.title.zh, description: definition.title.en, geometry: definition.isImagery ? nil : record.flatMap { EsriGeometryType($0) },
            schema: FeatureSchema(fields: fields), displayField: definition.nameField.flatMap { name in fields.contains { $0.name == name } ? name : nil },
            extent: bounds.isEmpty ? .empty : try await carried(bounds, to: tiles.set),
            minimumScale: levels.first <= 0 ? 0 : Self.scale(ofLevel: levels.first) * Self.halfALevel,
            maximumScale: levels.last >= TileLimits.highestRasterLevel ? 0 : Self.scale(ofLevel: levels.last) / Self.halfALevel,
            renderer: renderers[definition.id])
    }

    /// Half a level on, so that neither rounding nor a level between decides.
    private static let halfALevel = 2.0.squareRoot()

    /// Of a nominal level, at 96 dots an inch.
    private static func scale(ofLevel level: Int) -> Double { EsriTileInfo.webMercatorScale / Double(1 << min(max(level, 0), 30)) }
}
