import FeatureStore
import Portrayal
import Raster
import SimpleFeatures
import Tiling

extension TileProducer {
    /// The picture of a view, of the same pixels as the map's tiles where its scale is that of one of their levels.
    ///
    /// - Parameters:
    ///   - labels: of the level that the view's pixels are those of; without them labels are placed for the picture alone, and
    ///     only those that lie wholly in it.
    ///   - drawsBackground: whether the style's background layers are drawn.
    /// - Throws: `ProductionError`, `PortrayalError`.
    func picture(_ view: PictureView, labels: LevelLabels?, drawsBackground: Bool) throws -> Pixmap {
        guard let style = map.style else { throw ProductionError.withoutStyle(map) }
        let grid = view.grid
        let window = grid.window
        let content: RasterContent = labels == nil ? .everything : .shapes
        var recorder = ProductionRecorder()
        let selections = try query(window, purpose: .raster(style, content), recorder: &recorder)
        let images = style.imagerySources.isEmpty ? [] : try images(in: grid, style: style)
        let frame = PictureFrame(
            width: grid.width, height: grid.height, pixelRatio: Float(grid.ratio), styleZoom: styleZoom(of: grid.matrix),
            originX: grid.origin.x, originY: grid.origin.y, grid: grid.featureGrid(crs: set.crs))
        let drawn = try bench.draw(
            [PlacedTile(layers: selections.map(\.layer))] + images, frame: frame,
            options: RenderOptions(drawsBackground: drawsBackground), style: style, plan: labels?.plan)
        guard grid.width != view.width || grid.height != view.height else { return drawn }
        return drawn.resampled(fromWidth: grid.taken.width, fromHeight: grid.taken.height, width: view.width, height: view.height)
    }
}

extension PictureGrid {
    /// Where features lie on the Earth, for styles that ask; `nil` in a plane that such expressions do not know.
    fileprivate func featureGrid(crs: String) -> FeatureGrid? {
        guard crs == "EPSG:3857" else { return FeatureGrid(window) }
        let half = StandardGrid.webMercatorHalfWorldInMetres
        let units = window.unitsPerCRSUnit
        return FeatureGrid(
            unitsAcrossWorld: 2 * half * units, turnCosine: 1, turnSine: 0, x: (-half - corner.x) * units,
            y: (corner.y - half) * units, stepsAcrossWorld: 2 * half * units)
    }
}

extension LiveMap {
    /// The map with some of its layers only, in the same order and style.
    public func narrowed(to layers: Set<String>) -> LiveMap {
        LiveMap(definition: definition, layers: self.layers.filter { layers.contains($0.definition.id) }, style: style)
    }
}
