import SimpleFeatures
import Testing
import Topology
import Wording

@testable import FeatureStore

/// Whoever reads an import report finds what is wrong and what to do in both languages.
@Suite struct DiagnosticWordingTests {
    private static func hasHan(_ text: String) -> Bool { text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }

    /// Chinese in the one half, none in the other, and something in both.
    private static func isBilingual(_ text: LocalisedText) -> Bool {
        hasHan(text.zh) && !hasHan(text.en) && text.en.contains { $0.isLetter }
    }

    private static func check(_ diagnostic: Diagnostic, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(isBilingual(diagnostic.reason), "\(diagnostic.key): \(diagnostic.reason)", sourceLocation: sourceLocation)
        #expect(isBilingual(diagnostic.suggestion), "\(diagnostic.key): \(diagnostic.suggestion)", sourceLocation: sourceLocation)
        #expect(DiagnosticTitle.chinese(diagnostic.key) != nil, "\(diagnostic.key) has no title", sourceLocation: sourceLocation)
    }

    private typealias SourceLocation = Testing.SourceLocation

    @Test(arguments: [
        ("line-too-long", "name,lon,lat\n\(String(repeating: "x", count: 70_000)),1,2\n"), ("quote-unclosed", "name,lon,lat\n\"a\"b,1,2\n"),
        ("columns-surplus", "name,lon,lat\na,1,2,3\n"), ("columns-missing", "name,lon,lat\na\n"), ("geometry-missing", "name,lon,lat\na,,\n"),
        ("number-expected", "name,lon,lat\na,east,2\n"), ("coordinate-not-finite", "name,lon,lat\na,nan,2\n"), ("wkt-syntax", "name,wkt\na,POINT(1\n"),
    ]) func faultsOfTables(key: String, text: String) throws {
        var options = ReaderOptions()
        options.limits.recordBytes = 65_536
        let reader = try CSVReader(source: SourceBytes(name: "t.csv", bytes: Array(text.utf8)), options: options)
        let found = try reader.all().flatMap { $0.rejections + $0.notices }
        #expect(found.map(\.key).contains(key), "\(found.map(\.key))")
        for diagnostic in found { Self.check(diagnostic) }
    }

    private static let point = #""geometry":{"type":"Point","coordinates":[113.75,23.05]}"#

    @Test(arguments: [
        ("json-syntax", "not json"), ("geometry-type-unknown", #"{"type":"Dot","coordinates":[1,2]}"#),
        ("geometry-member-missing", #"{"type":"Point"}"#), ("number-expected", #"{"type":"Point","coordinates":["a",2]}"#),
        ("coordinate-not-finite", #"{"type":"Point","coordinates":[1e999,2]}"#), ("position-too-short", #"{"type":"Point","coordinates":[1]}"#),
        ("too-many-positions", #"{"type":"LineString","coordinates":[[1,2],[1,2],[1,2],[1,2]]}"#),
        ("line-too-long", #"{"type":"Feature","properties":{"n":"\#(String(repeating: "x", count: 3000))"},\#(point)}"#),
        ("dimension-dropped", #"{"type":"Point","coordinates":[1,2,3]}"#), ("geometry-missing", #"{"type":"Feature","properties":{"n":"b"}}"#),
        ("number-not-finite", #"{"type":"Feature","properties":{"n":NaN},\#(point)}"#),
        ("text-escape-replaced", #"{"type":"Feature","properties":{"n":"\ud800"},\#(point)}"#),
    ]) func faultsOfGeoJSON(key: String, line: String) throws {
        var options = ReaderOptions()
        options.limits.positions = 3
        options.limits.recordBytes = 2000
        let lines = #"{"type":"Feature","properties":{"n":"a"},\#(Self.point)}"# + "\n" + line + "\n"
        let source = SourceBytes(name: "t.ndjson", bytes: Array(lines.utf8))
        let found = try GeoJSONFileReader(source: source, isSequence: true, options: options).all().flatMap { $0.rejections + $0.notices }
        #expect(found.map(\.key).contains(key), "\(found.map(\.key))")
        for diagnostic in found { Self.check(diagnostic) }
    }

    @Test func everyFaultOfGeoJSONAndEveryRepairHasATitle() {
        let keys = GeoJSONError.Code.allCases.map(\.rawValue) + RepairKind.allCases.map(\.rawValue)
        for key in keys { #expect(DiagnosticTitle.chinese(key).map(Self.hasHan) == true, "\(key)") }
    }

    @Test(arguments: [0, 31, 1, 3, 5, 8]) func faultsOfShapes(type: UInt32) throws {
        // A record of six bytes: the shape type, the lowest byte first, and two more.
        var bytes: [UInt8] = [UInt8(type), 0, 0, 0, 0, 0]
        var parser = ShapeParser(positionLimit: 10)
        if type == 0 { bytes.removeAll() }
        let fault = #expect(throws: ShapeFault.self) { try parser.geometry(bytes.span, 0..<bytes.count) }
        let reason = try #require(fault?.reason)
        #expect(Self.isBilingual(reason), "\(reason)")
    }

    @Test func theReportSaysBothChineseFirst() throws {
        var tally = DiagnosticTally(examplesPerKey: 3, sensitiveFields: [])
        let diagnostic = Diagnostic(
            key: "number-expected", field: "层数", value: "三", reason: .init(zh: "坐标不是数字。", en: "The coordinate is not a number."),
            suggestion: .init(zh: "请改正。", en: "Mend it."))
        tally.add(diagnostic, source: "a.csv", at: FeatureStore.SourceLocation(.line(3)))
        var report = ImportReport(layer: "house")
        report.rejections = tally.sorted
        #expect(report.text.contains("a.csv, line 3，字段 field 层数，值 value \"三\"：坐标不是数字。 / The coordinate is not a number."))
        #expect(report.text.contains("处理 remedy: 请改正。 / Mend it."))
        #expect(try report.json().contains(#""reason" : "坐标不是数字。 / The coordinate is not a number.""#))
    }
}
