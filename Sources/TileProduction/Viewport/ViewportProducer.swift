import Foundation
public import Portrayal
public import Raster
import Tiling
public import Typography
import VectorTiles

/// The way from a style document and a viewport to a picture: read sources → place tiles → draw.
///
/// The drawing is that of map tiles; what differs is that every source's tiles are placed under a camera that heeds no
/// tile border.
public struct ViewportProducer: Sendable {
    private let renderer: StyleRenderer
    private let sources: [StyleSource]
    private let assets: AssetDirectory

    /// - Parameter document: the style, its data inline or below `assets`.
    /// - Throws: `invalidStyle`, `invalidSprite`, `invalidRequest` for addresses that lead nowhere.
    public init(document: JSONValue, assets: AssetDirectory, fonts: FontCatalogue) throws {
        let style = try Style(document)
        let sheets = try style.sprites.flatMap { try Self.sheets($0.id, $0.url, assets) }
        renderer = StyleRenderer(
            style: style, sprites: sheets, fonts: fonts,
            glyphs: style.glyphs.map { GlyphAssets(template: $0, assets: assets) })
        let used = Set(style.layers.filter(\.isVisible).compactMap(\.source))
        sources = try (document.object?["sources"]?.object ?? [:]).sorted { $0.key < $1.key }
            .filter { used.contains($0.key) }
            .compactMap { try StyleSource(id: $0.key, $0.value, assets: assets) }
        self.assets = assets
    }

    /// What the document says and nothing comes of.
    public var remarks: [StyleIssue] { renderer.style.remarks }

    /// Draws the viewport.
    ///
    /// - Throws: `invalidRequest` for a picture too large, `missingFont`, and what is wrong with a tile.
    public func picture(_ viewport: Viewport, scratch: inout RenderScratch) throws -> Pixmap {
        try renderer.render(
            try tiles(of: viewport), frame: Self.frame(of: viewport), options: Self.options, scratch: &scratch)
    }

    /// The features drawn at a place of the viewport's picture, from the top.
    ///
    /// - Throws: as `picture`.
    public func features(
        under query: StyleQuery, in viewport: Viewport, scratch: inout RenderScratch
    ) throws -> [DrawnFeature] {
        try renderer.features(
            under: query, of: try tiles(of: viewport), frame: Self.frame(of: viewport), options: Self.options, scratch: &scratch)
    }

    private static let options = RenderOptions(keepsLabelsWhole: false, manner: .client)

    private static func frame(of viewport: Viewport) -> PictureFrame {
        let corner = viewport.worldPixel
        return PictureFrame(
            width: viewport.deviceWidth, height: viewport.deviceHeight, pixelRatio: Float(viewport.pixelRatio),
            styleZoom: viewport.camera.zoom, bearingInDegrees: viewport.camera.bearingInDegrees, originX: corner.x,
            originY: corner.y, grid: viewport.grid)
    }

    private func tiles(of viewport: Viewport) throws -> [PlacedTile] {
        try sources.flatMap { try placedTiles($0, viewport) }
    }

    private func placedTiles(_ source: StyleSource, _ viewport: Viewport) throws -> [PlacedTile] {
        let cover = TileCover(viewport: viewport)
        switch source {
        case .geoJSON(let source):
            return cover.tiles(atZoom: source.tileZoom(for: viewport)).map { tile in
                place([source.layer(tile)], of: source.id, tile, viewport)
            }
        case .tiles(let source):
            guard let zoom = source.tileZoom(for: viewport) else { return [] }
            if source.content == .raster {
                return try cover.tiles(atZoom: zoom).filter(source.reaches).compactMap { try image($0, of: source, viewport) }
            }
            return try cover.tiles(atZoom: zoom).filter(source.reaches).compactMap { tile in
                guard let bytes = try assets.contents(of: source.address(of: tile)) else { return nil }
                return place(try VectorTileDecoder.decode(bytes), of: source.id, tile, viewport)
            }
        }
    }

    /// The tile's picture or, where there is none, what the nearest coarser tile shows in its place.
    private func image(_ tile: WorldTile, of source: TileSource, _ viewport: Viewport) throws -> PlacedTile? {
        let aligned = viewport.aligned
        for levels in 0...(tile.zoom - source.minimumZoom) {
            let ancestor = tile.ancestor(levels)
            guard let bytes = try assets.contents(of: source.address(of: ancestor)) else { continue }
            let picture = try PNGDecoder.decode(bytes)
            let area = TilePlacing(viewport: aligned, tile: tile).area(tile.placement(in: aligned, extent: 1))
            return PlacedTile(
                layers: [], source: source.id, placement: ancestor.placement(in: aligned, extent: Int32(picture.width)),
                area: area, image: picture)
        }
        return nil
    }

    private func place(_ layers: [TileLayer], of source: String, _ tile: WorldTile, _ viewport: Viewport) -> PlacedTile {
        let placing = TilePlacing(viewport: viewport, tile: tile)
        let placement = tile.placement(in: viewport, extent: layers.first?.extent ?? 4096)
        return PlacedTile(
            layers: layers.map(placing.placed), source: source, name: "\(tile.zoom)/\(tile.column)/\(tile.row)",
            placement: placement, area: placing.area(placement))
    }

    /// The sheet at one pixel a logical pixel and, where it is there, at two.
    private static func sheets(_ id: String, _ url: String, _ assets: AssetDirectory) throws -> [SpriteSheet] {
        var out = [
            try SpriteSheet(id: id, index: try assets.require(url + ".json"), png: try assets.require(url + ".png"))
        ]
        if let index = try assets.contents(of: url + "@2x.json"), let png = try assets.contents(of: url + "@2x.png") {
            out.append(try SpriteSheet(id: id, index: index, png: png))
        }
        return out
    }
}
