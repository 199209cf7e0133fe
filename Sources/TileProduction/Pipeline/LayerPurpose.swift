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
        if case .raster = self { true } else { false }
    }
}

/// What of a style a picture is to show.
enum RasterContent: Hashable, Sendable, CaseIterable {
    case everything
    /// Labels and icons alone.
    case symbols
    /// All but labels and icons.
    case shapes
}

/// One prepared file's contribution to a window.
struct LayerPart {
    var name: String
    var prepared: PreparedLayer
    var rules: TileRules
    /// Window units around the window from which features matter.
    var margin: Int32
}

extension LiveLayer {
    /// The files and rules that give something at this level: the features themselves, or the counts that stand for
    /// them.
    func parts(level: Int, window: TileWindow, purpose: LayerPurpose) -> [LayerPart] {
        let unitsPerPixel = Double(window.extent) / Double(StandardGrid.tileSizeInPixels)
        var parts: [LayerPart] = []
        if let prepared, let rules = tileRules(of: definition.id, rules, level, unitsPerPixel, purpose) {
            parts.append(LayerPart(name: definition.id, prepared: prepared, rules: rules, margin: window.margin))
        }
        let labelName = LabelPointLayer.name(of: definition.id)
        if let labelPoints, let rules = tileRules(of: labelName, labelRules, level, unitsPerPixel, purpose) {
            parts.append(LayerPart(name: labelName, prepared: labelPoints, rules: rules, margin: window.margin))
        }
        if let aggregate, let rule = definition.tiles.aggregate, rule.levels.contains(level),
            purpose.reads(AggregateLayer.name(of: definition.id), level: level)
        {
            var rules = TileRules()
            rules.tags = aggregate.fields.enumerated().map { TileRules.Tag(field: $0.offset, key: $0.element) }
            rules.toleranceInUnits = unitsPerPixel / (purpose.repairsRings ? 16 : 4)
            rules.cutting = purpose.repairsRings ? .atMargin : .wholeEdges
            parts.append(LayerPart(name: AggregateLayer.name(of: definition.id), prepared: aggregate, rules: rules, margin: window.margin))
        }
        for i in parts.indices {
            parts[i].rules.countsByTile = purpose.countsByTile
            parts[i].margin = purpose.margin(of: parts[i].name, level: level, unitsPerPixel: unitsPerPixel) ?? window.margin
        }
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
    /// Window units from which features of a source layer matter; `nil` where the window itself says so.
    ///
    /// - Parameter unitsPerPixel: window units in a logical pixel.
    fileprivate func margin(of sourceLayer: String, level: Int, unitsPerPixel: Double) -> Int32? {
        switch self {
        case .vector, .raster(_, .symbols): nil
        case .raster(let style, let content):
            Int32((style.gutter(of: sourceLayer, level: level, for: content) * unitsPerPixel).rounded(.up))
        }
    }

    fileprivate func reads(_ sourceLayer: String, level: Int) -> Bool {
        switch self {
        case .vector: true
        case .raster(let style, let content): style.fields(of: sourceLayer, level: level, for: content) != nil
        }
    }
}
