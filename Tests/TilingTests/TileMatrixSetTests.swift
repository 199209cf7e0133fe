import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Tiling

@Suite struct TileMatrixSetTests {
    static func shipped() throws -> TileMatrixSetRegistry {
        try TileMatrixSetRegistry(directory: Repository.path + "/Tiles/matrix-sets")
    }

    @Test func theShippedSetsAreFour() throws {
        let registry = try Self.shipped()
        #expect(registry.sets.map(\.id) == ["CGCS2000GK114", "WorldCRS84Quad", "c", "w"])
        #expect(registry["WebMercatorQuad"]?.id == "w")
        #expect(registry["c"]?.matrices.map(\.id) == (1...20).map(String.init))
        #expect(registry["w"]?.matrices.map(\.level) == Array(0...22))
        #expect(registry["none"] == nil)
    }

    @Test(arguments: TiandituLevel.all)
    func tiandituNumbers(_ row: TiandituLevel) throws {
        let registry = try Self.shipped()
        let c = try #require(registry["c"])
        let w = try #require(registry["w"])
        #expect(c.crs == "EPSG:4490" && c.isNorthFirst && c.metresPerUnit == StandardGrid.metresPerDegree)
        #expect(w.crs == "EPSG:3857" && !w.isNorthFirst && w.metresPerUnit == 1)
        // Level 21 is published but not served in c: the numbers must follow from level 20.
        let inC = try #require(c.matrix(level: row.level) ?? c.matrix(level: 20)?.halved())
        let inW = try #require(w.matrix(level: row.level))
        #expect(inC.scaleDenominator == row.scaleDenominator)
        #expect(inW.scaleDenominator == row.scaleDenominator)
        #expect(inC.cellSize == row.degreesPerPixel)
        #expect(inW.cellSize == row.metresPerPixel)
        #expect((inC.matrixWidth, inC.matrixHeight) == row.sizeInC)
        #expect((inW.matrixWidth, inW.matrixHeight) == row.sizeInW)
        #expect(inC.tileSize == 256 && inW.tileSize == 256)
        #expect(inC.pointOfOrigin == Coordinate(x: -180, y: 90))
        #expect(inW.pointOfOrigin == Coordinate(x: -20037508.342789244, y: 20037508.342789244))
        let screen = [inC.screenScaleDenominator(metresPerUnit: c.metresPerUnit), inW.screenScaleDenominator(metresPerUnit: 1)]
        for value in screen { #expect(abs(value / row.screenScaleDenominator - 1) < 1e-12) }
        #expect(abs(inC.cellSize * c.metresPerUnit / row.metresPerPixel - 1) < 1e-12)
        let cosine = cos(22.9 * .pi / 180)
        #expect(abs(row.metresPerPixel * cosine / row.eastWestMetresPerPixel - 1) < 1e-12)
        #expect(abs(inC.cellSize * 110_750 / row.northSouthMetresPerPixel - 1) < 1e-12)
    }

    @Test(arguments: TiandituLevel.all)
    func dongguanTiles(_ row: TiandituLevel) throws {
        let registry = try Self.shipped()
        let inC = try #require(registry["c"]?.matrix(level: row.level) ?? registry["c"]?.matrix(level: 20)?.halved())
        let inW = try #require(registry["w"]?.matrix(level: row.level))
        let box = Envelope(minX: 113.52, minY: 22.65, maxX: 114.26, maxY: 23.15)
        let low = Mercator.forward(longitude: box.minX, latitude: box.minY)
        let high = Mercator.forward(longitude: box.maxX, latitude: box.maxY)
        let mercator = Envelope(minX: low.x, minY: low.y, maxX: high.x, maxY: high.y)
        for (matrix, box, expected) in [(inC, box, row.dongguanInC), (inW, mercator, row.dongguanInW)] {
            let limits = try #require(matrix.addresses(intersecting: box))
            let numbers = [
                limits.columns.lowerBound, limits.columns.upperBound, limits.rows.lowerBound, limits.rows.upperBound,
                limits.tileCount,
            ]
            #expect(numbers == expected)
        }
    }

    @Test func publishedConstants() {
        #expect(StandardGrid.renderingPixelSizeInMetres == 0.00028)
        #expect(StandardGrid.screenPixelSizeInMetres == 0.0002645833333333333)
        #expect(StandardGrid.metresPerDegree == 111319.49079327358)
        #expect(StandardGrid.webMercatorHalfWorldInMetres == 20037508.342789244)
        #expect(StandardGrid.semiMajorAxisInMetres * Double.pi / 180 == StandardGrid.metresPerDegree)
    }

    @Test func equivalences() throws {
        let registry = try Self.shipped()
        let c = try #require(registry["c"])
        let crs84 = try #require(registry["WorldCRS84Quad"])
        let gk = try #require(registry["CGCS2000GK114"])
        let w = try #require(registry["w"])
        #expect(gk.crs == "EPSG:4547" && gk.isNorthFirst && gk.metresPerUnit == 1)
        for matrix in c.matrices {
            let same = try #require(crs84.matrix(level: matrix.level - 1))
            #expect(same.envelope == matrix.envelope && same.cellSize == matrix.cellSize)
            let plane = try #require(gk.matrix(level: matrix.level))
            #expect(plane.pointOfOrigin == Coordinate(x: -5_123_200, y: 10_002_100))
            #expect(plane.cellSize == w.matrix(level: matrix.level)?.cellSize)
            #expect(plane.scaleDenominator == matrix.scaleDenominator)
        }
        #expect(gk.matrix(level: 1)?.address(containing: Coordinate(x: 500_000, y: 2_540_000)) == TileAddress(level: 1, row: 0, column: 0))
    }

    @Test(arguments: ["w", "c", "WorldCRS84Quad", "CGCS2000GK114"])
    func serialisedSetReadsBack(_ id: String) throws {
        let set = try #require(try Self.shipped()[id])
        #expect(try TileMatrixSet(json: set.json().bytes()) == set)
        #expect(try TileMatrixSet(json: set.json().bytes(indent: 2)) == set)
    }

    static func document(
        crs: String = "EPSG:4490", axes: String? = #"["Lat","Lon"]"#, scale: Double = 279541132.0143589,
        origin: String = "[90, -180]", extra: String = "", size: Int = 256
    ) -> [UInt8] {
        let axes = axes.map { #""orderedAxes": \#($0),"# } ?? ""
        return Array(
            """
            {"id": "t", "crs": "\(crs)", \(axes) "tileMatrices": [{"id": "1", "scaleDenominator": \(scale),
            "cellSize": 0.703125, "pointOfOrigin": \(origin), "tileWidth": 256, "tileHeight": \(size),
            "matrixWidth": 2, "matrixHeight": 1 \(extra)}]}
            """.utf8)
    }

    @Test func inconsistentDocumentsAreRefused() throws {
        let cases: [(String, [UInt8], TileMatrixSetError.Code)] = [
            ("not JSON", Array("{".utf8), .malformed),
            ("no crs", Array(#"{"id":"t","tileMatrices":[]}"#.utf8), .malformed),
            ("no matrix", Array(#"{"id":"t","crs":"EPSG:4490","tileMatrices":[]}"#.utf8), .inconsistentMatrices),
            ("unreadable crs", Self.document(crs: "CGCS2000"), .unknownCRS),
            ("axes contradict the CRS", Self.document(axes: #"["Lon","Lat"]"#), .axisOrder),
            ("unknown axis order", Self.document(crs: "EPSG:9999", axes: nil), .axisOrder),
            ("swapped origin", Self.document(origin: "[-180, 90]"), .axisOrder),
            ("one ordinate", Self.document(origin: "[90]"), .invalidNumber),
            ("Tianditu's scale series", Self.document(scale: 295829355.4545656), .inconsistentScale),
            ("degrees in a projected CRS", Self.document(crs: "EPSG:4547", axes: nil), .inconsistentScale),
            ("oblong tiles", Self.document(size: 512), .unsupported),
            ("unknown corner", Self.document(extra: #", "cornerOfOrigin": "left""#), .malformed),
            ("merged rows outside", Self.document(extra: #", "variableMatrixWidths": [{"coalesce": 2, "minTileRow": 0, "maxTileRow": 3}]"#), .invalidNumber),
        ]
        for (name, bytes, code) in cases {
            let error = #expect(throws: TileMatrixSetError.self, "\(name)") { try TileMatrixSet(json: bytes) }
            #expect(error?.code == code, "\(name): \(error?.message ?? "")")
        }
        #expect(throws: Never.self) { try TileMatrixSet(json: Self.document()) }
        #expect(try TileMatrixSet(json: Self.document(crs: "EPSG:9999")).isNorthFirst)
        #expect(throws: TileMatrixSetError.self) { try TileMatrixSetRegistry(directory: "/nonexistent") }
        let set = try TileMatrixSet(json: Self.document())
        #expect(throws: TileMatrixSetError.self) { try TileMatrixSetRegistry([set, set]) }
    }

    @Test func aBottomLeftOriginIsReadFromTheTop() throws {
        let set = try TileMatrixSet(json: Self.document(origin: "[-90, -180]", extra: #", "cornerOfOrigin": "bottomLeft""#))
        let matrix = set.matrices[0]
        #expect(matrix.pointOfOrigin == Coordinate(x: -180, y: 90))
        #expect(matrix.rowInDocuments(0) == 0)
        #expect(try TileMatrixSet(json: set.json().bytes()) == set)
    }
}

extension TileMatrix {
    /// The next finer matrix of a set in which every level halves the one above.
    func halved() -> TileMatrix {
        TileMatrix(
            id: String(level + 1), level: level + 1, cellSize: cellSize / 2, pointOfOrigin: pointOfOrigin,
            tileSize: tileSize, matrixWidth: matrixWidth * 2, matrixHeight: matrixHeight * 2,
            scaleDenominator: scaleDenominator / 2)
    }
}

/// Spherical Mercator, for tests only: the engine's reprojection is not this module's.
enum Mercator {
    static func forward(longitude: Double, latitude: Double) -> Coordinate {
        let radius = StandardGrid.semiMajorAxisInMetres
        return Coordinate(
            x: radius * longitude * .pi / 180, y: radius * log(tan(.pi / 4 + latitude * .pi / 360)))
    }

    static func inverse(_ c: Coordinate) -> (longitude: Double, latitude: Double) {
        let radius = StandardGrid.semiMajorAxisInMetres
        return (c.x / radius * 180 / .pi, atan(sinh(c.y / radius)) * 180 / .pi)
    }
}
