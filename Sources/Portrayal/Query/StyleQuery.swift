public import SimpleFeatures
public import Tiling

/// Asks which features a style draws at a place of a picture, from the top.
///
/// A feature counts where its shape is drawn, with its widths, offsets and translations, and a symbol by its box, where it
/// found a place. One that is drawn wholly transparent counts too; layers that are hidden, or not drawn at the zoom, do not.
/// Backgrounds, heatmaps and raster layers show no single features and answer nothing.
public struct StyleQuery: Sendable {
    let area: QueryArea
    /// Identifiers of the style layers that are asked; `nil` for all.
    public var layers: Set<String>?
    /// What features must pass besides their layer's own filter.
    public var filter: FeatureFilter?

    /// - Parameter x, y: device pixels of the picture.
    public init(x: Double, y: Double) { self.init(left: x, top: y, right: x, bottom: y) }

    /// A box in device pixels; its sides may be given in either order.
    public init(left: Double, top: Double, right: Double, bottom: Double) {
        area = QueryArea(
            low: QueryArea.Position(min(left, right), min(top, bottom)), high: QueryArea.Position(max(left, right), max(top, bottom)))
    }

    func asks(_ layer: ZoomedLayer) -> Bool { layers?.contains(layer.id) ?? true }
}

/// A feature that a query found.
public struct DrawnFeature: Sendable, Equatable {
    /// The style layer that draws it there.
    public var layer: String
    public var source: String?
    public var sourceLayer: String?
    /// 0 where it has none.
    public var id: UInt64
    public var properties: [String: PropertyValue]
    public var kind: TileGeometryKind
    /// x, y by turns in 24.8 device pixels, as the picture's data holds them: cut where the tile ends.
    public var parts: [[Int32]]

    init(_ feature: Int, of data: TileLayer, _ layer: ZoomedLayer) {
        let found = data.features[feature]
        self.layer = layer.id
        source = layer.source
        sourceLayer = layer.sourceLayer
        id = found.id
        kind = found.kind
        parts = found.parts.map { Array(data.coordinates[data.coordinateRange(part: $0)]) }
        properties = [:]
        for t in stride(from: found.tags.lowerBound, to: found.tags.upperBound, by: 2) {
            properties[data.keys[Int(data.tags[t])]] = data.values[Int(data.tags[t + 1])]
        }
    }
}
