import Foundation
import SimpleFeatures
import TestSupport
import Testing
import Wording

@testable import FeatureStore

@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct ShapefileCorpusTests {
    static let pairs = Corpora.names(in: "shapefile/mbostock", suffix: ".json").map { String($0.dropLast(5)) }

    /// Values by name, nulls left out, dates as the file spells them.
    private func values(_ feature: Feature, _ schema: FeatureSchema) -> [String: String] {
        var result: [String: String] = [:]
        for (field, value) in zip(schema.fields, feature.values) {
            switch value {
            case .null: continue
            case .boolean(let flag): result[field.name] = "\(flag)"
            case .integer(let n): result[field.name] = "\(Double(n))"
            case .real(let n): result[field.name] = "\(n)"
            case .text(let text): result[field.name] = field.kind == .date ? text.filter { $0 != "-" } : text
            }
        }
        return result
    }

    /// Their expected properties are empty although the table beside the shapes has a column FID; shapes are compared whole.
    private static let expectationsWithoutTable: Set = ["points", "polylines", "singleton"]

    @Test(arguments: pairs)
    func pair(_ name: String) throws {
        let stem = Corpora.path("shapefile/mbostock/\(name)")
        let shapes = try ShapefileReader(path: stem + ".shp")
        let expected = try GeoJSONFileReader(path: stem + ".json")
        let records = try shapes.all()
        let wanted = try expected.features()
        #expect(records.count == wanted.count)
        #expect(records.allSatisfy { $0.rejections.isEmpty })
        for (record, want) in zip(records, wanted) {
            let feature = try #require(record.feature)
            #expect(feature.geometry == want.geometry)
            if Self.expectationsWithoutTable.contains(name) {
                #expect(values(feature, shapes.schema).keys.allSatisfy { $0 == "FID" })
            } else {
                #expect(values(feature, shapes.schema) == values(want, expected.schema))
            }
        }
    }

    @Test(arguments: ["bantian_roads", "communities", "hospitals"])
    func bantian(_ layer: String) throws {
        let folder = Corpora.path("shapefile/bantian-cgcs2000-zone38")
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/expected.json"))
        let all = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        let want = try #require(all.first { $0["layer"] as? String == layer })
        let reader = try ShapefileReader(path: "\(folder)/\(layer).shp")
        let features = try reader.features()
        #expect(features.count == want["feature_count"] as? Int)
        #expect(features.reduce(0) { $0 + ($1.geometry?.coordinateCount ?? 0) } == want["n_coordinates"] as? Int)
        var box = Envelope.empty
        for feature in features { if let geometry = feature.geometry { box.formUnion(geometry.envelope) } }
        let bounds = try #require(want["total_bounds"] as? [Double])
        // Foundation's JSON reader, which reads the expectation, is off by a unit in the last place.
        for (one, other) in zip([box.minX, box.minY, box.maxX, box.maxY], bounds) { #expect(abs(one - other) < 1e-7) }
        let kinds = ["str": "text", "int64": "integer", "int32": "integer", "float64": "real"]
        let fields = try #require(want["fields"] as? [String: String])
        for field in reader.schema.fields { #expect(field.kind.rawValue == kinds[fields[field.name] ?? ""]) }
        let rows = try #require(want["first_rows"] as? [[String: Any]])
        for (feature, row) in zip(features, rows) {
            for (field, value) in zip(reader.schema.fields, feature.values) {
                if case .text(let text) = value { #expect(text == row[field.name] as? String) }
                if case .real(let real) = value { #expect(real == row[field.name] as? Double) }
                if case .null = value { #expect(row[field.name] is NSNull) }
            }
        }
        guard case .wkt(let text) = reader.declaredCRS else { return #expect(Bool(false), "no CRS") }
        #expect(text.contains("CGCS2000_3_Degree_GK_CM_114E"))
    }

    @Test func dongguanInFourForms() throws {
        let folder = Corpora.path("geo-dongguan")
        let utf8 = try ShapefileReader(path: folder + "/shp_4547/towns.shp")
        let gbk = try ShapefileReader(path: folder + "/shp_4526_gbk/towns.shp")
        let geographic = try GeoJSONFileReader(path: folder + "/towns35_wgs84.geojson")
        let shifted = try GeoJSONFileReader(path: folder + "/towns35_gcj02.geojson")
        #expect(gbk.encoding == "GBK")
        #expect(geographic.declaredCRS == .identifier("urn:ogc:def:crs:OGC:1.3:CRS84"))
        let names = try geographic.texts("name")
        #expect(names.count == 35)
        #expect(names.contains("道滘镇") && names.contains("高埗镇"))
        #expect(try shifted.texts("name") == names)
        let a = try utf8.features(), b = try gbk.features()
        #expect(a.map(\.values) == b.map(\.values))
        #expect(a.count == 35)
        let name = try #require(utf8.schema.index(of: "name"))
        #expect(a.map { $0.values[name] } == names.map { .text($0) })
        for (one, other) in zip(a, b) { #expect(one.geometry?.coordinateCount == other.geometry?.coordinateCount) }
    }

    @Test func gbkIsRecognisedWithoutItsCodePageFile() throws {
        let folder = try TestFolder()
        let source = Corpora.path("geo-dongguan/shp_4526_gbk/towns")
        for ending in ["shp", "dbf"] { try FileManager.default.copyItem(atPath: "\(source).\(ending)", toPath: "\(folder.path)/t.\(ending)") }
        #expect(try ShapefileReader(path: folder.path + "/t.shp").texts("name").contains("道滘镇"))
        let wrong = try ShapefileReader(path: folder.path + "/t.shp", options: ReaderOptions(encoding: "UTF-8"))
        let notice = try #require(try wrong.next()?.notices.first)
        #expect(notice.key == "text-not-in-encoding")
        #expect(notice.suggestion.zh.contains("--encoding GB18030"))
    }

    @Test func unclosedRingsAreReadAsGiven() throws {
        let reader = try GeoJSONFileReader(path: Corpora.path("geo-dongguan/towns32_echarts_unclosed_rings.geojson"))
        let features = try reader.features()
        #expect(features.count == 32)
        #expect(features.allSatisfy { $0.geometry != nil })
    }

    @Test func damagedFilesNeverCrash() throws {
        let seed: UInt64 = 0x53_48_50
        var random = SeededGenerator(seed: seed)
        var seen = 0
        for name in ShapefileCorpusTests.pairs {
            let stem = Corpora.path("shapefile/mbostock/\(name)")
            let good = ["shp", "dbf"].map { ending in FileManager.default.contents(atPath: "\(stem).\(ending)").map { [UInt8]($0) } ?? [] }
            for _ in 0..<120 {
                var parts = good
                for i in 0..<2 where !parts[i].isEmpty {
                    if Bool.random(using: &random) { parts[i] = Array(parts[i][..<Int.random(in: 0...parts[i].count, using: &random)]) }
                    for _ in 0..<Int.random(in: 0...4, using: &random) where !parts[i].isEmpty {
                        parts[i][Int.random(in: 0..<parts[i].count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    }
                }
                let set = ShapefileReader.Parts(
                    shapes: SourceBytes(name: "fuzz.shp", bytes: parts[0]), table: SourceBytes(name: "fuzz.dbf", bytes: parts[1]))
                do { seen += try ShapefileReader(parts: set, options: ReaderOptions()).all().count } catch { seen += error is ReaderError ? 1 : 0 }
            }
        }
        #expect(seen > 0, "seed \(seed)")
    }
}
