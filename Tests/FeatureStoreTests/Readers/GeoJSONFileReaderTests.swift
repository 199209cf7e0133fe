import SimpleFeatures
import TestSupport
import Testing
import Wording

@testable import FeatureStore

struct GeoJSONFileReaderTests {
    private func reader(_ text: String, isSequence: Bool = false, _ options: ReaderOptions = ReaderOptions()) throws -> GeoJSONFileReader {
        try GeoJSONFileReader(source: SourceBytes(name: "test.geojson", bytes: Array(text.utf8)), isSequence: isSequence, options: options)
    }

    private static let point = #""geometry":{"type":"Point","coordinates":[113.75,23.05]}"#

    @Test func collectionWithMembersInAnyOrder() throws {
        let text = """
            \u{FEFF}{"name":"x","features":[
            {"type":"Feature","id":7,"properties":{"a":1,"b":"道滘","d":"2018-05-09"},\(Self.point)},
            {\(Self.point),"properties":{"b":null,"a":2.5,"c":{"k":[1, 2]}},"type":"Feature"},
            {"type":"Feature","geometry":null,"properties":null}
            ],"crs":{"type":"name","properties":{"name":"EPSG:4490"}},"type":"FeatureCollection"}
            """
        let reader = try reader(text)
        #expect(reader.schema.fields.map(\.name) == ["a", "b", "d", "c"])
        #expect(reader.schema.fields.map(\.kind) == [.real, .text, .date, .text])
        #expect(reader.declaredCRS == .identifier("EPSG:4490"))
        #expect(reader.expectedCount == 3)
        let features = try reader.features()
        #expect(features.map(\.id) == [7, 0, 0])
        #expect(features[0].values == [.real(1), .text("道滘"), .text("2018-05-09"), .null])
        #expect(features[1].values == [.real(2.5), .null, .null, .text("{\"k\":[1, 2]}")])
        #expect(features[2].geometry == nil)
        #expect(try reader.next() == nil)
    }

    @Test(arguments: [
        #"{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}"#,
        #"{"type":"Point","coordinates":[1,2]}"#,
        #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2,3]}}]}"#,
    ])
    func wholeDocuments(_ text: String) throws {
        let records = try reader(text).all()
        #expect(records.map { $0.feature?.geometry } == [.point(Coordinate(x: 1, y: 2))])
        #expect(records[0].notices.map(\.key) == (text.contains(",3]") ? ["dimension-dropped"] : []))
    }

    @Test(arguments: ["\n", "\n\u{1E}"])
    func sequencesGoOnAfterABadLine(_ separator: String) throws {
        let good = "{\"type\":\"Feature\",\"properties\":{\"n\":1},\(Self.point)}"
        let lines = [good, "{\"type\":\"Feature\",", good, good.replacing("113.75", with: "\"x\""), good + " x"]
        let text = (separator == "\n" ? "" : "\u{1E}") + lines.joined(separator: separator) + "\n"
        let reader = try reader(text)
        #expect(reader.format == .geoJSONSequence)
        let records = try reader.all()
        #expect(records.map { $0.location.place } == (1...5).map { .line($0) })
        #expect(records.map { $0.rejections.first?.key } == [nil, "json-syntax", nil, "number-expected", "json-syntax"])
        #expect(reader.expectedCount == 5)
    }

    @Test func syntaxErrorComesAfterTheGoodFeatures() throws {
        let good = "{\"type\":\"Feature\",\"properties\":{},\(Self.point)}"
        let reader = try reader("{\"type\":\"FeatureCollection\",\"features\":[\n\(good),\n\(good),\n{\"type\":\"Feature\" \"x\"}]}")
        #expect(try reader.next()?.feature != nil)
        #expect(try reader.next()?.feature != nil)
        let error = #expect(throws: ReaderError.self) { try reader.next() }
        #expect(error?.code == .contentDamaged)
        #expect(error?.message.contains("test.geojson: line 4, column 19") == true, "\(error?.message ?? "")")
        #expect(try reader.next() == nil)
    }

    @Test func faultyFeatureIsRejectedAndTheRestRead() throws {
        let good = "{\"type\":\"Feature\",\"properties\":{},\(Self.point)}"
        let bad = good.replacing("113.75", with: "NaN")
        let records = try reader("{\"type\":\"FeatureCollection\",\"features\":[\(good),\n\(bad),\(good)]}").all()
        #expect(records.map { $0.rejections.first?.key } == [nil, "coordinate-not-finite", nil])
        #expect(records[1].location.place == .feature(2))
        #expect(records[1].rejections[0].reason.en.hasPrefix("At line 2, column "))
        #expect(records[1].rejections[0].reason.zh.hasPrefix("第 2 行第 "))
    }

