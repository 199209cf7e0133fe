import FeatureStore
import Imagery
import Portrayal
import TileCache
import Tiling
import Wording

extension TileProducer {
    /// What the raster layers of the style draw in a window.
    ///
    /// - Parameter side: device pixels of a tile.
    func images(in window: TileWindow, style: LiveStyle, side: Int, ratio: Int) throws -> [PlacedTile] {
        try style.imagerySources.sorted().compactMap { source in
            guard let imagery = imagery(source) else { return nil }
            return try refusing { try imagery.placed(window, source: source, side: side, ratio: ratio) }
        }
    }

    /// What the raster layers of the style draw under a view.
    func images(in grid: PictureGrid, style: LiveStyle) throws -> [PlacedTile] {
        try style.imagerySources.sorted().compactMap { source in
            guard let imagery = imagery(source) else { return nil }
            return try refusing { try imagery.placed(grid, source: source) }
        }
    }

    /// The tile as the archive holds it, where that is what the map shows and what was asked for.
    func storedTile(at address: TileAddress, format: TileFormat) throws -> EncodedTile? {
        guard format.ratio == 1, let source = map.style?.plainImagery, let imagery = imagery(source) else { return nil }
        guard let stored = try refusing({ try imagery.stored(address) }) else { return nil }
        let own: TileFormat = stored.format == .jpeg ? .jpeg(ratio: 1) : .webp(ratio: 1)
        guard format == own || (format == .mixed(ratio: 1) && stored.format == .jpeg) else { return nil }
        return EncodedTile(format: own, body: stored.bytes, isGzip: false, leftOut: [:], dataVersion: map.dataVersion)
    }

    private func imagery(_ source: String) -> ImageryWindow? {
        map.layers.first { $0.definition.id == source }?.imagery.map { ImageryWindow(archive: $0, set: set) }
    }

    private func refusing<Result>(_ read: () throws -> Result) throws -> Result {
        do {
            return try read()
        } catch {
            throw ProductionError(
                code: .storage,
                message: LocalisedText(
                    zh: "地图 \(map.definition.id) 的影像无法读取", en: "the imagery of map \(map.definition.id) cannot be read: \(error)"),
                cause: error)
        }
    }
}
