import Compression
import FeatureStore
import Foundation
import SimpleFeatures
import TestSupport
import Testing
import TileCache
import Tiling
import Topology
import VectorTiles

@testable import TileProduction

/// Polygons that cross themselves once they lie on a coarse grid are mended, and the mending is counted by name.
@Suite struct RingRepairTests {
    /// A star of thin rays: valid in degrees, and sure to fold on a grid as coarse as a ray is wide.
    private static func star(_ random: inout SeededGenerator, _ id: Int) -> String {
        let centre = (113.7 + random.unit() * 0.01, 22.95 + random.unit() * 0.01)
        let rays = 24
        var ring: [String] = []
        for step in 0..<(2 * rays) {
            let angle = Double(step) / Double(2 * rays) * 2 * .pi
            let radius = step % 2 == 0 ? 0.0012 + random.unit() * 0.001 : 0.00004 + random.unit() * 0.00003
            ring.append("[\(centre.0 + cos(angle) * radius), \(centre.1 + sin(angle) * radius)]")
        }
        ring.append(ring[0])
        return #"{"type": "Feature", "properties": {"name": "星\#(id)"}, "geometry": {"type": "Polygon", "coordinates": [[\#(ring.joined(separator: ","))]]}}"#
    }

    private static let data = Task {
        var random = SeededGenerator(seed: 20_261)
        let stars = (1...120).map { star(&random, $0) }.joined(separator: ",")
        return try await TestData.made(
            layer: "stars", geoJSON: #"{"type": "FeatureCollection", "features": [\#(stars)]}"#)
    }

    @Test(arguments: VectorTileTests.sets) func crossingRingsAreMendedAndCounted(_ id: String) async throws {
        let data = try await Self.data.value
        let set = try data.set(id)
        let topology = try TopologyContext()
        var repaired = 0
        var features = 0
        for matrix in set.matrices where (9...17).contains(matrix.level) {
            let address = try #require(try data.middle(of: "stars", set: set, level: matrix.level))
            let tile = try await VectorTileTests.tile(data, id, address)
            repaired += tile.leftOut["repaired"] ?? 0
            for layer in try VectorTileTests.layers(tile) where layer.name == "stars" {
                features += layer.features.count
                #expect(VectorTileTests.faults(of: layer, topology).isEmpty, "level \(matrix.level)")
            }
        }
        print("\(id): \(repaired) of \(features) star polygons repaired, seed 20261")
        #expect(repaired > 50)
        #expect(features >= repaired)
    }
}
