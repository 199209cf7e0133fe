import Foundation
import Reprojection
import SimpleFeatures
import TestSupport
import Testing

@testable import FeatureStore

@Suite struct CSVTextTests {
    private static func text(_ values: [PropertyValue], kinds: [FieldKind], keepsDigits: Bool = false) throws -> String {
        let schema = FeatureSchema(fields: kinds.enumerated().map { Field(name: "f\($0.offset)", kind: $0.element) })
        var table = try CSVText(ExportTests.layer(.none, .cgcs2000, schema: schema), keepsDigits: keepsDigits)
        var lost = 0
        return String(decoding: table.bytes(of: [Feature(id: 1, geometry: nil, values: values)], unencodable: &lost), as: UTF8.self)
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+86 769 2222", "'+86 769 2222"), ("-cmd|'/C calc'!A0", "'-cmd|'/C calc'!A0"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"), ("-12.5", "-12.5"), ("桂乐街", "桂乐街"), ("", ""), ("a=1", "a=1"), ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
    ])
    func noTextIsAFormula(_ given: String, _ wanted: String) throws {
        #expect(try Self.text([.text(given)], kinds: [.text]) == wanted + "\r\n")
    }

    @Test(arguments: [
        ("441900198001011234", "\"=\"\"441900198001011234\"\"\""), ("007", "\"=\"\"007\"\"\""), ("0", "0"), ("12345678901", "12345678901"),
        ("123456789012", "\"=\"\"123456789012\"\"\""), ("44190019800101123X", "44190019800101123X"),
    ])
    func digitsStayTextForSpreadsheets(_ given: String, _ wanted: String) throws {
        #expect(try Self.text([.text(given)], kinds: [.text], keepsDigits: true) == wanted + "\r\n")
        #expect(try Self.text([.text(given)], kinds: [.text]) == given + "\r\n")
    }

    @Test func longIntegersTooAndNothingElseChanges() throws {
        let values: [PropertyValue] = [.integer(999_999_999_999_999), .integer(1_000_000_000_000_000), .integer(-5), .real(-0.5), .null]
        let kinds: [FieldKind] = [.integer, .integer, .integer, .real, .text]
        #expect(try Self.text(values, kinds: kinds, keepsDigits: true) == "999999999999999,\"=\"\"1000000000000000\"\"\",-5,-0.5,\r\n")
    }

    @Test(arguments: [ExportEncoding.utf8, .gb18030]) func itIsReadBackAsItWas(_ encoding: ExportEncoding) throws {
        let features = try ExportTests.features(30, kind: .point, crs: .gk114, seed: 5)
        let (path, tally) = try ExportTests.write(features, ExportTests.layer(.only(.point), .gk114), .csv, encoding: encoding)
        #expect(tally.unencodable == 0)
        // Every character of GB18030, rare ones of four bytes included, is told without being told the encoding.
        let reader = try #require(try FeatureFile.open(path: path).first)
        var count = 0
        while let record = try reader.next() {
            let feature = features[count]
            let found = try #require(record.feature, "\(record.rejections)")
            for (index, name) in ["名称", "code"].enumerated() {
                #expect(reader.schema.index(of: name).map { found.values[$0] } == feature.values[index])
            }
            guard case .point(let a)? = found.geometry, case .point(let b)? = feature.geometry else {
                Issue.record("record \(count + 1) has no point")
                break
            }
            #expect(abs(a.x - b.x) < 0.001 && abs(a.y - b.y) < 0.001)
            count += 1
        }
        #expect(count == 30)
    }

    @Test func columnsOfThePlaceGiveWayToFieldsOfTheSameName() throws {
        let schema = FeatureSchema(fields: [Field(name: "经度", kind: .real)])
        var table = try CSVText(ExportTests.layer(.only(.point), .cgcs2000, schema: schema))
        #expect(String(decoding: table.opening().dropFirst(3), as: UTF8.self) == "经度,经度_,纬度\r\n")
    }
}
