import Raster
import Tiling

extension StyleRenderer {
    /// The features that are drawn at a place, each once a style layer, from the topmost style layer down.
    ///
    /// Of one layer they come tile by tile, in each from the top.
    ///
    /// - Parameters:
    ///   - tiles, picture, options: as `render` has them.
    /// - Throws: `missingFont`, `missingCharacter`, `invalidRequest`.
    public func features(
        under query: StyleQuery, of tiles: [PlacedTile], frame picture: PictureFrame, options: RenderOptions,
        scratch: inout RenderScratch
    ) throws(PortrayalError) -> [DrawnFeature] {
        try picture.check()
        let zoomed = scratch.layers(of: style, identity: identity, zoom: picture.styleZoom, images: sprites.names)
        let frame = frame(picture, options)
        let symbols = options.drawsSymbols ? try symbols(under: query.area, zoomed, tiles, frame, &scratch) : [:]
        var found = FoundFeatures(filter: query.filter)
        for (i, layer) in zoomed.enumerated().reversed() where query.asks(layer) {
            for (t, tile) in tiles.enumerated() where tile.feeds(layer) {
                for (d, data) in tile.layers.enumerated() where layer.reads(data) {
                    let features = layer.kind == .symbol
                        ? symbols[SymbolPlace(layer: i, tile: t, data: d)] ?? []
                        : ShapeQuery(layer: layer, frame: frame, tile: tile.placement, area: query.area).features(data)
                    for feature in features.reversed() { found.add(feature, of: data, in: tile, layer) }
                }
            }
        }
        return found.features
    }

    /// Which layer of features of which tile a style layer drew.
    private struct SymbolPlace: Hashable {
        var layer: Int
        var tile: Int
        var data: Int
    }

    /// Features whose symbols lie there, in drawing order.
    private func symbols(
        under area: QueryArea, _ zoomed: [ZoomedLayer], _ tiles: [PlacedTile], _ frame: RenderFrame,
        _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> [SymbolPlace: [Int]] {
        var found: [SymbolPlace: [Int]] = [:]
        guard zoomed.contains(where: { $0.kind == .symbol }) else { return found }
        if frame.followsClients {
            var placement = ClientPlacement(frame: frame, blocks: glyphBlocks, catalogue: catalogue)
            for (i, drawn) in try placement.place(zoomed, tiles, &scratch).enumerated() {
                for part in drawn {
                    let features = part.symbols.filter { $0.boxes.contains(where: area.meets) }.map(\.order.index)
                    found[SymbolPlace(layer: i, tile: part.tile, data: part.data), default: []] += features
                }
            }
            return found
        }
        var placement = SymbolPlacement(frame: frame, catalogue: catalogue)
        for (i, layer) in zoomed.enumerated().reversed() where layer.kind == .symbol {
            let fed = tiles.indices.filter { tiles[$0].feeds(layer) }
            let placed = try placement.place(layer, fed.flatMap { tiles[$0].layers }, &scratch).filter { area.meets($0.extent) }
            for t in fed {
                for (d, data) in tiles[t].layers.enumerated() where layer.reads(data) {
                    found[SymbolPlace(layer: i, tile: t, data: d)] = placed.compactMap { symbol in
                        symbol.feature == 0 ? nil : data.features.firstIndex { $0.id == symbol.feature }
                    }
                }
            }
        }
        return found
    }
}

/// Gathers what a query finds, each feature once.
private struct FoundFeatures {
    let filter: FeatureFilter?
    private(set) var features: [DrawnFeature] = []
    private var seen: Set<Key> = []

    /// A feature with an id is one, however many tiles show it; one without is one in its tile.
    private struct Key: Hashable {
        var layer: String
        var id: UInt64
        var tile: String?
        var place: Int
    }

    init(filter: FeatureFilter?) { self.filter = filter }

    mutating func add(_ feature: Int, of data: TileLayer, in tile: PlacedTile, _ layer: ZoomedLayer) {
        let id = data.features[feature].id
        let key = Key(
            layer: layer.id, id: id, tile: id == 0 ? tile.name : nil, place: id == 0 ? feature : 0)
        guard !seen.contains(key) else { return }
        let drawn = DrawnFeature(feature, of: data, layer)
        if let filter, !filter.accepts(drawn.properties, id: id, geometry: drawn.kind.geoJSONName) { return }
        seen.insert(key)
        features.append(drawn)
    }
}

extension TileGeometryKind {
    /// As expressions call it.
    var geoJSONName: String {
        switch self {
        case .point: "Point"
        case .line: "LineString"
        case .polygon: "Polygon"
        }
    }
}
