import FeatureStore
import Imagery
import Portrayal
import Raster
import SimpleFeatures
import Tiling

/// What an imagery archive shows in a window of tiles.
///
/// Beyond the archive's finest level its pictures are enlarged. Everything under the window is put together before it is
/// scaled, so that no seam shows where tiles of the archive join.
struct ImageryWindow {
    let archive: ImageryArchive
    let set: TileMatrixSet

    /// The picture of the window as a placed tile; `nil` where the archive shows nothing.
    ///
    /// - Parameters:
    ///   - source: the style's source that it feeds.
    ///   - side: device pixels of a tile.
    func placed(_ window: TileWindow, source: String, side: Int, ratio: Int) throws -> PlacedTile? {
        guard let (number, range) = levels else { return nil }
        let wanted = window.origin.level + (ratio > 1 ? 1 : 0)
        let level = min(max(wanted, range.lowerBound), range.upperBound)
        guard let matrix = set.matrix(level: level) else { return nil }
        // Device pixels to one of the archive's.
        let step = Double(side) / Double(matrix.tileSize) * Self.powerOfTwo(window.origin.level, to: level)
        let origin = (x: window.origin.column * side, y: window.origin.row * side)
        let area = SourceArea(
            left: Self.source(origin.x, step) - 1, top: Self.source(origin.y, step) - 1,
            right: Self.source(origin.x + window.columns * side, step) + 2, bottom: Self.source(origin.y + window.rows * side, step) + 2)
        guard let picture = try picture(area, set: number, matrix) else { return nil }
        return PlacedTile(
            layers: [], source: source,
            placement: TilePlacement(
                extent: Double(picture.width), scale: step, turnCosine: 1, turnSine: 0, x: Double(area.left) * step - Double(origin.x),
                y: Double(area.top) * step - Double(origin.y)),
            image: picture)
    }

    /// The picture under any view as a placed tile; `nil` where the archive shows nothing.
    func placed(_ grid: PictureGrid, source: String) throws -> PlacedTile? {
        guard let (number, range) = levels else { return nil }
        // The coarsest level that is no coarser than the picture, for what is reduced by less than half loses nothing.
        let fitting = range.first { level in set.matrix(level: level).map { $0.cellSize <= grid.cell * 1.001 } ?? false }
        guard let matrix = set.matrix(level: fitting ?? range.upperBound) else { return nil }
        let step = matrix.cellSize / grid.cell
        let east = (grid.corner.x - matrix.pointOfOrigin.x) / matrix.cellSize
        let south = (matrix.pointOfOrigin.y - grid.corner.y) / matrix.cellSize
        let side = Double(matrix.tileSize)
        let (columns, rows) = (Double(matrix.matrixWidth) * side, Double(matrix.matrixHeight) * side)
        let area = SourceArea(
            left: Int(max(0, (east - 1).rounded(.down))), top: Int(max(0, (south - 1).rounded(.down))),
            right: Int(min(columns, (east + Double(grid.width) / step + 2).rounded(.up))),
            bottom: Int(min(rows, (south + Double(grid.height) / step + 2).rounded(.up))))
        guard area.left < area.right, area.top < area.bottom, let picture = try picture(area, set: number, matrix) else { return nil }
        return PlacedTile(
            layers: [], source: source,
            placement: TilePlacement(
                extent: Double(picture.width), scale: step, turnCosine: 1, turnSine: 0, x: (Double(area.left) - east) * step,
                y: (Double(area.top) - south) * step),
            image: picture)
    }

    /// The tile as the archive holds it; `nil` where it holds none or not at this level.
    func stored(_ address: TileAddress) throws(ImageryError) -> StoredTile? {
        guard let (number, range) = levels, range.contains(address.level) else { return nil }
        return try archive.tile(set: number, address)
    }

    private var levels: (number: Int, range: ClosedRange<Int>)? {
        guard let number = archive.metadata.sets.firstIndex(where: { $0.isOf(set) }) else { return nil }
        let found = archive.metadata.sets[number]
        return found.firstLevel <= found.lastLevel ? (number, found.firstLevel...found.lastLevel) : nil
    }

    /// Pixels of the whole level; right and bottom are not inside.
    private struct SourceArea {
        var left: Int
        var top: Int
        var right: Int
        var bottom: Int
    }

    private static func source(_ device: Int, _ step: Double) -> Int { Int((Double(device) / step).rounded(.down)) }

    /// Pixels of `level` to one of `other`, exactly.
    private static func powerOfTwo(_ level: Int, to other: Int) -> Double {
        level >= other ? Double(1 << (level - other)) : 1 / Double(1 << (other - level))
    }

    private func picture(_ area: SourceArea, set number: Int, _ matrix: TileMatrix) throws -> Pixmap? {
        let side = matrix.tileSize
        var picture = Pixmap(width: area.right - area.left, height: area.bottom - area.top)
        var isEmpty = true
        for row in max(0, area.top / side)...max(0, (area.bottom - 1) / side) {
            for column in max(0, area.left / side)...max(0, (area.right - 1) / side) {
                let address = TileAddress(level: matrix.level, row: row, column: column)
                guard matrix.isInside(address), let tile = try archive.tile(set: number, address) else { continue }
                picture.take(try tile.pixmap(), left: column * side - area.left, top: row * side - area.top)
                isEmpty = false
            }
        }
        return isEmpty ? nil : picture
    }
}

extension Pixmap {
    /// Copies what of a picture lies inside this one, its left top at `left`, `top`.
    fileprivate mutating func take(_ other: Pixmap, left: Int, top: Int) {
        let (from, to) = (max(0, left), min(width, left + other.width))
        guard from < to else { return }
        for y in max(0, top)..<max(max(0, top), min(height, top + other.height)) {
            let source = (y - top) * other.width + from - left
            let target = y * width + from
            pixels.replaceSubrange(target..<(target + to - from), with: other.pixels[source..<(source + to - from)])
        }
    }
}
