import Foundation
import Portrayal
import SimpleFeatures

/// A tile of the Web Mercator ladder, in one of the copies of the world that lie side by side.
struct WorldTile: Hashable, Sendable {
    /// Style zoom of the tile, a whole number.
    var zoom: Int
    /// Column in the world, 0 ..< 2^zoom.
    var column: Int
    var row: Int
    /// 0 for the world itself, -1 for its copy in the west.
    var copy: Int

    /// Where the tile lies on the world plane, counted in tiles of its zoom.
    var left: Double { Double(column) + Double(copy) * exp2(Double(zoom)) }

    /// The tile `levels` above that holds this one.
    func ancestor(_ levels: Int) -> WorldTile {
        WorldTile(zoom: zoom - levels, column: column >> levels, row: row >> levels, copy: copy)
    }

    func placement(in viewport: Viewport, extent: Int32) -> TilePlacement {
        let side = 1 / exp2(Double(zoom))
        let corner = viewport.pixels(of: Coordinate(x: left * side, y: Double(row) * side))
        let (cosine, sine) = viewport.turn
        return TilePlacement(
            extent: Double(extent), scale: viewport.worldSide * side / Double(extent), turnCosine: cosine, turnSine: sine,
            x: corner.x, y: corner.y, overscale: exp2(max(0, viewport.camera.zoom.rounded(.down) - Double(zoom))))
    }
}

/// The tiles that a viewport shows.
struct TileCover {
    let viewport: Viewport

    /// Tiles and pixels that rounding may take off a touch.
    private static let slack = 1e-9

    /// Tiles of one zoom from the north west, row by row.
    func tiles(atZoom zoom: Int) -> [WorldTile] {
        let count = 1 << zoom
        let box = viewport.envelope
        let rows = Self.range(box.minY, box.maxY, count).clamped(to: 0..<count)
        var out: [WorldTile] = []
        for row in rows {
            for column in Self.range(box.minX, box.maxX, count) {
                let copy = Int((Double(column) / Double(count)).rounded(.down))
                let tile = WorldTile(zoom: zoom, column: column - copy * count, row: row, copy: copy)
                if isSeen(tile) { out.append(tile) }
            }
        }
        return out
    }

    /// Tiles that only touch the picture count: what stands on their edge reaches into it.
    private static func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
        let first = Int((low * Double(count) - slack).rounded(.up)) - 1
        return first..<max(first, Int((high * Double(count) + slack).rounded(.down)) + 1)
    }

    /// Whether the picture's box meets the tile's; a turned tile may lie beside the picture all the same, and draws nothing then.
    private func isSeen(_ tile: WorldTile) -> Bool {
        let outline = tile.placement(in: viewport, extent: 1).outline
        let (x, y) = (outline.map(\.x), outline.map(\.y))
        guard let left = x.min(), let right = x.max(), let top = y.min(), let bottom = y.max() else { return false }
        return right >= -Self.slack && bottom >= -Self.slack && left <= Double(viewport.deviceWidth) + Self.slack
            && top <= Double(viewport.deviceHeight) + Self.slack
    }
}
