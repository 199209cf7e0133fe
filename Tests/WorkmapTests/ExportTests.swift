import Foundation
import TestSupport
import Testing

extension WholeProgram {
    /// `workmap export`, read back by GDAL.
    @Suite(.enabled(if: Program.path != nil && GDAL.isPresent)) struct ExportTests {
        private static func imported() throws -> DataDirectory {
            let data = try DataDirectory()
            let source = try data.write("points.ndjson", Sample.points(3000, seed: 11, name: "东城㐀"))
            try #require(data.importing(source, "overlay.pts", ["--title", "测点"]).status == 0)
            return data
        }

        @Test(arguments: ["gpkg", "fgb", "zip", "geojson", "ndjson"]) func everyFeatureAndEveryCharacterIsInTheFile(_ ending: String) throws {
            let data = try Self.imported()
            let file = data.path + "/out.\(ending)"
            let outcome = try data.run("export", ["overlay.pts", "-o", file, "--crs", "EPSG:4547"])
            try #require(outcome.status == 0, "\(outcome.text)")
            #expect(outcome.output.contains("3000"))
            let found = try GDAL.read(ending == "zip" ? "/vsizip/" + file : file)
            #expect(found.features.count == 3000, "\(found.remarks)")
            let names = Set(found.features.indices.compactMap { found.properties($0)["名称"] as? String })
            #expect(names == Set((1...3000).map { "东城㐀\($0)" }))
            let ordinates = found.ordinates(0)
            #expect((400_000...600_000).contains(ordinates[0]) && (2_400_000...2_700_000).contains(ordinates[1]), "east first")
            #expect(try FileManager.default.contentsOfDirectory(atPath: data.path).filter { $0.hasSuffix(".part") }.isEmpty)
        }

        @Test func aBoxInGB18030() throws {
            let data = try Self.imported()
            let file = data.path + "/out.csv"
            let outcome = try data.run("export", ["overlay.pts", "-o", file, "--bbox", "113.7,22.9,113.8,23.0", "--encoding", "GB18030"])
            try #require(outcome.status == 0, "\(outcome.text)")
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
            // U+3400 is 0x8139EE39 in GB18030, 东城 is B6ABB3C7.
            #expect(bytes.firstRange(of: [0xB6, 0xAB, 0xB3, 0xC7, 0x81, 0x39, 0xEE, 0x39]) != nil)
            let rows = bytes.split(separator: 0x0A).count - 1
            #expect(rows > 100 && rows < 400)
        }

        @Test(arguments: [
            ["-o", "x.dwg"], ["-o", "x.csv", "--encoding", "GBK"], ["-o", "x.csv", "--crs", "EPSG:2000"], ["-o", "x.csv", "--bbox", "1,2,3"],
            ["-o", "x", "--format", "dxf"],
        ])
        func aWrongCallIsRefused(_ options: [String]) throws {
            let data = try Self.imported()
            #expect(try data.run("export", ["overlay.pts"] + options).status == 2)
        }

        @Test func anUnknownLayerLeavesNoFile() throws {
            let data = try Self.imported()
            let outcome = try data.run("export", ["overlay.none", "-o", data.path + "/x.gpkg"])
            #expect(outcome.status == 1 && outcome.text.contains("overlay.none"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: data.path).filter { $0.hasPrefix("x.") }.isEmpty)
        }
    }
}
