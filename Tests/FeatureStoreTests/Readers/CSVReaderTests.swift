import SimpleFeatures
import TestSupport
import Testing
import Wording

@testable import FeatureStore

struct CSVReaderTests {
    private func reader(_ text: String, _ options: ReaderOptions = ReaderOptions()) throws -> CSVReader {
        try CSVReader(source: SourceBytes(name: "t.csv", bytes: Array(text.utf8)), options: options)
    }

    @Test(arguments: [",", ";", "\t"])
    func quotedCellsAndDelimiters(_ delimiter: String) throws {
        let text = ["名称,经度,纬度,n", "\"a,;\t\"\"b\"\"\nc\",113.75,23.05,7", "d,,,", "e,abc,23,1", "f,1,2,3"].enumerated().map { index, line in
            index == 1 ? "\"a,;\t\"\"b\"\"\nc\"" + [",113.75", ",23.05", ",7"].joined().replacing(",", with: delimiter) : line.replacing(",", with: delimiter)
        }.joined(separator: "\r\n")
        let reader = try reader("\u{FEFF}" + text)
        let records = try reader.all()
        #expect(records.map { $0.location.place } == [.line(2), .line(4), .line(5), .line(6)])
        #expect(records[0].feature?.geometry == .point(Coordinate(x: 113.75, y: 23.05)))
        #expect(records[0].feature?.values == [.text("a,;\t\"b\"\nc"), .text("113.75"), .real(23.05), .integer(7)])
        #expect(records[1].feature?.geometry == nil)
        #expect(records[1].notices.map(\.key) == ["geometry-missing"])
        #expect(records[2].rejections.first == Diagnostic(
            key: "number-expected", field: "经度", value: "abc",
            reason: LocalisedText(zh: "坐标不是数字。", en: "The coordinate is not a number."),
            suggestion: LocalisedText(
                zh: "请写不带单位的十进制数；没有位置时两个坐标都留空。",
                en: "Write decimal numbers without units; leave both coordinates empty where there is no place.")))
        #expect(reader.expectedCount == 4)
    }

    @Test func digitsAreNeverLost() throws {
        let reader = try reader("id,area,n,real,date,plus\n441900003001000012345,0769,12,1.5,2018-05-09,+86\n1,10,-3,2,2018-05-10,1\n")
        #expect(reader.schema.fields.map(\.kind) == [.text, .text, .integer, .real, .date, .text])
        #expect(try reader.features()[0].values == [.text("441900003001000012345"), .text("0769"), .integer(12), .real(1.5), .text("2018-05-09"), .text("+86")])
    }

    @Test func wellKnownTextIsTheGeometry() throws {
        let reader = try reader("name,WKT\na,\"POLYGON((0 0,1 0,1 1,0 0))\"\nb,nonsense\n")
        #expect(reader.schema.fields.map(\.name) == ["name"])
        let records = try reader.all()
        #expect(records[0].feature?.geometry?.kind == .polygon)
        #expect(records[1].rejections.first?.key == "wkt-syntax")
    }

    @Test func gb18030IsRecognised() throws {
        let encoder = try TextEncoder(name: "GB18030")
        let encoded = encoder.encode("name,x,y\n道滘,1,2\n高埗㙟,3,4\n")
        let bytes = try #require(encoded)
        let reader = try CSVReader(source: SourceBytes(name: "t.csv", bytes: bytes), options: ReaderOptions())
        #expect(reader.encoding == "GB18030")
        #expect(try reader.texts("name") == ["道滘", "高埗㙟"])
    }

    @Test func namedColumnsMustBeThere() throws {
        let error = #expect(throws: ReaderError.self) { try reader("a,b\n1,2\n", ReaderOptions(xField: "东", yField: "北")) }
        #expect(error?.code == .optionInvalid)
        let named = try reader("a,b\n1,2\n", ReaderOptions(xField: "b", yField: "a"))
        #expect(try named.features()[0].geometry == .point(Coordinate(x: 2, y: 1)))
    }

    @Test func brokenRowsAreRejectedAndPassed() throws {
        let records = try reader("a,b\n\"x,1\ny,2\n1,2,3\nz\n").all()
        #expect(records.map { $0.rejections.first?.key } == ["quote-unclosed", nil, "columns-surplus", nil])
        #expect(records[3].notices.map(\.key) == ["columns-missing"])
    }

    @Test func damagedTextNeverCrashes() throws {
        let seed: UInt64 = 0x435356
        var random = SeededGenerator(seed: seed)
        let good = Array("name,x,y\n\"a\"\"b\n\",1.5,2\n道,3,4\n".utf8)
        for _ in 0..<2_000 {
            var bytes = Array(good[..<Int.random(in: 0...good.count, using: &random)])
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do { _ = try CSVReader(source: SourceBytes(name: "fuzz", bytes: bytes), options: ReaderOptions()).all() } catch {
                #expect(error is ReaderError, "seed \(seed)")
            }
        }
    }
}
