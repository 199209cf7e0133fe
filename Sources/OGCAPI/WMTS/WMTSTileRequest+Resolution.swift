public import Tiling

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
            throw ServiceException(.invalidParameterValue, locator: "TILEMATRIXSET", "Layer '\(layer)' is not offered in '\(tileMatrixSet)'; choose from \(offered.joined(separator: ", ")).")
        }
        guard let matrix = set.matrix(id: tileMatrix) else {
            throw ServiceException(.invalidParameterValue, locator: "TILEMATRIX", "'\(set.id)' has no tile matrix '\(tileMatrix)'; it has \(set.matrices.first?.id ?? "") to \(set.matrices.last?.id ?? "").")
        }
        let address = TileAddress(level: matrix.level, row: matrix.rowInDocuments(row), column: column)
        let block = limits.map { all in all.first { $0.level == matrix.level } } ?? matrix.limits
        guard let block else {
            throw ServiceException(.tileOutOfRange, locator: "TILEMATRIX", "Layer '\(layer)' has no tiles at '\(matrix.id)'.")
        }
        guard block.rows.contains(address.row) else {
            throw ServiceException(.tileOutOfRange, locator: "TILEROW", "Row \(row) is outside \(block.rows.lowerBound) to \(block.rows.upperBound).")
        }
        guard block.columns.contains(column) else {
            throw ServiceException(.tileOutOfRange, locator: "TILECOL", "Column \(column) is outside \(block.columns.lowerBound) to \(block.columns.upperBound).")
        }
        return (set, matrix, address)
    }
}
