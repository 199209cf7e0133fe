import Compression
import Foundation
import SimpleFeatures
import TestSupport
import Testing
import TileCache
import Tiling

@testable import TileProduction

/// GDAL, which shares no code with this program, reads the tiles of the demo's hamlet.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ogr2ogr"), "skipped: gdal-bin not installed"))
struct IndependentReaderTests {
    @Test(arguments: [("w", 12), ("w", 16), ("w", 17), ("c", 17), ("CGCS2000GK114", 16)])
    func gdalFindsTheSameFeatures(_ id: String, _ level: Int) async throws {
        let data = try await DemoHamlet.shared.value
        let address = try #require(try data.middle(of: "base.building", set: try data.set(id), level: level))
        let tile = try await VectorTileTests.tile(data, id, address)
        let file = URL(filePath: try ScratchDirectory.make()).appending(path: "tile.mvt")
        try Data(Decompressor().decompress(tile.body, format: .gzip, limit: 1 << 28)).write(to: file)
        let layers = try VectorTileTests.layers(tile)
        #expect(layers.count > 5)
        for layer in layers {
            let features = try Self.read(file, layer.name)
            #expect(features.count == layer.features.count, "\(layer.name)")
            let theirs = features.compactMap { ($0["properties"] as? [String: Any])?["mvt_id"] as? Int }
            let ours = layer.features.filter { $0.id != 0 }.map { Int($0.id) }
            #expect(theirs.filter { $0 != 0 }.sorted() == ours.sorted(), "\(layer.name)")
            let keys = Set(features.flatMap { ($0["properties"] as? [String: Any] ?? [:]).keys })
            #expect(keys.subtracting(["mvt_id"]).isSubset(of: layer.keys), "\(layer.name)")
        }
    }

    /// GDAL's GEOS finds nothing invalid in what it reads.
    @Test func gdalFindsPolygonsValid() async throws {
        let data = try await DemoHamlet.shared.value
        let address = try #require(try data.middle(of: "base.building", set: try data.set("w"), level: 16))
        let tile = try await VectorTileTests.tile(data, "w", address)
        let file = URL(filePath: try ScratchDirectory.make()).appending(path: "tile.mvt")
        try Data(Decompressor().decompress(tile.body, format: .gzip, limit: 1 << 28)).write(to: file)
        let sql = #"SELECT COUNT(*) AS n, SUM(CASE WHEN ST_IsValid(geometry) THEN 0 ELSE 1 END) AS bad FROM "base.building""#
        let output = try Self.run(["-f", "CSV", "/vsistdout/", "-oo", "CLIP=NO", file.path, "-dialect", "SQLite", "-sql", sql])
        let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline)
        let numbers = try #require(lines.last).split(separator: ",").compactMap { Int($0.filter(\.isNumber)) }
        try #require(numbers.count == 2, "\(lines)")
        #expect(numbers[0] > 50 && numbers[1] == 0)
    }

    private static func read(_ file: URL, _ layer: String) throws -> [[String: Any]] {
        let output = try run(["-f", "GeoJSON", "/vsistdout/", "-oo", "CLIP=NO", file.path(percentEncoded: false), layer])
        let collection = try JSONSerialization.jsonObject(with: output) as? [String: Any]
        return collection?["features"] as? [[String: Any]] ?? []
    }

    private static func run(_ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/ogr2ogr")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return output
    }
}
