import FeatureStore
import TileCache
import Tiling
import Wording

extension LibraryState {
    /// - Throws: `ProductionError` where there is no such map, or it is not offered in that matrix set.
    func resolve(map id: String, matrixSet: String) throws(ProductionError) -> (LiveMap, TileMatrixSet) {
        guard let map = maps[id] else {
            let known = maps.keys.sorted().joined(separator: ", ")
            throw ProductionError(
                code: .unknownMap,
                message: .init(zh: "没有地图“\(id)”；有：\(known)", en: "there is no map \"\(id)\"; maps are \(known)"))
        }
        let set = try set(matrixSet, of: map)
        return (map, set)
    }

    /// - Throws: `ProductionError` where the map is not offered in that matrix set.
    func set(_ matrixSet: String, of map: LiveMap) throws(ProductionError) -> TileMatrixSet {
        guard map.definition.matrixSets.contains(matrixSet), let set = sets[matrixSet] else {
            let offered = map.definition.matrixSets.joined(separator: ", ")
            throw ProductionError(
                code: .unknownMatrixSet,
                message: .init(
                    zh: "地图 \(map.definition.id) 不提供瓦片矩阵集“\(matrixSet)”；提供：\(offered)",
                    en: "map \(map.definition.id) is not offered in matrix set \"\(matrixSet)\"; it is in \(offered)"))
        }
        return set
    }
}

extension LiveMap {
    /// - Throws: `ProductionError` where the map is not offered in that format.
    func check(_ format: TileFormat) throws(ProductionError) {
        guard !offers(format) else { return }
        let offered = offeredFormats.joined(separator: ", ")
        throw ProductionError(
            code: .unknownFormat,
            message: .init(
                zh: "地图 \(definition.id) 不提供 \(format.mediaType)；提供：\(offered)",
                en: "map \(definition.id) is not offered as \(format.mediaType); it is as \(offered)"))
    }
}

extension TileMatrixSet {
    /// - Throws: `ProductionError` where the set has no such tile.
    func check(_ address: TileAddress) throws(ProductionError) {
        guard let matrix = matrix(level: address.level) else {
            let (first, last) = (matrices.first?.id ?? "-", matrices.last?.id ?? "-")
            throw ProductionError(
                code: .outsideLimits,
                message: .init(
                    zh: "瓦片矩阵集 \(id) 有级别 \(first) 至 \(last)，没有 \(address.level)",
                    en: "matrix set \(id) has levels \(first) to \(last), not \(address.level)"))
        }
        guard matrix.isInside(address) else {
            let (columns, rows) = ("0...\(matrix.matrixWidth - 1)", "0...\(matrix.matrixHeight - 1)")
            throw ProductionError(
                code: .outsideLimits,
                message: .init(
                    zh: "\(id) 第 \(matrix.id) 级的列号为 \(columns)、行号为 \(rows)，没有第 \(address.column) 列、第 \(address.row) 行",
                    en: "level \(matrix.id) of \(id) has columns \(columns) and rows \(rows), not column \(address.column), row \(address.row)"))
        }
    }
}
