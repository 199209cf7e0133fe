import FeatureStore
import Portrayal
import Raster
import SimpleFeatures
import Tiling

extension TileProducer {
    /// Pixels of imagery on a sheet: A0 at a hundred dots an inch, and no more of it than a worker has memory for.
    private static let imageryLimit = 40_000_000.0
    /// Device pixels of imagery to a logical one: two hundred dots an inch.
    private static let finestImageryRatio = 2.0

    /// A map on paper.
    struct Recording {
        var list: DisplayList
        /// What it was made from, in units of which the map has so many across and down.
        var features: [TileLayer]
        var units: (width: Int32, height: Int32)
    }

    /// What the map shows in a part of the sheets' plane, as a list, with the features that it was made from.
    ///
    /// Labels are placed for the sheet, and only those that lie wholly on it.
    /// - Parameter renderer: of the map's style, with icons for the ratio.
    /// - Throws: `ProductionError`, `PortrayalError`.
    func recording(_ view: PictureView, renderer: StyleRenderer) throws -> Recording {
        guard let style = map.style else { throw ProductionError.withoutStyle(map) }
        let grid = view.grid
        var recorder = ProductionRecorder()
        let selections = try query(grid.window, purpose: .raster(style, .everything), recorder: &recorder)
        let images = style.imagerySources.isEmpty ? [] : try imagery(under: view, grid, style)
        let frame = PictureFrame(
            width: grid.width, height: grid.height, pixelRatio: Float(grid.ratio), styleZoom: styleZoom(of: grid.matrix),
            grid: FeatureGrid(grid.window))
        let layers = selections.map(\.layer)
        let list = try bench.record([PlacedTile(layers: layers)] + images, frame: frame, renderer: renderer)
        let units = ProductionSettings.unitsPerPixel
        return Recording(list: list, features: layers, units: (Int32(grid.width) * units, Int32(grid.height) * units))
    }

    /// Imagery is read at a resolution of its own: paper shows no more.
    private func imagery(under view: PictureView, _ grid: PictureGrid, _ style: LiveStyle) throws -> [PlacedTile] {
        let logical = Double(view.width) * Double(view.height) / (view.ratio * view.ratio)
        let ratio = min(view.ratio, Self.finestImageryRatio, (Self.imageryLimit / logical).squareRoot())
        var coarse = view
        coarse.width = max(1, Int((Double(view.width) * ratio / view.ratio).rounded()))
        coarse.height = max(1, Int((Double(coarse.width) * Double(view.height) / Double(view.width)).rounded()))
        coarse.envelope.minY = coarse.envelope.maxY - view.envelope.width / Double(coarse.width) * Double(coarse.height)
        coarse.ratio = ratio
        let step = coarse.grid.cell / grid.cell
        return try images(in: coarse.grid, style: style).map { tile in
            var tile = tile
            tile.placement?.scale *= step
            tile.placement?.x *= step
            tile.placement?.y *= step
            return tile
        }
    }
}

extension WorkerBench {
    func record(_ tiles: [PlacedTile], frame: PictureFrame, renderer: StyleRenderer) throws -> DisplayList {
        try withDrawing { scratch throws(PortrayalError) in
            try renderer.record(tiles, frame: frame, options: RenderOptions(), scratch: &scratch)
        }
    }
}

extension PictureView {
    /// A map on paper, which may have more pixels than a picture.
    init(sheet view: SheetView, set: TileMatrixSet, ratio: Double) {
        self.set = set
        envelope = view.envelope
        (width, height) = (view.layout.mapPixels.width, view.layout.mapPixels.height)
        self.ratio = ratio
    }
}
