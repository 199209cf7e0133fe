import FeatureStore
import Foundation
import SimpleFeatures
import TestSupport
import Testing

extension WholeProgram {
    /// Whatever comes in, the program ends with a code and a message, and the served map is as it was.
    struct BadInputTests {
        let data: DataDirectory

        init() throws { data = try DataDirectory() }

        /// Imports a layer, runs `body`, and compares the map.
        private func keepingTheMap(_ body: () throws -> Void) async throws {
            let first = try data.importing(try data.write("standing.ndjson", Sample.points(200, seed: 9, name: "原")), "places")
            try #require(first.status == 0, "\(first.text)")
            let (record, tile) = (try await data.record("places"), try data.tile())
            try body()
            #expect(try await data.record("places") == record)
            #expect(try data.tile() == tile)
        }

        private func expect(_ outcome: Program.Outcome, _ status: Int32, says parts: [String], _ what: String) {
            #expect(outcome.status == status, "\(what): \(outcome.text)")
            for part in parts { #expect(outcome.text.contains(part), "\(what) does not say \(part): \(outcome.text)") }
        }

        @Test(arguments: [
            (["import"], "files"), (["import", "x.csv"], "--layer"), (["bogus"], "bogus"), (["tile", "standard"], "address"),
            (["import", "missing.csv", "--layer", "a", "--data", "D"], "missing.csv"),
            (["import", "/etc", "--layer", "a", "--data", "D"], "目录"),
            (["import", "/etc/hostname", "--layer", "a", "--crs", "EPSG:999999", "--data", "D"], "EPSG:999999"),
            (["tile", "standard", "1/2", "-o", "x.png", "--data", "D"], "Z/X/Y"),
            (["tile", "standard", "1/0/0", "--data", "D"], "-o"),
            (["tile", "nosuch", "1/0/0", "-o", "x.png", "--data", "D"], "nosuch"),
            (["tile", "standard", "3/9/9", "-o", "x.png", "--data", "D"], "column 9"),
            (["serve", "--port", "99999", "--data", "D"], "99999"),
            (["demo", "--scale", "galaxy", "--data", "D"], "galaxy"),
            (["render"], "style document"), (["render", "/nowhere/style.json", "-o", "x.png"], "/nowhere/style.json"),
            (["render", "x.json", "-o", "x.png", "--size", "wide"], "wide"),
            (["render", "x.json", "-o", "x.png", "--center", "north"], "north"),
            (["render", "--batch", "/nowhere/list"], "/nowhere/list"),
        ])
        func misuseEndsWithTwo(arguments: [String], part: String) throws {
            let outcome = try Program.run(arguments.map { $0 == "D" ? data.path : $0 })
            expect(outcome, 2, says: [part], "\(arguments)")
        }

        @Test func aLayerIdOrEncodingThatCannotBeIsMisuse() throws {
            let file = try data.write("a.csv", Sample.table([(113.75, 23)], header: "name,lon,lat"))
            expect(try data.importing(file, "a b"), 2, says: ["图层标识无效", "a b"], "layer id")
            expect(try data.importing(file, "a", ["--encoding", "KOI99"]), 2, says: ["KOI99", "iconv -l"], "encoding")
        }

        @Test func damagedFilesAreRefusedByName() async throws {
            try await keepingTheMap {
                let whole = try #require(try wholeGeoPackage())
                var random = SeededGenerator(seed: 77)
                for round in 0..<6 {
                    let length = Int.random(in: 20..<whole.count - 4096, using: &random)
                    let file = try data.write("cut\(round).gpkg", whole.prefix(length))
                    expect(try data.importing(file, "places"), 1, says: ["cut\(round).gpkg"], "cut at \(length)")
                }
                expect(try data.importing(try data.write("empty.geojson", ""), "places"), 1, says: ["empty.geojson", "empty"], "empty file")
                expect(try data.importing(try data.write("noise.bin", "\u{1}\u{2}noise"), "places"), 1, says: ["noise.bin", ".geojson"], "no format")
                let broken = try data.write("broken.geojson", "{\"type\":\"FeatureCollection\",\n\"features\":[{\"type\":")
                expect(try data.importing(broken, "places"), 1, says: ["broken.geojson", "line 2"], "cut JSON")
            }
        }

        /// A GeoPackage made by the program itself.
        private func wholeGeoPackage() throws -> Data? {
            let source = try DataDirectory()
            let made = try source.run("demo", ["--scale", "hamlet", "--files-only"])
            #expect(made.status == 0, "\(made.text)")
            return FileManager.default.contents(atPath: source.path + "/demo/admin.gpkg")
        }

        @Test func aZipBombIsRefusedUnopened() async throws {
            try await keepingTheMap {
                let file = try data.write("bomb.zip", ZipBomb.bytes(unpackedBytes: 3 << 30))
                let outcome = try data.importing(file, "places")
                expect(outcome, 1, says: ["bomb.zip", "a.shp", "zip bomb", "超出允许的大小"], "bomb")
                #expect(outcome.peakMemoryBytes < 300 << 20)
            }
        }

        /// The files take no room on disk; what is their own in memory must not grow with them.
        @Test(arguments: ["line.ndjson", "feature.geojson", "row.csv", "cell.csv"])
        func aLineOfTenGigabytesTakesBoundedMemory(name: String) async throws {
            let starts = [
                "line.ndjson": Sample.points(1, seed: 1, name: "甲") + #"{"type":"Feature","properties":{"a":""#,
                "feature.geojson": #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":""#,
                "row.csv": "name,lon,lat\na,113.7,23\n", "cell.csv": "name,lon,lat\na,113.7,23\n\"",
            ]
            try await keepingTheMap {
                let file = try data.writeSparse(name, try #require(starts[name]), byteCount: 10 << 30)
                let outcome = try data.importing(file, "places")
                expect(outcome, 1, says: [name, "has no end within", name == "feature.geojson" ? "line 1" : "line"], name)
                #expect(outcome.peakMemoryBytes < 400 << 20, "\(outcome.peakMemoryBytes) bytes")
            }
        }

        @Test func coordinatesThatAreNoNumbersAreRejectedOneByOne() async throws {
            let point = { (x: String) in #"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[\#(x),23.0]}}"# }
            let lines = try data.write("nan.ndjson", ["113.7", "NaN", "1e999", "null"].map(point).joined(separator: "\n"))
            let table = try data.write("nan.csv", "name,lon,lat\na,113.7,23\nb,NaN,23\nc,113.8,inf\nd,east,23\n")
            expect(try data.importing(lines, "nan1"), 0, says: ["in 4 = 入库 stored 1 + 拒绝 rejected 3", "line 2", "line 3", "line 4"], "lines")
            expect(
                try data.importing(table, "nan2"), 0,
                says: ["in 4 = 入库 stored 1 + 拒绝 rejected 3", "line 3", "line 4", "line 5", "字段 field lon", "字段 field lat", "\"east\""], "table")
            #expect(try await data.record("nan1")?.featureCount == 1)
        }

        @Test func gbkDeclaredAsUTF8IsReportedWithTheRemedy() async throws {
            let gbk = Data([0xB5, 0xC0, 0x9C, 0xF2, 0xD5, 0xF2])  // 道滘镇
            let table = try data.write("gbk.csv", Data("name,lon,lat\n".utf8) + gbk + Data(",113.7,23.0\n".utf8))
            let declared = try data.importing(table, "gbk", ["--encoding", "UTF-8"])
            expect(declared, 0, says: ["text-not-in-encoding  1", "gbk.csv, line 2", "B5 C0 9C F2 D5 F2", "--encoding GB18030"], "table")
            let detected = try data.importing(table, "gbk")
            expect(detected, 0, says: ["stored 1"], "detected")
            let features = try await data.features("gbk")
            #expect(features.first?.values.contains(.text("道滘镇")) == true)
            try await keepingTheMap {
                let json = Data(#"{"type":"Feature","properties":{"name":""#.utf8) + gbk
                    + Data(#""},"geometry":{"type":"Point","coordinates":[113.7,23.0]}}"#.utf8)
                let outcome = try data.importing(try data.write("gbk.geojson", json), "places")
                expect(outcome, 1, says: ["gbk.geojson", "全部记录被拒绝", "text-not-utf8", "--encoding GB18030"], "JSON")
            }
        }

        @Test func aPolygonOfTenMillionVerticesIsRejectedAndTheRestStored() async throws {
            let block = Data(String(repeating: "[113.7,22.9],[113.8,22.9],[113.8,23.0],[113.7,23.0],", count: 250).utf8)
            var text = Data(#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"Polygon","coordinates":[["#.utf8)
            for _ in 0..<10_000 { text += block }
            text += Data(#"[113.7,22.9]]]}},{"type":"Feature","properties":{"a":2},"geometry":{"type":"Point","coordinates":[113.7,23.0]}}]}"#.utf8)
            let file = try data.write("vast.geojson", text)
            let outcome = try data.importing(file, "vast")
            expect(outcome, 0, says: ["in 2 = 入库 stored 1 + 拒绝 rejected 1", "vast.geojson, feature 1", "Split the feature"], "vast")
            #expect(outcome.peakMemoryBytes < 600 << 20, "\(outcome.peakMemoryBytes) bytes")
        }
    }
}

/// A zip archive whose directory promises far more than it holds (APPNOTE 6.3).
enum ZipBomb {
    static func bytes(unpackedBytes: UInt32) -> Data {
        let name = Array("a.shp".utf8)
        func little<Number: FixedWidthInteger>(_ n: Number) -> [UInt8] { unsafe withUnsafeBytes(of: n.littleEndian) { unsafe Array($0) } }
        let shared: [UInt8] = little(UInt16(20)) + little(UInt16(0)) + little(UInt16(8)) + little(UInt32(0)) + little(UInt32(0))
            + little(UInt32(1000)) + little(unpackedBytes) + little(UInt16(5)) + little(UInt16(0))
        let local = little(UInt32(0x0403_4B50)) + shared + name + [UInt8](repeating: 0, count: 1000)
        let central = little(UInt32(0x0201_4B50)) + little(UInt16(20)) + shared + little(UInt16(0)) + little(UInt16(0)) + little(UInt16(0))
            + little(UInt32(0)) + little(UInt32(0)) + name
        let end = little(UInt32(0x0605_4B50)) + little(UInt16(0)) + little(UInt16(0)) + little(UInt16(1)) + little(UInt16(1))
            + little(UInt32(central.count)) + little(UInt32(local.count)) + little(UInt16(0))
        return Data(local + central + end)
    }
}
