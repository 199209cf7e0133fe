public import Tiling
internal import Wording

extension WMTSTileRequest {
    /// The tile that the request means.
    ///
    /// - Parameters:
    ///   - registry: the sets that exist.
    ///   - offered: identifiers of the sets that the layer is offered in.
    ///   - limits: the blocks that the layer holds, one a level; `nil` when only the matrix limits it.
    /// - Throws: `InvalidParameterValue` for an unknown set or matrix, `TileOutOfRange` for a place outside.
    public func resolve(
        in registry: TileMatrixSetRegistry, offered: [String], limits: [TileMatrixLimits]? = nil
    ) throws(ServiceException) -> (set: TileMatrixSet, matrix: TileMatrix, address: TileAddress) {
        guard let set = registry[tileMatrixSet], offered.contains(set.id) else {
            let choice = offered.joined(separator: ", ")
            throw ServiceException(
                .invalidParameterValue, locator: "TILEMATRIXSET",
                .init(
                    zh: "图层“\(layer)”不提供瓦片矩阵集“\(tileMatrixSet)”；可选：\(choice)。",
                    en: "Layer '\(layer)' is not offered in '\(tileMatrixSet)'; choose from \(choice)."))
        }
        guard let matrix = set.matrix(id: tileMatrix) else {
            let (first, last) = (set.matrices.first?.id ?? "", set.matrices.last?.id ?? "")
            throw ServiceException(
                .invalidParameterValue, locator: "TILEMATRIX",
                .init(
                    zh: "“\(set.id)”没有瓦片矩阵“\(tileMatrix)”；有 \(first) 至 \(last)。",
                    en: "'\(set.id)' has no tile matrix '\(tileMatrix)'; it has \(first) to \(last)."))
        }
        let address = TileAddress(level: matrix.level, row: matrix.rowInDocuments(row), column: column)
        let block = limits.map { all in all.first { $0.level == matrix.level } } ?? matrix.limits
        guard let block else {
            throw ServiceException(
                .tileOutOfRange, locator: "TILEMATRIX",
                .init(zh: "图层“\(layer)”在“\(matrix.id)”没有瓦片。", en: "Layer '\(layer)' has no tiles at '\(matrix.id)'."))
        }
        guard block.rows.contains(address.row) else {
            throw ServiceException(
                .tileOutOfRange, locator: "TILEROW",
                .init(
                    zh: "行号 \(row) 超出 \(block.rows.lowerBound) 至 \(block.rows.upperBound)。",
                    en: "Row \(row) is outside \(block.rows.lowerBound) to \(block.rows.upperBound)."))
        }
        guard block.columns.contains(column) else {
            throw ServiceException(
                .tileOutOfRange, locator: "TILECOL",
                .init(
                    zh: "列号 \(column) 超出 \(block.columns.lowerBound) 至 \(block.columns.upperBound)。",
                    en: "Column \(column) is outside \(block.columns.lowerBound) to \(block.columns.upperBound)."))
        }
        return (set, matrix, address)
    }
}