    @Test func longRecordsAreRefusedAndPassed() throws {
        let good = "{\"type\":\"Feature\",\"properties\":{\"n\":1},\(Self.point)}"
        let long = good.replacing(":1}", with: ":\"\(String(repeating: "x", count: 300_000))\"}")
        var options = ReaderOptions()
        options.limits.recordBytes = 100_000
        let lines = try reader([good, long, good].joined(separator: "\n"), options).all()
        #expect(lines.map { $0.rejections.first?.key } == [nil, "line-too-long", nil])
        let features = try reader("{\"features\":[\([good, long, good].joined(separator: ","))],\"type\":\"FeatureCollection\"}", options).all()
        #expect(features.map { $0.rejections.first?.key } == [nil, "feature-too-long", nil])
    }

    private func reader(_ text: String, _ options: ReaderOptions) throws -> GeoJSONFileReader {
        try reader(text, isSequence: false, options)
    }

    @Test func positionsAreLimited() throws {
        var options = ReaderOptions()
        options.limits.positions = 3
        let line = #"{"type":"LineString","coordinates":[[1,2],[1,2],[1,2],[1,2]]}"#
        #expect(try reader(line, options).all().first?.rejections.first?.key == "too-many-positions")
    }

    @Test func gbkIsNamedAndReadWhenSaidSo() throws {
        let encoder = try TextEncoder(name: "GBK")
        let text = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"name\":\"道滘\"},\(Self.point)}]}"
        let encoded = encoder.encode(text)
        let bytes = try #require(encoded)
        let source = SourceBytes(name: "gbk.geojson", bytes: bytes)
        let wrong = try GeoJSONFileReader(source: source, isSequence: false, options: ReaderOptions()).all()
        #expect(wrong[0].rejections[0].key == "text-not-utf8")
        #expect(wrong[0].rejections[0].suggestion.zh.contains("--encoding GB18030"))
        let right = try GeoJSONFileReader(source: source, isSequence: false, options: ReaderOptions(encoding: "GB18030"))
        #expect(try right.texts("name") == ["道滘"])
    }

    @Test func kindsWidenWithoutLosingDigits() throws {
        let rows = [
            #"{"i":1,"w":9007199254740993,"m":1,"b":true,"u":18446744073709551616,"x":9007199254740993}"#,
            #"{"i":-2,"w":2,"m":"x","b":false,"u":1,"x":0.5}"#,
        ]
        let text = rows.map { "{\"type\":\"Feature\",\"properties\":\($0),\"geometry\":null}" }.joined(separator: "\n")
        let reader = try reader(text)
        #expect(reader.schema.fields.map(\.kind) == [.integer, .integer, .text, .boolean, .text, .text])
        let first = try #require(try reader.next()?.feature)
        #expect(first.values == [.integer(1), .integer(9_007_199_254_740_993), .text("1"), .boolean(true), .text("18446744073709551616"), .text("9007199254740993")])
    }

    @Test func textIdentifiersBecomeAField() throws {
        let reader = try reader(#"{"type":"Feature","id":"A-1","properties":{},"geometry":null}"#)
        #expect(reader.schema.fields.map(\.name) == ["id"])
        #expect(try reader.texts("id") == ["A-1"])
    }

    @Test func damagedTextNeverCrashes() throws {
        let seed: UInt64 = 0x4753
        var random = SeededGenerator(seed: seed)
        let good = Array(
            "{\"type\":\"FeatureCollection\",\"crs\":{\"properties\":{\"name\":\"x\"}},\"features\":[{\"type\":\"Feature\",\"id\":\"q\",\"properties\":{\"a\":-1.5e3,\"b\":\"\\u9053\\n滘\",\"c\":[{}],\"d\":true},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4,5],[6,7],[1,2]]]}},{\"type\":\"Feature\",\"geometry\":null,\"properties\":null}]}"
                .utf8)
        var seen = 0
        for round in 0..<4_000 {
            var bytes = round < good.count ? Array(good[..<round]) : good
            if round >= good.count {
                for _ in 0..<Int.random(in: 1...5, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = Array("{}[]\",:\\0-e\u{0}\u{7F}".utf8).randomElement(using: &random) ?? UInt8.random(in: 0...255, using: &random)
                }
            }
            let source = SourceBytes(name: "fuzz", bytes: bytes)
            do { seen += try GeoJSONFileReader(source: source, isSequence: round % 2 == 0, options: ReaderOptions()).all().count } catch { seen += error is ReaderError ? 1 : 0 }
        }
        #expect(seen > 3_000, "seed \(seed)")
    }
}
