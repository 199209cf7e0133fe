import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Tiling

/// Tile arithmetic against other programs' answers.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct TileArithmeticTests {
    struct MercatorPoint: Decodable, Sendable, CustomTestStringConvertible {
        var lon, lat: Double
        var z, x, y: Int
        var bounds, xy_bounds: [Double]
        var quadkey: String
        var testDescription: String { "\(z)/\(x)/\(y)" }
    }

    struct MercatorPoints: Decodable { var points: [MercatorPoint] }

    struct TiandituPoint: Decodable, Sendable, CustomTestStringConvertible {
        struct Tile: Decodable, Sendable { var tilecol, tilerow: Int }
        var lon, lat: Double
        var tilematrix: String
        var c, w: Tile
        var testDescription: String { "\(tilematrix) \(lon) \(lat)" }
    }

    static let mercator = Corpora.cases(of: MercatorPoints.self, "tilemath/webmercator.json") { $0.points }
    static let tianditu = Corpora.cases(of: [TiandituPoint].self, "tianditu-wmts/tile_index_vectors.json") { $0 }

    @Test func corporaAreThere() { #expect(Self.mercator.count == 200 && Self.tianditu.count == 200) }

    @Test(arguments: mercator)
    func webMercator(_ p: MercatorPoint) throws {
        let set = try #require(try TileMatrixSetTests.shipped()["w"])
        // Levels beyond the shipped set follow from its finest.
        var matrix = try #require(set.matrix(level: min(p.z, 22)))
        while matrix.level < p.z { matrix = matrix.halved() }
        let address = try #require(matrix.address(containing: Mercator.forward(longitude: p.lon, latitude: p.lat)))
        #expect(address == TileAddress(z: p.z, x: p.x, y: p.y))
        #expect(address.quadkey == p.quadkey)
        let box = matrix.envelope(of: address)
        for (a, b) in zip([box.minX, box.minY, box.maxX, box.maxY], p.xy_bounds) { #expect(abs(a - b) < 1e-6) }
        let low = Mercator.inverse(Coordinate(x: box.minX, y: box.minY))
        let high = Mercator.inverse(Coordinate(x: box.maxX, y: box.maxY))
        for (a, b) in zip([low.longitude, low.latitude, high.longitude, high.latitude], p.bounds) { #expect(abs(a - b) < 1e-9) }
    }

    @Test(arguments: tianditu)
    func tiandituIndices(_ p: TiandituPoint) throws {
        let registry = try TileMatrixSetTests.shipped()
        let c = try #require(registry["c"]?.matrix(id: p.tilematrix))
        let w = try #require(registry["w"]?.matrix(id: p.tilematrix))
        let inC = try #require(c.address(containing: Coordinate(x: p.lon, y: p.lat)))
        #expect(inC == TileAddress(level: c.level, row: p.c.tilerow, column: p.c.tilecol))
        let inW = try #require(w.address(containing: Mercator.forward(longitude: p.lon, latitude: p.lat)))
        #expect(inW == TileAddress(level: w.level, row: p.w.tilerow, column: p.w.tilecol))
    }
}

@Suite struct TileMatrixAddressTests {
    static let matrix = TileMatrix(
        id: "3", level: 3, cellSize: 1, pointOfOrigin: Coordinate(x: 0, y: 800), tileSize: 100, matrixWidth: 10,
        matrixHeight: 8, scaleDenominator: 1 / StandardGrid.renderingPixelSizeInMetres)

    @Test func edgesBelongToOneTile() {
        let m = Self.matrix
        #expect(m.address(containing: Coordinate(x: 100, y: 700)) == TileAddress(level: 3, row: 1, column: 1))
        #expect(m.address(containing: Coordinate(x: 1000, y: 0)) == TileAddress(level: 3, row: 7, column: 9))
        #expect(m.address(containing: Coordinate(x: 1000.001, y: 0)) == nil)
        #expect(m.address(containing: Coordinate(x: .nan, y: 0)) == nil)
        #expect(m.addresses(intersecting: Envelope(minX: 100, minY: 600, maxX: 200, maxY: 700))
            == TileMatrixLimits(level: 3, rows: 1...1, columns: 1...1))
        #expect(m.addresses(intersecting: Envelope(minX: 100, minY: 600, maxX: 100, maxY: 600))
            == TileMatrixLimits(level: 3, rows: 2...2, columns: 1...1))
        #expect(m.addresses(intersecting: Envelope(minX: -1e300, minY: -1e300, maxX: 1e300, maxY: 1e300)) == m.limits)
        #expect(m.addresses(intersecting: Envelope(minX: 1001, minY: 0, maxX: 1002, maxY: 1)) == nil)
        #expect(m.addresses(intersecting: .empty) == nil)
    }

    @Test func limitsAreHonoured() {
        let m = Self.matrix
        #expect(m.isInside(TileAddress(level: 3, row: 7, column: 9)))
        for outside in [TileAddress(level: 3, row: 8, column: 0), TileAddress(level: 3, row: 0, column: 10),
            TileAddress(level: 3, row: -1, column: 0), TileAddress(level: 2, row: 0, column: 0)] {
            #expect(!m.isInside(outside) && !m.limits.contains(outside))
        }
        let block = TileMatrixLimits(level: 3, rows: 2...4, columns: 8...12)
        #expect(m.limits.intersection(block) == TileMatrixLimits(level: 3, rows: 2...4, columns: 8...9))
        var seen: [TileAddress] = []
        m.limits.intersection(block)?.forEachAddress { seen.append($0) }
        #expect(seen.count == 6 && seen.first == TileAddress(level: 3, row: 2, column: 8))
    }

    @Test(arguments: 1...9)
    func everyTileIsInExactlyOneMetatile(_ size: Int) {
        let m = Self.matrix
        var windows: Set<TileWindow> = []
        m.limits.forEachAddress { address in
            let window = TileWindow.metatile(containing: address, of: m, size: size, extent: 256, margin: 64)
            #expect(window.limits.contains(address))
            windows.insert(window)
        }
        #expect(windows.reduce(0) { $0 + $1.limits.tileCount } == m.limits.tileCount)
        for window in windows { #expect(m.envelope.contains(window.envelope.expanded(by: -25))) }
    }

    @Test func randomPositionsLieInTheirTile() throws {
        let seed: UInt64 = 20_180_509
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for set in try TileMatrixSetTests.shipped().sets {
            for matrix in set.matrices {
                for _ in 0..<50 {
                    let box = matrix.envelope
                    let c = Coordinate(x: .random(in: box.minX...box.maxX, using: &random), y: .random(in: box.minY...box.maxY, using: &random))
                    let address = try #require(matrix.address(containing: c))
                    #expect(matrix.isInside(address))
                    #expect(matrix.envelope(of: address).expanded(by: matrix.cellSize * 1e-6).contains(c))
                    #expect(matrix.addresses(intersecting: Envelope(minX: c.x, minY: c.y, maxX: c.x, maxY: c.y))?.tileCount == 1)
                }
            }
        }
    }
}
