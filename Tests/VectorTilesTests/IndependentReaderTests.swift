import Foundation
import SimpleFeatures
import TestSupport
import Testing
import Tiling

@testable import VectorTiles

/// GDAL's reader, which shares no code with ours, reads what the encoder writes.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ogr2ogr"), "skipped: gdal-bin not installed"))
struct IndependentReaderTests {
    @Test func geometryAndPropertiesArrive() throws {
        var layer = TileLayer(name: "建筑物", extent: 4096)
        layer.keys = ["名称", "floors", "below", "height", "listed"]
        layer.values = [.text("滘联楼"), .integer(33), .integer(-2), .real(99.5), .boolean(true)]
        layer.tags = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
        layer.coordinates = [100, 100, 300, 100, 300, 300, 100, 300, 150, 150, 150, 250, 250, 250, 250, 150]
        layer.partEnds = [4, 8]
        layer.features = [TileFeature(id: 4_400_000_000_001, kind: .polygon, tags: 0..<10, parts: 0..<2)]
        let collection = try read([layer])["建筑物"] ?? [:]
        let features = try #require(collection["features"] as? [[String: Any]])
        let feature = try #require(features.first)
        let properties = try #require(feature["properties"] as? [String: Any])
        #expect(features.count == 1)
        #expect(properties["名称"] as? String == "滘联楼")
        #expect(properties["floors"] as? Int == 33 && properties["below"] as? Int == -2)
        #expect(properties["height"] as? Double == 99.5 && properties["listed"] as? Bool == true)
        #expect(properties["mvt_id"] as? Int == 4_400_000_000_001)
        let geometry = try #require(feature["geometry"] as? [String: Any])
        let rings = try #require(geometry["type"] as? String == "Polygon" ? geometry["coordinates"] as? [[[Double]]] : (geometry["coordinates"] as? [[[[Double]]]])?.first)
        #expect(rings.count == 2 && rings.allSatisfy { $0.count == 5 && $0.first == $0.last })
        let xs = rings[0].map { $0[0] }
        let hole = rings[1].map { $0[0] }
        // 200 units wide with a hole of 100, wherever GDAL puts the tile.
        #expect(abs((xs.max() ?? 0) - (xs.min() ?? 0) - 2 * ((hole.max() ?? 0) - (hole.min() ?? 0))) < 1e-6)
    }

    @Test func countsArrive() throws {
        let seed: UInt64 = 5
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for round in 1...5 {
            let layer = RandomLayer.make(named: "r", &random, round: round)
            #expect((try read([layer])["r"]?["features"] as? [Any])?.count == layer.features.count)
        }
    }

    /// GeoJSON feature collections by layer name.
    private func read(_ layers: [TileLayer]) throws -> [String: [String: Any]] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mvt-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) } }
        let tile = folder.appending(path: "tile.mvt")
        try Data(VectorTileEncoder.encode(layers)).write(to: tile)
        var found: [String: [String: Any]] = [:]
        for layer in layers {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/ogr2ogr")
            process.arguments = ["-f", "GeoJSON", "/vsistdout/", tile.path(percentEncoded: false), layer.name]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            found[layer.name] = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        }
        return found
    }
}
