import SimpleFeatures
import TestSupport
import Testing
import Tiling

@testable import Generalisation

@Suite struct GridTransformTests {
    /// The same place is rounded alike whatever file it comes from: in degrees every ninetieth position lies midway.
    @Test(arguments: ["w", "c"])
    func theOriginOfAFileDoesNotShow(setID: String) throws {
        let set = try #require(try TileMatrixSetRegistry(directory: Repository.path + "/Tiles/matrix-sets")[setID])
        let unit = setID == "c" ? 0x1p-27 : 0x1p-10
        let place: (x: Int64, y: Int64) = setID == "c" ? (15_258_000_000, 3_087_000_000) : (12_958_000_000, 2_633_000_000)
        var random = SeededGenerator(seed: 7)
        for level in [12, 15, 17, 18] {
            let matrix = try #require(set.matrix(level: level))
            let address = TileAddress(level: level, row: matrix.matrixHeight / 3, column: matrix.matrixWidth * 4 / 5)
            let window = TileWindow.tile(address, of: matrix, extent: 4096, margin: 0)
            let origins = [-3, 0, 1, 700].map { step in ((place.x >> 20 + step) << 20, (place.y >> 20 - step) << 20) }
            let transforms = origins.map { origin in
                GridTransform(
                    window: window, sourceOrigin: Coordinate(x: Double(origin.0) * unit, y: Double(origin.1) * unit), sourceUnit: unit)
            }
            for _ in 0..<20_000 {
                let x = place.x + Int64.random(in: 0..<1 << 22, using: &random)
                let y = place.y + Int64.random(in: 0..<1 << 22, using: &random)
                let found = zip(transforms, origins).map { transform, origin in
                    [transform.x(Int32(x - origin.0)), transform.y(Int32(y - origin.1))]
                }
                #expect(Set(found).count == 1, "level \(level): \(x), \(y) becomes \(found)")
            }
        }
    }
}
