import Foundation
import TestSupport
import Testing

extension WholeProgram {
    /// Sheets on the command line.
    struct PrintTests {
        private static let grids = """
            {"type":"FeatureCollection","features":[
             {"type":"Feature","properties":{"gridName":"一号网格","code":"1"},"geometry":{"type":"Polygon","coordinates":[[[113.700,23.000],[113.702,23.000],[113.702,23.002],[113.700,23.002],[113.700,23.000]]]}},
             {"type":"Feature","properties":{"gridName":"二号网格","code":"2"},"geometry":{"type":"Polygon","coordinates":[[[113.702,23.000],[113.704,23.000],[113.704,23.002],[113.702,23.002],[113.702,23.000]]]}}]}
            """

        private static func data() throws -> (DataDirectory, folder: String) {
            let data = try DataDirectory()
            let file = try data.write("grids.geojson", grids)
            let outcome = try data.importing(file, "grid.basic")
            try #require(outcome.status == 0, "\(outcome.text)")
            return (data, URL(filePath: file).deletingLastPathComponent().path)
        }

        @Test func sheetsAndAtlasesAreWritten() throws {
            let (data, folder) = try Self.data()
            func printed(_ name: String, _ arguments: [String]) throws -> Data {
                let outcome = try data.run("print", ["standard", "-o", "\(folder)/\(name)"] + arguments)
                try #require(outcome.status == 0, "\(outcome.text)")
                #expect(!FileManager.default.fileExists(atPath: "\(folder)/\(name).part"))
                return try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
            }
            let sheet = try printed("a.pdf", ["--scale", "2000", "--paper", "a3", "--landscape", "--centre", "113.702,23.001"])
            #expect(sheet.starts(with: Data("%PDF".utf8)))
            #expect(try printed("b.pdf", ["--scale", "2000", "--paper", "A3", "--landscape", "--centre", "113.702,23.001"]) == sheet)
            let picture = try printed("c.png", ["--feature", "grid.basic:一号网格", "--format", "png", "--dpi", "96"])
            #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
            let atlas = try printed("d.pdf", ["--atlas", "grid.basic", "--paper", "A4", "--landscape"])
            #expect(String(decoding: atlas, as: UTF8.self).contains("/Count 3"))
        }

        @Test(arguments: [
            [], ["--centre", "113.7,23.0"], ["--centre", "113.7", "--scale", "500"], ["--centre", "113.7,23", "--scale", "100"],
            ["--feature", "grid.basic"], ["--feature", "grid.basic:1", "--atlas", "grid.basic"], ["--atlas", "grid.basic", "--format", "png"],
            ["--feature", "grid.basic:1", "--paper", "A5"], ["--feature", "grid.basic:1", "--format", "png", "--dpi", "1200"],
            ["--feature", "grid.basic:1", "--public"], ["--feature", "grid.basic:1", "--within", "grid.basic:1"],
        ]) func wrongCallsAreRefused(arguments: [String]) throws {
            let outcome = try Program.run(["print", "standard", "-o", "/nowhere/x.pdf", "--data", "/nowhere"] + arguments)
            #expect(outcome.status == 2 && outcome.errors.contains("--"), "\(outcome.text)")
        }

        @Test func whatCannotBePrintedLeavesNothing() throws {
            let (data, folder) = try Self.data()
            for arguments in [["--feature", "grid.basic:三号"], ["--feature", "grid.basic:1", "--scale", "500", "--paper", "A4"], ["--atlas", "nope"]] {
                let outcome = try data.run("print", ["standard", "-o", "\(folder)/x.pdf"] + arguments)
                #expect(outcome.status == 2 && outcome.errors.contains("无法打印"), "\(outcome.text)")
                #expect(!FileManager.default.fileExists(atPath: "\(folder)/x.pdf") && !FileManager.default.fileExists(atPath: "\(folder)/x.pdf.part"))
            }
            let nowhere = try data.run("print", ["standard", "-o", "\(folder)/none/x.pdf", "--feature", "grid.basic:1"])
            #expect(nowhere.status == 2 && nowhere.errors.contains("none/x.pdf"), "\(nowhere.text)")
        }
    }
}
