import FeatureStore
import Portrayal
import Tiling

/// What a window is queried for.
enum LayerPurpose {
    case vector
    case raster(LiveStyle, RasterContent)

    /// The rasteriser fills crossing rings by the non-zero rule and needs no repair; clients' renderers do.
    var repairsRings: Bool {
        switch self {
        case .vector: true
        case .raster: false
        }
    }
}

extension LayerPurpose {
    /// Pictures come from windows of many tiles, each of which says what it leaves out itself.
    var countsByTile: Bool {
        if case .raster(_, .everything) = self { true } else { false }
    }
}

/// What of a style a picture is to show.
enum RasterContent: Hashable, Sendable, CaseIterable {
    case everything
    /// Labels and icons alone.
    case symbols
}

/// One prepared file's contribution to a window.
struct LayerPart {
    var name: String
    var prepared: PreparedLayer
    var rules: TileRules
}

extension LiveLayer {
    /// The files and rules that give something at this level: the features themselves, or the counts that stand for
    /// them.
    func parts(level: Int, window: TileWindow, purpose: LayerPurpose) -> [LayerPart] {
        let unitsPerPixel = Double(window.extent) / Double(StandardGrid.tileSizeInPixels)
        var parts: [LayerPart] = []
        if let prepared, let rules = tileRules(of: definition.id, rules, level, unitsPerPixel, purpose) {
            parts.append(LayerPart(name: definition.id, prepared: prepared, rules: rules))
        }
        let labelName = LabelPointLayer.name(of: definition.id)
        if let labelPoints, let rules = tileRules(of: labelName, labelRules, level, unitsPerPixel, purpose) {
            parts.append(LayerPart(name: labelName, prepared: labelPoints, rules: rules))
        }
        if let aggregate, let rule = definition.tiles.aggregate, rule.levels.contains(level),
            purpose.reads(AggregateLayer.name(of: definition.id), level: level)
        {
            var rules = TileRules()
            rules.tags = aggregate.fields.enumerated().map { TileRules.Tag(field: $0.offset, key: $0.element) }
            rules.toleranceInUnits = unitsPerPixel / (purpose.repairsRings ? 16 : 4)
            rules.cutting = purpose.repairsRings ? .atMargin : .wholeEdges
            parts.append(LayerPart(name: AggregateLayer.name(of: definition.id), prepared: aggregate, rules: rules))
        }
        for i in parts.indices { parts[i].rules.countsByTile = purpose.countsByTile }
        return parts
    }

    private func tileRules(
        of name: String, _ rules: LayerRules, _ level: Int, _ unitsPerPixel: Double, _ purpose: LayerPurpose
    ) -> TileRules? {
        switch purpose {
        case .vector: return rules.vectorRules(level: level, unitsPerPixel: unitsPerPixel)
        case .raster(let style, let content):
            guard let wanted = style.fields(of: name, level: level, for: content) else { return nil }
            var found = rules.rasterRules(level: level, unitsPerPixel: unitsPerPixel, wanted: wanted)
            found?.measuresDistances = style.dashes(name, level: level)
            return found
        }
    }
}

extension LayerPurpose {
    fileprivate func reads(_ sourceLayer: String, level: Int) -> Bool {
        switch self {
        case .vector: true
        case .raster(let style, let content): style.fields(of: sourceLayer, level: level, for: content) != nil
        }
    }
}
