public import SimpleFeatures
public import Tiling

/// How a cached service's tiles lie (`tileInfo`), and what its extents are called.
public struct EsriTileInfo: Hashable, Sendable {
    /// Of pictures: 96 is what ArcGIS computes scales with, whatever a pixel's size in OGC's documents.
    public static let dotsPerInch = 96

    public var set: TileMatrixSet
    /// Pixels a tile is wide and high; resolutions and scales follow from it.
    public var tileSize: Int
    /// As ArcGIS calls it: `PNG32`, `JPEG`, `MIXED`, `pbf`.
    public var format: String
    /// Of the set: beyond it clients enlarge.
    public var lastLevel: Int

    public init(_ set: TileMatrixSet, tileSize: Int = 256, format: String, lastLevel: Int) {
        self.set = set
        self.tileSize = tileSize
        self.format = format
        self.lastLevel = lastLevel
    }

    /// The set's CRS.
    public var crs: CRSIdentifier { CRSIdentifier(self.set.crs) ?? .crs84 }

    /// Of level 0 of Web Mercator with tiles of 256 pixels.
    public static let webMercatorScale = 591_657_527.591555

    /// Inches a metre as ArcGIS's own scheme of Web Mercator has them, where 39.37007874 would be right: level 0 is 1:591657527.591555.
    private static let inchesPerMetre = 39.37

    /// A matrix's scale as ArcGIS states it, at 96 dots an inch.
    public func scale(of matrix: TileMatrix) -> Double {
        let isProjected = self.set.metresPerUnit == 1
        let scale = isProjected
            ? matrix.cellSize * Double(Self.dotsPerInch) * Self.inchesPerMetre : matrix.screenScaleDenominator(metresPerUnit: self.set.metresPerUnit)
        return scale * shrinkage(matrix)
    }

    /// Up to the last level that there are tiles of.
    var matrices: [TileMatrix] { self.set.matrices.filter { $0.level <= lastLevel } }

    /// Tiles of twice the pixels have half the resolution on the same grid.
    private func shrinkage(_ matrix: TileMatrix) -> Double { Double(matrix.tileSize) / Double(tileSize) }

    public func json() -> JSONDocument {
        let origin = self.set.matrices.first?.pointOfOrigin ?? Coordinate(x: 0, y: 0)
        return [
            "rows": .integer(tileSize), "cols": .integer(tileSize), "dpi": .integer(Self.dotsPerInch), "format": .string(format), "compressionQuality": 0,
            "origin": ["x": .number(origin.x), "y": .number(origin.y)], "spatialReference": EsriSpatialReference.json(crs),
            "lods": .array(matrices.map { matrix in
                ["level": .integer(matrix.level), "resolution": .number(matrix.cellSize * shrinkage(matrix)), "scale": .number(scale(of: matrix))]
            }),
        ]
    }

    /// A box, east first.
    public func extent(_ box: Envelope) -> JSONDocument {
        [
            "xmin": .number(box.minX), "ymin": .number(box.minY), "xmax": .number(box.maxX), "ymax": .number(box.maxY),
            "spatialReference": EsriSpatialReference.json(crs),
        ]
    }

    /// `esriMeters` or `esriDecimalDegrees`.
    public var units: String { self.set.metresPerUnit == 1 ? "esriMeters" : "esriDecimalDegrees" }
}
