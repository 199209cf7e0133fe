import FeatureStore
import OGCAPI
import SimpleFeatures
import TileCache
import TileProduction
import Tiling
import Wording

/// What the service says about its maps, with addresses under one base URL.
struct MapDocuments {
    let service: ServiceContext
    let baseURL: String

    /// Where the map has data, in longitude and latitude; the city where it has none yet.
    func bounds(of map: LiveMap) -> Envelope {
        var box = Envelope.empty
        for layer in map.layers { box.formUnion(layer.geographicEnvelope) }
        return box.isEmpty ? service.installation.city.box : box
    }

    /// - Parameter scheme: which way rows count in the tiles' addresses.
    func tileJSON(of map: LiveMap, scheme: TileJSONDocument.Scheme = .xyz) -> TileJSONDocument {
        var document = usualTileJSON(of: map)
        guard scheme == .tms else { return document }
        document.scheme = .tms
        let ending = map.isImagery ? (TMSRoutes.format(of: map) == .jpeg(ratio: 1) ? "jpg" : "png") : "mvt"
        document.tiles = ["\(baseURL)/tms/1.0.0/\(map.definition.id)/{z}/{x}/{y}.\(ending)"]
        return document
    }

    private func usualTileJSON(of map: LiveMap) -> TileJSONDocument {
        if map.isImagery { return imageryTileJSON(of: map) }
        let present = map.layers.filter { $0.record != nil }.flatMap(vectorLayers)
        // The style draws layers that have no data yet, too, and clients complain of what no source lists.
        let layers = present + map.layers.filter { $0.record == nil && !$0.definition.isImagery }.flatMap(emptyLayers)
        let lowest = present.compactMap(\.minimumZoom).min() ?? 0
        var document = TileJSONDocument(
            name: map.definition.title.zh, tiles: ["\(baseURL)/tiles/\(map.definition.id)/{z}/{x}/{y}.mvt"],
            zooms: min(lowest, 16)...TileLimits.highestVectorLevel, bounds: bounds(of: map), vectorLayers: layers)
        document.description = map.definition.title.en
        document.attribution = map.definition.attribution
        document.version = "1.0.\(map.dataVersion % 1_000_000)"
        document.centre = service.installation.city.box.centre
        document.centreZoom = 10
        document.members = [
            JSONDocument.Member(
                name: "left_out",
                value: [
                    "header": "X-Tile-Left-Out",
                    "rules": .array(map.layers.filter { $0.record != nil }.compactMap(rules)),
                ])
        ]
        return document
    }

    /// Of raster tiles; their address has no ending, so that each is sent as it suits the tile and the client.
    private func imageryTileJSON(of map: LiveMap) -> TileJSONDocument {
        let finest = map.layers.compactMap { $0.finestImageryLevel(inSet: TileRoutes.webMercator) }.max() ?? TileLimits.highestRasterLevel
        var document = TileJSONDocument(
            name: map.definition.title.zh, tiles: ["\(baseURL)/tiles/\(map.definition.id)/{z}/{x}/{y}"], zooms: 0...finest,
            bounds: bounds(of: map))
        document.description = map.definition.title.en
        document.attribution = map.definition.attribution
        document.version = "1.0.\(map.dataVersion % 1_000_000)"
        document.centre = bounds(of: map).centre
        document.centreZoom = min(finest, 12)
        return document
    }

    /// The names under which a layer without data will be in tiles.
    private func emptyLayers(_ layer: LiveLayer) -> [TileJSONDocument.VectorLayer] {
        let (definition, plan) = (layer.definition, layer.definition.tiles)
        var names = definition.isServedByFeature ? [definition.id] : []
        if plan.labelPoints { names.append(LabelPointLayer.name(of: definition.id)) }
        var layers = names.map { TileJSONDocument.VectorLayer(id: $0, description: definition.title.zh, zooms: Self.zooms(plan.levels), fields: []) }
        if let rule = plan.aggregate {
            layers.append(.init(id: AggregateLayer.name(of: definition.id), description: "\(definition.title.zh)(数量)", zooms: Self.zooms(rule.levels), fields: []))
        }
        return layers
    }

    private func vectorLayers(_ layer: LiveLayer) -> [TileJSONDocument.VectorLayer] {
        let plan = layer.definition.tiles
        var result: [TileJSONDocument.VectorLayer] = []
        if let prepared = layer.prepared {
            let carried = plan.fields + plan.rules.flatMap { $0.fields ?? [] }
            let fields = prepared.fields.filter(carried.contains).map { name in
                TileJSONDocument.FieldDescription(name: name, description: layer.title(of: name))
            }
            result.append(
                .init(
                    id: layer.definition.id, description: layer.definition.title.zh,
                    zooms: Self.zooms(plan.levels), fields: fields))
        }
        if let points = layer.labelPoints {
            let fields = points.fields.map { name in
                TileJSONDocument.FieldDescription(
                    name: name, description: name == LabelPointLayer.areaField ? "面积(平方米)" : layer.title(of: name))
            }
            result.append(
                .init(
                    id: LabelPointLayer.name(of: layer.definition.id), description: "\(layer.definition.title.zh)(注记点)",
                    zooms: Self.zooms(plan.levels), fields: fields))
        }
        if let rule = plan.aggregate, let aggregate = layer.aggregate {
            result.append(
                .init(
                    id: AggregateLayer.name(of: layer.definition.id),
                    description: "\(layer.definition.title.zh)(数量)", zooms: Self.zooms(rule.levels),
                    fields: aggregate.fields.map { .init(name: $0, description: $0 == "count" ? "数量" : $0) }))
        }
        return result
    }

    /// The levels of vector tiles that hold a layer; one that begins beyond them is in the last, which clients enlarge.
    private static func zooms(_ levels: LevelRange) -> ClosedRange<Int> {
        min(levels.first, TileLimits.highestVectorLevel)...min(levels.last, TileLimits.highestVectorLevel)
    }

    /// What the layer's rules leave out, so that a client can tell before it asks.
    private func rules(_ layer: LiveLayer) -> JSONDocument? {
        let rules = layer.definition.tiles.rules.map { rule -> JSONDocument in
            [
                "levels": .array([.integer(rule.levels.first), .integer(rule.levels.last)]),
                "only": rule.where.map { .strings($0.keys.sorted()) },
                "minimumAreaInPixels": rule.minimumAreaInPixels.map { .number($0) },
                "minimumLengthInPixels": rule.minimumLengthInPixels.map { .number($0) },
                "perCell": rule.density.map { ["cellInPixels": .number($0.cellInPixels), "limit": .integer($0.limit)] },
            ]
        }
        guard !rules.isEmpty else { return nil }
        return ["layer": .string(layer.definition.id), "rules": .array(rules)]
    }
}

/// How far tiles are offered.
enum TileLimits {
    /// Beyond it clients overzoom: at level 18 one unit of a vector tile is 3.7 cm.
    static let highestVectorLevel = 18
    static let highestRasterLevel = 20
}

extension LiveLayer {
    /// What people read for a field, Chinese first.
    func title(of field: String) -> String {
        definition.fields.first { $0.name == field }?.title
            ?? record?.schema.fields.first { $0.name == field }?.title ?? field
    }
}
