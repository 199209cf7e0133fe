import FeatureStore
import OGCAPI
import TileCache
import TileProduction
import Tiling

/// Under which paths the service gives the tiles of a change, for caches that know addresses and no keys.
///
/// WMTS in key-value pairs is not among them: its parameters may come in any order, so only keys find all of it. Nor are tiles of OGC
/// API, TMS and ArcGIS REST: caches in front ask for these each time.
struct PurgePaths {
    /// Paths of one notice; a change with more is told by its keys and tiles alone.
    static let limit = 2_000

    let map: LiveMap
    let sets: TileMatrixSetRegistry

    /// `nil` where there are more than `limit`, or a set is not known.
    func paths(of blocks: [DirtyTiles.Block]) -> [String]? {
        guard blocks.reduce(0, { $0 + $1.count }) <= Self.limit else { return nil }
        var paths: [String] = []
        for block in blocks {
            guard let matrix = sets[block.matrixSet]?.matrix(level: block.level) else { return nil }
            for row in block.rows {
                for column in block.columns { paths += self.paths(of: block, matrix, row: row, column: column) }
            }
            guard paths.count <= Self.limit else { return nil }
        }
        return paths
    }

    private func paths(of block: DirtyTiles.Block, _ matrix: TileMatrix, row: Int, column: Int) -> [String] {
        let id = PercentEncoding.encode(map.definition.id)
        var paths: [String] = []
        if block.matrixSet == TileRoutes.webMercator {
            paths = xyzEndings(block.kind).map { "/tiles/\(id)/\(block.level)/\(column)/\(row)\($0)" }
        }
        for (layer, style) in layerStyles {
            for format in wmtsFormats(block.kind) {
                paths.append(
                    WMTSTileRequest(
                        layer: layer, style: style, tileMatrixSet: block.matrixSet, tileMatrix: matrix.id,
                        place: (row: matrix.rowInDocuments(row), column: column), format: format
                    ).restfulPath)
            }
        }
        return paths
    }

    /// How WMTS names the map: as itself, and as a style of the map that it shows in another way.
    private var layerStyles: [(layer: String, style: String?)] {
        let own = [(map.definition.id, nil), (map.definition.id, map.definition.style)] as [(layer: String, style: String?)]
        guard let base = map.definition.basedOn else { return own }
        let styles = map.definition.id == map.definition.style ? [map.definition.id] : [map.definition.id, map.definition.style]
        return own + styles.map { (base, $0) }
    }

    /// The empty one leaves the format to the client's `Accept`.
    private func xyzEndings(_ kind: DirtyTiles.Kind) -> [String] {
        guard kind == .picture else { return [".mvt", ".pbf"] }
        var endings = ["", ".png", "@2x.png"]
        if map.offers(.jpeg(ratio: 1)) { endings += [".jpg", "@2x.jpg"] }
        if map.offers(.webp(ratio: 1)) { endings += [".webp", "@2x.webp"] }
        return endings
    }

    private func wmtsFormats(_ kind: DirtyTiles.Kind) -> [WMTSTileFormat] {
        guard kind == .picture else { return [.vectorTile] }
        return [.png] + (map.offers(.jpeg(ratio: 1)) ? [.jpeg] : []) + (map.offers(.webp(ratio: 1)) ? [.webp] : [])
    }
}
