internal import SimpleFeatures

/// The members of a tile matrix set document as they stand, before anything is believed.
struct TileMatrixSetDocument: Decodable {
    var id: String?
    var title: String?
    var description: String?
    var uri: String?
    var crs: CRSMember
    var orderedAxes: [String]?
    var wellKnownScaleSet: String?
    var tileMatrices: [Matrix]

    /// A URI, or an object that holds one.
    struct CRSMember: Decodable {
        var uri: String

        private enum CodingKeys: String, CodingKey { case uri }

        init(from decoder: any Decoder) throws {
            do {
                uri = try decoder.singleValueContainer().decode(String.self)
            } catch DecodingError.typeMismatch {
                uri = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .uri)
            }
        }
    }

    struct Matrix: Decodable {
        var id: String
        var scaleDenominator: Double
        var cellSize: Double
        var cornerOfOrigin: String?
        var pointOfOrigin: [Double]
        var tileWidth: Int
        var tileHeight: Int
        var matrixWidth: Int
        var matrixHeight: Int
        var variableMatrixWidths: [Width]?
    }

    struct Width: Decodable {
        var coalesce: Int
        var minTileRow: Int
        var maxTileRow: Int
    }

    /// What a decoding failure says, with the path to the member.
    static func reason(of error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        switch error {
        case .keyNotFound(let key, let context): return "\(path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return "\(path(context.codingPath)): \(context.debugDescription)"
        @unknown default: return "\(error)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty ? "document" : keys.map(\.stringValue).joined(separator: ".")
    }
}

extension TileMatrixSetDocument {
    func tileMatrixSet() throws(TileMatrixSetError) -> TileMatrixSet {
        guard let crs = CRSIdentifier(crs.uri) else {
            throw TileMatrixSetError(
                .unknownCRS, "\(name): the CRS '\(crs.uri)' has no readable name; write it as http://www.opengis.net/def/crs/EPSG/0/CODE.")
        }
        guard !tileMatrices.isEmpty else { throw TileMatrixSetError(.inconsistentMatrices, "\(name) has no tile matrix.") }
        let isNorthFirst = try isNorthFirst(crs)
        let metresPerUnit = try metresPerUnit(crs)
        var matrices: [TileMatrix] = []
        let levels = try levels()
        for (document, level) in zip(tileMatrices, levels) {
            let matrix = try document.tileMatrix(level: level, isNorthFirst: isNorthFirst, set: name)
            if let coarser = matrices.last, matrix.cellSize >= coarser.cellSize {
                throw TileMatrixSetError(
                    .inconsistentMatrices, "\(name): matrix '\(matrix.id)' is not finer than '\(coarser.id)' before it; list matrices from coarse to fine.")
            }
            if crs.isGeographic == true || metresPerUnit == StandardGrid.metresPerDegree { try requireEarth(under: matrix) }
            matrices.append(matrix)
        }
        var set = TileMatrixSet(
            id: name, title: title ?? name, uri: uri, crs: crs.description, isNorthFirst: isNorthFirst,
            metresPerUnit: metresPerUnit, matrices: matrices)
        set.orderedAxes = orderedAxes ?? []
        set.wellKnownScaleSet = wellKnownScaleSet
        set.summary = description
        return set
    }

    /// The identifier, or the last step of the URI.
    private var name: String {
        id ?? uri?.split(separator: "/").last.map(String.init) ?? "unnamed"
    }

    private func isNorthFirst(_ crs: CRSIdentifier) throws(TileMatrixSetError) -> Bool {
        let axis = orderedAxes?.first?.uppercased()
        // X and Y name northing and easting in China's and Germany's projected CRSs, so they yield to the CRS's own list.
        let stated: Bool? =
            switch axis {
            case "LAT", "LATITUDE", "N", "NORTHING", "NORTH": true
            case "LON", "LONG", "LONGITUDE", "E", "EASTING", "EAST": false
            default: nil
            }
        if let known = crs.isNorthFirst {
            if let stated, stated != known {
                throw TileMatrixSetError(
                    .axisOrder, "\(name): orderedAxes begins with '\(axis ?? "")', but \(crs) is defined \(known ? "north" : "east") first; correct orderedAxes and pointOfOrigin.")
            }
            return known
        }
        if let stated { return stated }
        if axis == "X" || axis == "Y" { return axis == "Y" }
        throw TileMatrixSetError(
            .axisOrder, "\(name): the axis order of \(crs) is not known here; add orderedAxes, such as [\"E\", \"N\"].")
    }

    /// Integers that count up by one are levels as they are; other identifiers are counted from 0.
    private func levels() throws(TileMatrixSetError) -> [Int] {
        var seen: Set<String> = []
        for matrix in tileMatrices where !seen.insert(matrix.id).inserted {
            throw TileMatrixSetError(.inconsistentMatrices, "\(name): two matrices are called '\(matrix.id)'.")
        }
        let numbers = tileMatrices.compactMap { Int($0.id) }
        if let first = numbers.first, numbers.count == tileMatrices.count, numbers == Array(first..<(first + numbers.count)) {
            return numbers
        }
        return Array(tileMatrices.indices)
    }

    private static let knownUnits = [1, StandardGrid.metresPerDegree, 0.3048, 1200.0 / 3937]

