import Foundation
import Reprojection
import SimpleFeatures
import TestSupport
import Testing

@testable import FeatureStore

/// What a shapefile cannot hold as it is: several kinds of geometry, long names, long text, every character.
@Suite(.enabled(if: GDAL.isPresent, "skipped: GDAL (gdal-bin) is not installed")) struct ShapefileExportTests {
    private static func text(_ zip: String, _ name: String) throws -> String {
        let archive = try ZipArchive(source: SourceBytes(path: zip), limits: ReaderLimits())
        let entry = try #require(archive.entries.first { $0.name == name }, "\(archive.entries.map(\.name))")
        return try archive.unpack(entry).withBytes { bytes in String(decoding: bytes.array(from: 0, count: bytes.count), as: UTF8.self) }
    }

    @Test func everyKindHasAFileOfItsOwn() throws {
        var features: [Feature] = []
        for kind in GeometryKind.allCases { features += try ExportTests.features(10, kind: kind, crs: .gk114, seed: UInt64(kind.rawValue)) }
        features.append(Feature(id: 99, geometry: nil, values: features[0].values))
        let (path, tally) = try ExportTests.write(features, ExportTests.layer(.mixed, .gk114), .shapefile)
        #expect(tally.features == 71)
        let wanted = ["point": 20, "multipoint": 10, "line": 30, "area": 20, "table": 1]
        for (name, count) in wanted {
            let found = try GDAL.read("/vsizip/" + path, layer: "overlay.样本_\(name)")
            #expect(found.features.count == count, "\(name): \(found.remarks)")
        }
    }

    @Test(arguments: [ExportEncoding.utf8, .gbk]) func namesAreCutBetweenCharactersAndStayApart(_ encoding: ExportEncoding) throws {
        let names = ["标准建筑物编码一", "标准建筑物编码二", "标准建筑物编码三", "buildingCode", "BUILDINGCODE", "buildingCo", "", "甲乙丙丁戊己"]
        let schema = FeatureSchema(fields: names.map { Field(name: $0, kind: .text, title: "说明\t\($0)") })
        let values = names.indices.map { PropertyValue.text("值\($0)") }
        let feature = Feature(id: 1, geometry: .point(Coordinate(x: 113.7, y: 23)), values: values)
        let layer = ExportTests.layer(.only(.point), .cgcs2000, schema: schema)
        let (path, _) = try ExportTests.write([feature], layer, .shapefile, encoding: encoding)
        let found = try GDAL.read("/vsizip/" + path)
        let properties = try #require(found.features.first?["properties"] as? [String: Any], "\(found.remarks)")
        #expect(properties.count == names.count, "\(properties.keys.sorted())")
        #expect(Set(properties.values.compactMap { $0 as? String }) == Set(names.indices.map { "值\($0)" }))
        #expect(properties.keys.allSatisfy { !$0.contains("\u{FFFD}") && $0.utf8.count <= (encoding == .gbk ? 15 : 10) })
        let table = try Self.text(path, "overlay.样本_fields.txt")
        for (name, value) in properties {
            let index = try #require((value as? String).flatMap { Int($0.dropFirst()) })
            #expect(table.contains("\(name)\t\(names[index])\t"), "\(name) is not told in:\n\(table)")
        }
    }

    @Test func whatDoesNotFitIsCutAndCounted() throws {
        let schema = FeatureSchema(fields: [Field(name: "备注", kind: .text), Field(name: "日期", kind: .date), Field(name: "大", kind: .integer)])
        let long = String(repeating: "长", count: 200)
        let rows: [[PropertyValue]] = [
            [.text(long), .text("2018-05-09"), .integer(.max)], [.text("㐀字"), .text("某日"), .integer(.min)], [.null, .null, .null],
        ]
        let features = rows.enumerated().map { Feature(id: Int64($0.offset + 1), geometry: .point(Coordinate(x: 1, y: 2)), values: $0.element) }
        let layer = ExportTests.layer(.only(.point), .cgcs2000, schema: schema)
        let (path, tally) = try ExportTests.write(features, layer, .shapefile, encoding: .gbk)
        #expect(tally.shortened == 2 && tally.unencodable == 1)
        let found = try GDAL.read("/vsizip/" + path)
        #expect(found.properties(0)["备注"] as? String == String(repeating: "长", count: 127))
        #expect(found.properties(1)["备注"] as? String == "?字")
        #expect(found.properties(1)["日期"] == nil && found.properties(2)["备注"] == nil)
        #expect("\(found.properties(0)["大"] ?? "")".hasPrefix("92233720368547"))
        #expect(try Self.text(path, "overlay.样本_fields.txt").contains("Values cut to 254 bytes: 2"))
    }

    @Test func aTableWithoutGeometryIsATableAlone() throws {
        let layer = ExportTests.layer(.none, .cgcs2000)
        let features = try ExportTests.features(5, kind: .point, crs: .cgcs2000, seed: 1).map { Feature(id: $0.id, geometry: nil, values: $0.values) }
        let (path, _) = try ExportTests.write(features, layer, .shapefile)
        let names = try ZipArchive(source: SourceBytes(path: path), limits: ReaderLimits()).entries.map(\.name).sorted()
        #expect(names == ["overlay.样本.cpg", "overlay.样本.dbf", "overlay.样本_fields.txt"])
        #expect(try GDAL.read("/vsizip/" + path).features.count == 5)
    }
}
