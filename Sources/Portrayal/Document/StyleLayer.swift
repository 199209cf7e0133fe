/// What a layer of a style draws.
public enum StyleLayerKind: String, Sendable, CaseIterable {
    case background, fill, line, circle, symbol
    case fillExtrusion = "fill-extrusion"
    case raster, heatmap, hillshade
    case colourRelief = "color-relief"

    /// Why layers of this kind are not drawn; `nil` for those that are.
    public var reasonNotDrawn: String? {
        switch self {
        case .background, .fill, .line, .circle, .symbol, .fillExtrusion, .heatmap, .raster: nil
        case .hillshade, .colourRelief: "elevation sources are not read"
        }
    }

    var layout: [PropertyDefinition] {
        switch self {
        case .background: PropertyDefinition.backgroundLayout
        case .fill: PropertyDefinition.fillLayout
        case .line: PropertyDefinition.lineLayout
        case .circle: PropertyDefinition.circleLayout
        case .symbol: PropertyDefinition.symbolLayout
        case .fillExtrusion: PropertyDefinition.fillExtrusionLayout
        case .raster: PropertyDefinition.rasterLayout
        case .heatmap: PropertyDefinition.heatmapLayout
        case .hillshade: PropertyDefinition.hillshadeLayout
        case .colourRelief: PropertyDefinition.colorReliefLayout
        }
    }

    var paint: [PropertyDefinition] {
        switch self {
        case .background: PropertyDefinition.backgroundPaint
        case .fill: PropertyDefinition.fillPaint
        case .line: PropertyDefinition.linePaint
        case .circle: PropertyDefinition.circlePaint
        case .symbol: PropertyDefinition.symbolPaint
        case .fillExtrusion: PropertyDefinition.fillExtrusionPaint
        case .raster: PropertyDefinition.rasterPaint
        case .heatmap: PropertyDefinition.heatmapPaint
        case .hillshade: PropertyDefinition.hillshadePaint
        case .colourRelief: PropertyDefinition.colorReliefPaint
        }
    }
}

/// One compiled layer of a style.
public struct StyleLayer: Sendable {
    public let id: String
    public let kind: StyleLayerKind
    public let source: String?
    public let sourceLayer: String?
    /// Style zoom from which the layer draws.
    public let minimumZoom: Double
    /// Style zoom at which the layer no longer draws.
    public let maximumZoom: Double
    public let isVisible: Bool
    let filter: PropertyExpression?
    /// The layout and paint properties that the document gives.
    let properties: [String: PropertyExpression]

    /// Whether the layer draws at a style zoom at all.
    public func draws(atStyleZoom zoom: Double) -> Bool {
        isVisible && kind.reasonNotDrawn == nil && zoom >= minimumZoom && zoom < maximumZoom
    }

    /// What the layer reads of a feature.
    public var inputs: ExpressionInputs {
        var all = filter?.inputs ?? ExpressionInputs()
        for property in properties.values { all.formUnion(property.inputs) }
        return all
    }
}