    /// Relative: half a unit of the fourth digit, to which OGC's registry writes some cell sizes. The usual mistake, a
    /// 96 dpi pixel, is a hundred times that.
    private static let scaleTolerance = 5e-4

    private func metresPerUnit(_ crs: CRSIdentifier) throws(TileMatrixSetError) -> Double {
        var unit: Double?
        for matrix in tileMatrices {
            guard matrix.cellSize.isFinite, matrix.cellSize > 0, matrix.scaleDenominator.isFinite, matrix.scaleDenominator > 0 else {
                throw TileMatrixSetError(.invalidNumber, "\(name): matrix '\(matrix.id)' needs a positive cellSize and scaleDenominator.")
            }
            let found = matrix.scaleDenominator * StandardGrid.renderingPixelSizeInMetres / matrix.cellSize
            let nearest = Self.knownUnits.min { abs($0 - found) < abs($1 - found) }
            let known = nearest.flatMap { Self.agree($0, found) ? $0 : nil }
            let expected: Double? = crs.isGeographic == true ? StandardGrid.metresPerDegree : unit
            if let expected, !Self.agree(expected, found) {
                throw TileMatrixSetError(
                    .inconsistentScale, "\(name): matrix '\(matrix.id)' has scaleDenominator \(matrix.scaleDenominator), but its cellSize \(matrix.cellSize) gives \(matrix.cellSize * expected / StandardGrid.renderingPixelSizeInMetres) at 0.28 mm a pixel.")
            }
            if crs.isGeographic == false, known == nil || known == StandardGrid.metresPerDegree {
                throw TileMatrixSetError(
                    .inconsistentScale, "\(name): matrix '\(matrix.id)' implies \(found) metres a unit, which no projected CRS such as \(crs) has.")
            }
            unit = unit ?? known ?? found
        }
        return unit ?? 1
    }

    private static func agree(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= scaleTolerance * abs(a) }

    /// Swapped ordinates put a geographic grid's top edge below the south pole.
    private func requireEarth(under matrix: TileMatrix) throws(TileMatrixSetError) {
        let box = matrix.envelope
        guard box.maxY > -90, box.minY < 90, box.maxX > -180, box.minX < 180 else {
            throw TileMatrixSetError(
                .axisOrder, "\(name): matrix '\(matrix.id)' begins at longitude \(matrix.pointOfOrigin.x), latitude \(matrix.pointOfOrigin.y) and meets no place on earth; are the two numbers of pointOfOrigin swapped?")
        }
    }
}

extension TileMatrixSetDocument.Matrix {
    func tileMatrix(level: Int, isNorthFirst: Bool, set: String) throws(TileMatrixSetError) -> TileMatrix {
        guard pointOfOrigin.count == 2, pointOfOrigin.allSatisfy(\.isFinite) else {
            throw TileMatrixSetError(.invalidNumber, "\(set): matrix '\(id)' needs a pointOfOrigin of two numbers.")
        }
        let counts = 1...Int(Int32.max)
        guard counts.contains(matrixWidth), counts.contains(matrixHeight), (1...65_535).contains(tileWidth) else {
            throw TileMatrixSetError(.invalidNumber, "\(set): matrix '\(id)' has a size that is not 1 or more.")
        }
        guard tileWidth == tileHeight else {
            throw TileMatrixSetError(.unsupported, "\(set): matrix '\(id)' has tiles of \(tileWidth) x \(tileHeight) pixels; only square tiles are drawn.")
        }
        guard let corner = CornerOfOrigin(rawValue: cornerOfOrigin ?? "topLeft") else {
            throw TileMatrixSetError(.malformed, "\(set): matrix '\(id)' has cornerOfOrigin '\(cornerOfOrigin ?? "")'; write topLeft or bottomLeft.")
        }
        var origin = Coordinate(x: pointOfOrigin[isNorthFirst ? 1 : 0], y: pointOfOrigin[isNorthFirst ? 0 : 1])
        if corner == .bottomLeft { origin.y += Double(matrixHeight) * cellSize * Double(tileWidth) }
        var matrix = TileMatrix(
            id: id, level: level, cellSize: cellSize, pointOfOrigin: origin, tileSize: tileWidth,
            matrixWidth: matrixWidth, matrixHeight: matrixHeight, scaleDenominator: scaleDenominator)
        matrix.cornerOfOrigin = corner
        matrix.variableMatrixWidths = try widths(set: set)
        return matrix
    }

    private func widths(set: String) throws(TileMatrixSetError) -> [VariableMatrixWidth] {
        var widths: [VariableMatrixWidth] = []
        for width in variableMatrixWidths ?? [] {
            guard width.coalesce >= 2, width.coalesce <= matrixWidth, width.minTileRow >= 0,
                width.minTileRow <= width.maxTileRow, width.maxTileRow < matrixHeight
            else {
                throw TileMatrixSetError(
                    .invalidNumber, "\(set): matrix '\(id)' merges \(width.coalesce) columns in rows \(width.minTileRow) to \(width.maxTileRow), which it does not have.")
            }
            widths.append(VariableMatrixWidth(coalesce: width.coalesce, rows: width.minTileRow...width.maxTileRow))
        }
        return widths
    }
}
