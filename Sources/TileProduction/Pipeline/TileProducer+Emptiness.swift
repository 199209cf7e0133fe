import FeatureStore
import Portrayal
import TileCache
import Tiling

extension TileProducer {
    /// Whether the vector tile is known to be empty, because no layer has a feature near it.
    ///
    /// Costs a look into the index of each layer; says nothing of tiles whose features are all left out.
    func isKnownEmpty(vectorTileAt address: TileAddress) throws -> Bool {
        try !hasFeatures(near: vectorWindow(at: address), purpose: .vector)
    }

    /// Whether all tiles wanted of a metatile are known to be empty: no shape reaches it, no label lies on it, and the style paints an even
    /// ground.
    ///
    /// - Parameters: as `rasterTiles` has them.
    func isKnownEmpty(
        metatileAround address: TileAddress, format: TileFormat, metatile size: Int, labels: LevelLabels?,
        only wanted: [TileAddress]? = nil
    ) throws -> Bool {
        guard let style = map.style, let matrix = set.matrix(level: address.level), let ratio = format.ratio else { return false }
        // What images show is known to themselves alone.
        guard !map.layers.contains(where: { $0.imagery != nil && style.imagerySources.contains($0.definition.id) }) else { return false }
        let window = rasterWindow(around: address, of: matrix, size: size, ratio: ratio, labels == nil ? nil : wanted)
        let content: RasterContent = labels == nil ? .everything : .shapes
        guard try !hasFeatures(near: window, purpose: .raster(style, content)), labels?.plan.isEmpty(in: window) ?? true else {
            return false
        }
        return try bench.ground(of: style, window: window, styleZoom: styleZoom(of: matrix), ratio: ratio) != nil
    }

    private func hasFeatures(near window: TileWindow, purpose: LayerPurpose) throws -> Bool {
        let level = window.matrix.nominalLevel(metresPerUnit: set.metresPerUnit)
        let crs = ServedCRSs.datumTwin(of: set.crs)
        for layer in map.layers {
            for part in layer.parts(level: level, window: window, purpose: purpose) {
                var reached = window
                reached.margin = part.margin
                if try part.prepared.hasFeatures(near: reached, crs: crs) { return true }
            }
        }
        return false
    }

    /// The metatile around a tile, or as much of it as holds the tiles that are wanted.
    func rasterWindow(
        around address: TileAddress, of matrix: TileMatrix, size: Int, ratio: Int, _ wanted: [TileAddress]? = nil
    ) -> TileWindow {
        let whole = TileWindow.metatile(
            containing: address, of: matrix, size: size, extent: Int32(matrix.tileSize * ratio) * ProductionSettings.unitsPerPixel,
            margin: ProductionSettings.rasterGutterInPixels * Int32(ratio) * ProductionSettings.unitsPerPixel)
        return wanted.map(whole.narrowed) ?? whole
    }
}
