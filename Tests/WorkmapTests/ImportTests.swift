import FeatureStore
import Foundation
import Reprojection
import SimpleFeatures
import Testing

extension WholeProgram {
    struct ImportTests {
        let data: DataDirectory

        init() throws { data = try DataDirectory() }

        private static let degrees = [(113.75, 23.0), (113.8, 22.9), (113.7, 22.95)]

        private static func positions(_ crs: String) throws -> [(Double, Double)] {
            let operation = try CoordinateOperation(from: .cgcs2000, to: CRS(crs), policy: DatumPolicy())
            return try degrees.map {
                let moved = operation.transform(Coordinate(x: $0.0, y: $0.1))
                let place = try #require(moved)
                return (place.x, place.y)
            }
        }

        /// What is wrong with a table, how it was declared, and what the message must say.
        struct Mistake: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var truth: String
            var declared: String
            var isSwapped = false
            var remedy: String
        }

        @Test(arguments: [
            Mistake(testDescription: "swapped degrees", truth: "EPSG:4490", declared: "EPSG:4490", isSwapped: true, remedy: "swap the columns"),
            Mistake(testDescription: "swapped metres", truth: "EPSG:4547", declared: "EPSG:4547", isSwapped: true, remedy: "swap the columns"),
            Mistake(testDescription: "zone prefix missing", truth: "EPSG:4547", declared: "EPSG:4526", remedy: "--crs EPSG:4547"),
            Mistake(testDescription: "zone prefix extra", truth: "EPSG:4526", declared: "EPSG:4547", remedy: "--crs EPSG:4526"),
            Mistake(testDescription: "metres called degrees", truth: "EPSG:4547", declared: "EPSG:4490", remedy: "--crs EPSG:4547"),
            Mistake(testDescription: "degrees called metres", truth: "EPSG:4490", declared: "EPSG:4547", remedy: "--crs EPSG:4490"),
        ])
        func aWrongCRSIsNamedWithItsRemedy(mistake: Mistake) async throws {
            let rows = try Self.positions(mistake.truth).map { mistake.isSwapped ? ($0.1, $0.0) : $0 }
            let file = try data.write("table.csv", Sample.table(rows))
            let refused = try data.importing(file, "places", ["--crs", mistake.declared])
            #expect(refused.status == 1 && refused.errors.contains("坐标与所声明的坐标系不符"), "\(refused.text)")
            for part in ["table.csv", mistake.declared, mistake.remedy, "seen"] { #expect(refused.errors.contains(part), "\(part): \(refused.errors)") }
            #expect(try await data.record("places") == nil)
            let options = mistake.isSwapped ? ["--x-field", "y", "--y-field", "x"] : []
            let right = try data.importing(file, "places", ["--crs", mistake.truth] + options)
            #expect(right.status == 0 && right.output.contains("stored 3"), "\(right.text)")
        }

        @Test func theReportAccountsForEveryRecord() throws {
            let lines = [
                #"{"type":"Feature","id":1,"properties":{"a":1,"n":"甲"},"geometry":{"type":"Polygon","coordinates":[[[113.7,23],[113.71,23],[113.71,23.01],[113.7,23]]]}}"#,
                #"{"type":"Feature","id":2,"properties":{"a":2,"n":"乙"},"geometry":{"type":"Polygon","coordinates":[[[113.7,23],[113.71,23],[113.71,23.01]]]}}"#,
                #"{"type":"Feature","id":3,"properties":{"a":3,"n":"丙"},"geometry":{"type":"Polygon","coordinates":[[[113.7,23],[113.71,23.01],[113.71,23],[113.7,23.01],[113.7,23]]]}}"#,
                #"{"type":"Feature","id":4,"properties":{"a":4},"geometry":{"type":"Point","coordinates":["x",23]}}"#,
                #"{"type":"Feature","id":5,"properties":{"a":5},"geometry":{"type":"Blob","coordinates":[113.7,23]}}"#,
                #"not json"#,
                #"{"type":"Feature","id":7,"properties":{"a":7},"geometry":null}"#,
            ]
            let file = try data.write("mixed.ndjson", lines.joined(separator: "\n"))
            let path = data.path + ".report.json"
            let outcome = try data.importing(file, "mixed", ["--report", path])
            #expect(outcome.status == 0, "\(outcome.text)")
            let report = try JSONDecoder().decode(ImportReport.self, from: Data(contentsOf: URL(filePath: path)))
            try FileManager.default.removeItem(atPath: path)
            #expect(report.recordsIn == 7 && report.featuresStored == 4 && report.recordsRejected == 3)
            #expect(report.featuresWithoutGeometry == 1 && report.sources.map(\.recordsIn) == [7])
            #expect(Dictionary(uniqueKeysWithValues: report.repairs.map { ($0.key, $0.count) }) == ["ring-closed": 1, "self-intersection": 1])
            let places = report.rejections.flatMap(\.examples).map(\.place).sorted()
            #expect(places == ["line 4", "line 5", "line 6"])
            for example in report.rejections.flatMap(\.examples) {
                #expect(example.source.hasSuffix("mixed.ndjson") && !example.reason.isEmpty && !example.suggestion.isEmpty)
            }
            #expect(report.rejections.reduce(0) { $0 + $1.count } == 3)
            for part in ["records in 7 = 入库 stored 4 + 拒绝 rejected 3", "ring-closed  1", "line 6"] { #expect(outcome.output.contains(part), "\(part)") }
        }

        @Test func anUnknownLayerBecomesAnOverlayWithItsOwnFields() async throws {
            let text = "名称,容量,电话,lon,lat\n甲停放点,20,07690000,113.75,23.0\n乙停放点,30,07690001,113.76,23.01\n"
            let file = try data.write("bikes.csv", text)
            let outcome = try data.importing(file, "bikeparking", ["--title", "共享单车停放点", "--sensitive", "电话"])
            #expect(outcome.status == 0, "\(outcome.text)")
            let record = try #require(try await data.record("bikeparking"))
            #expect(record.title == "共享单车停放点" && record.featureCount == 2)
            #expect(record.schema.fields.filter(\.isSensitive).map(\.name) == ["电话"])
            let shown = try data.run("tile", ["standard", "14/13368/7115", "--format", "mvt", "--explain"])
            #expect(shown.status == 0 && shown.output.contains("bikeparking"), "\(shown.text)")
            let prepared = try data.prepared("bikeparking")
            #expect(prepared.fields.contains("名称") && !prepared.fields.contains("电话"))
        }

        @Test func importingAgainReplacesTheLayer() async throws {
            let first = try data.importing(try data.write("a.ndjson", Sample.points(500, seed: 1, name: "甲")), "places")
            let second = try data.importing(try data.write("b.ndjson", Sample.points(300, seed: 2, name: "乙")), "places")
            #expect(first.status == 0 && second.status == 0, "\(first.text)\(second.text)")
            let record = try #require(try await data.record("places"))
            #expect(record.featureCount == 300 && record.version == 2)
            _ = try data.tile()
            #expect(try data.prepared("places").count == 300, "the former version's prepared file stayed")
        }

        @Test func theSecondOfTwoImportsAtOnceIsRefused() async throws {
            let large = try data.write("large.ndjson", Sample.points(60_000, seed: 3, name: "大"))
            let small = try data.write("small.ndjson", Sample.points(10, seed: 4, name: "小"))
            let standing = try data.importing(small, "small")
            #expect(standing.status == 0, "\(standing.text)")
            let running = try Program.Running(["import", large, "--layer", "large", "--data", data.path])
            for _ in 0..<3_000 where try !data.isBeingWritten() { try await Task.sleep(for: .milliseconds(2)) }
            // However slow the second one starts, the first is still at it.
            running.send(SIGSTOP)
            let refused = try data.importing(small, "small")
            running.send(SIGCONT)
            let finished = try running.finish()
            #expect(finished.status == 0, "\(finished.text)")
            #expect(refused.status == 1 && refused.errors.contains("另一写入正在进行"), "\(refused.text)")
            #expect(try await data.record("large")?.featureCount == 60_000)
            #expect(try await data.record("small")?.featureCount == 10)
            let later = try data.importing(small, "small")
            #expect(later.status == 0, "\(later.text)")
        }
    }
}
