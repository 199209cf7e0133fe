import Foundation
import SimpleFeatures
import Testing
import Tiling

@testable import OGCAPI

/// GDAL's WMTS driver, which shares no code with ours, places the layers of the capabilities on the ground.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gdalinfo"), "skipped: gdal-bin not installed"))
struct IndependentClientTests {
    struct Info: Decodable {
        var size: [Int]
        var geoTransform: [Double]
    }

    @Test(arguments: ["c", "w", "WorldCRS84Quad", "CGCS2000GK114"])
    func gridIsUnderstood(_ id: String) throws {
        let set = try #require(try WMTSCapabilitiesTests.registry()[id])
        let finest = try #require(set.matrices.last)
        var document = try WMTSCapabilitiesTests.capabilities()
        document.layers[0].sets = [WMTSCapabilities.SetLink(id: id)]
        document.layers[0].formats = [.png]
        document.layers[0].bounds = .empty
        let file = FileManager.default.temporaryDirectory.appending(path: "wmts-\(UUID().uuidString).xml")
        try Data(document.xml()).write(to: file)
        defer { do { try FileManager.default.removeItem(at: file) } catch { Issue.record(error) } }
        let info = try Self.open("WMTS:\(file.path(percentEncoded: false)),layer=vec,tilematrixset=\(id)")
        let transform = info.geoTransform
        // GDAL prints 16 decimals, nine digits of the finest cell in degrees.
        #expect(abs(transform[1] / finest.cellSize - 1) < 1e-8 && abs(transform[5] / -finest.cellSize - 1) < 1e-8)
        // GDAL may cut the raster to the CRS's area of use: its corner must then lie on a whole pixel of the grid.
        let column = (transform[0] - finest.pointOfOrigin.x) / finest.cellSize
        let row = (finest.pointOfOrigin.y - transform[3]) / finest.cellSize
        let right = column + Double(info.size[0]), bottom = row + Double(info.size[1])
       
        for (value, limit) in [(column, finest.matrixWidth), (row, finest.matrixHeight), (right, finest.matrixWidth), (bottom, finest.matrixHeight)] {
            #expect(abs(value - value.rounded()) < 0.01 && value > -0.5 && value < Double(limit * finest.tileSize) + 0.5)
        }
    }

    private static func open(_ dataset: String) throws -> Info {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/gdalinfo")
        process.arguments = ["-json", "-nomd", dataset]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode(Info.self, from: data)
    }
}
