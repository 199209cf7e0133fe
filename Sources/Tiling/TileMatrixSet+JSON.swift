internal import Foundation
public import SimpleFeatures

extension TileMatrixSet {
    /// Reads a tile matrix set document (OGC 17-083r4, JSON encoding).
    ///
    /// - Throws: when the document is malformed, leaves the order of its ordinates open, or contradicts itself.
    public init(json: [UInt8]) throws(TileMatrixSetError) {
        let document: TileMatrixSetDocument
        do {
            document = try JSONDecoder().decode(TileMatrixSetDocument.self, from: Data(json))
        } catch {
            throw TileMatrixSetError(
                .malformed, "The text is not a tile matrix set in JSON: \(TileMatrixSetDocument.reason(of: error)).",
                cause: error)
        }
        self = try document.tileMatrixSet()
    }

    /// The set as a document, ordinates in the CRS's own order.
    public func json() -> JSONDocument {
        [
            "id": .string(id), "title": .string(title), "description": summary.map { .string($0) },
            "uri": uri.map { .string($0) }, "crs": .string(CRSIdentifier(crs)?.uri ?? crs),
            "orderedAxes": orderedAxes.isEmpty ? nil : .strings(orderedAxes),
            "wellKnownScaleSet": wellKnownScaleSet.map { .string($0) },
            "tileMatrices": .array(matrices.map(json(of:))),
        ]
    }

    private func json(of matrix: TileMatrix) -> JSONDocument {
        let corner = inDocumentOrder(matrix.documentOrigin)
        let widths = matrix.variableMatrixWidths.map { width -> JSONDocument in
            [
                "coalesce": .integer(width.coalesce), "minTileRow": .integer(width.rows.lowerBound),
                "maxTileRow": .integer(width.rows.upperBound),
            ]
        }
        return [
            "id": .string(matrix.id), "scaleDenominator": .number(matrix.scaleDenominator),
            "cellSize": .number(matrix.cellSize), "cornerOfOrigin": .string(matrix.cornerOfOrigin.rawValue),
            "pointOfOrigin": .numbers([corner.0, corner.1]), "matrixWidth": .integer(matrix.matrixWidth),
            "matrixHeight": .integer(matrix.matrixHeight), "tileWidth": .integer(matrix.tileSize),
            "tileHeight": .integer(matrix.tileSize), "variableMatrixWidths": widths.isEmpty ? nil : .array(widths),
        ]
    }

    /// The two ordinates in the order that documents of this CRS use.
    public func inDocumentOrder(_ c: Coordinate) -> (first: Double, second: Double) {
        isNorthFirst ? (c.y, c.x) : (c.x, c.y)
    }
}

extension TileMatrix {
    /// The corner from which the set's document counts rows; x, y.
    var documentOrigin: Coordinate {
        switch cornerOfOrigin {
        case .topLeft: pointOfOrigin
        case .bottomLeft: Coordinate(x: pointOfOrigin.x, y: pointOfOrigin.y - Double(matrixHeight) * tileSpan)
        }
    }
}
